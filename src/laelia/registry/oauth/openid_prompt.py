"""How a person is met who comes with an authorisation request (OpenID Connect Core §3.1.2.1): whether she has
to sign in anew, whether she is asked, and whether any page may be shown at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from laelia.lib.clock import HOUR
from laelia.registry.account.onward import SINCE

FORM = HOUR
"""How long somebody who signed in anew may take over the form."""
_SINCE = re.compile(rf"(^|&){SINCE}=[^&]*")


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """`since` is when she was sent to sign in anew, in milliseconds; None before that."""

    prompts: frozenset[str] = frozenset()
    max_age: int | None = None
    since: int | None = None

    @property
    def silent(self) -> bool:
        """No page may be shown."""
        return "none" in self.prompts

    @property
    def asks_anyway(self) -> bool:
        """The form is shown even where the permission stands. `confirm` is ORCID's word for `consent`;
        whoever wants an account to be selected gets the form as well, which says who is signed in."""
        return not self.prompts.isdisjoint({"consent", "confirm", "select_account"})

    @property
    def minds_age(self) -> bool:
        return "login" in self.prompts or self.max_age is not None

    def too_old(self, now: int, arrived: int | None) -> bool:
        """Whether she has to sign in anew: on `login`, and `max_age` 0, which means the same, unless she has
        done so since the request came; on any other `max_age` by the clock alone."""
        if not self.minds_age:
            return False
        if arrived is None:
            return True
        anew = self.since is not None and arrived >= self.since and now - arrived < FORM
        if not anew and ("login" in self.prompts or self.max_age == 0):
            return True
        return bool(self.max_age) and now - arrived > (self.max_age or 0) * 1000


def read(query: Mapping[str, list[str]]) -> Meeting:
    """What a request says of it; raises ValueError with a sentence. Unknown prompts are nothing to us."""
    prompts = frozenset(_first(query, "prompt").split())
    if "none" in prompts and len(prompts) > 1:
        raise ValueError("prompt=none stands alone.")
    age, since = _first(query, "max_age"), _first(query, SINCE)
    if age and not (age.isascii() and age.isdigit() and len(age) <= 12):
        raise ValueError("max_age is a number of seconds.")
    known = since.isascii() and since.isdigit() and len(since) <= 15
    return Meeting(prompts=prompts, max_age=int(age) if age else None, since=int(since) if known else None)


def marked(query_string: str, now: int) -> str:
    """The query of a request with the moment at which she was sent to sign in anew."""
    return f"{_SINCE.sub('', query_string)}&{SINCE}={now}"


def _first(query: Mapping[str, list[str]], name: str) -> str:
    return next(iter(query.get(name, [])), "")
