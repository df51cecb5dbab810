"""The way through registering: which steps there are, what was said so far, and which one comes next.

What somebody has said is kept in her session, for two hours after the last step, under the place she goes on
to: whoever begins anew on the way to another place does not find it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from laelia.lib.clock import HOUR
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account import onward
from laelia.registry.web.onwards import asking, target

KEPT = 2 * HOUR
_KEY = "registration"

# In this order; each is done when what it asks for has been said. The second one is for few.
STEPS = ("", "same-name", "password", "employment", "visibility", "terms")
_SAYS = {"": "given", "same-name": "alike", "password": "password", "employment": "employment",
         "visibility": "visibility"}  # fmt: skip


@dataclass
class Way:
    """One person's way: what she has said so far."""

    call: Call
    target: str | None
    said: dict[str, Any]

    def says(self, step: str) -> bool:
        return _SAYS.get(step, "") in self.said

    def keep(self, tx: Connection, **said: Any) -> None:
        """Remember what a step said."""
        session = self.call.session
        assert session is not None, "a page route reads cookies"
        self.said = {**self.said, **said, "next": self.target, "at": self.call.now}
        session.data = {**session.data, _KEY: self.said}
        session.save(tx, self.call.now)

    def forget(self) -> None:
        """The way has ended; whoever stores the session next stores it without."""
        session = self.call.session
        assert session is not None, "a page route reads cookies"
        session.data = {name: value for name, value in session.data.items() if name != _KEY}

    def address(self, step: str) -> str:
        return onward.carry(f"/register/{step}" if step else "/register", self.target)

    def next(self) -> Reply:
        """On to the first step that is not done."""
        return redirect(self.address(next(step for step in STEPS if not self.says(step))))

    def missing(self, step: str) -> Reply | None:
        """Where to go first when an earlier step is not done, as when an old address is opened."""
        before = STEPS[: STEPS.index(step)]
        return None if all(self.says(one) for one in before) else self.next()

    def page(self, template: str, step: str, status: int = 200, **context: Any) -> Reply:
        """A step's page, with what all of them show."""
        shown = [one for one in STEPS if one != "same-name"]
        number = shown.index(step if step != "same-name" else "") + 1
        earlier = STEPS[: STEPS.index(step)]
        back = next((one for one in reversed(earlier) if one != "same-name"), None)
        return page(
            self.call,
            template,
            status=status,
            client=asking(self.call, self.target),
            here=self.address(step),
            target=self.target,
            back=None if back is None else self.address(back),
            progress=_("Step %(n)s of %(of)s", n=number, of=len(shown)),
            signin_url=onward.carry("/signin", self.target),
            said=self.said,
            **context,
        )


def way(call: Call) -> Way:
    """Where somebody stands, from her session."""
    goes_to = target(call)
    said = call.session.data.get(_KEY) if call.session is not None else None
    fresh = said is not None and call.now - said["at"] < KEPT and said["next"] == goes_to
    return Way(call, goes_to, dict(said) if said is not None and fresh else {})
