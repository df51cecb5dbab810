"""A library with units and people in every state, between the real registry and its neighbours."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from typer.testing import CliRunner, Result

from hub.people.test_inviting import her_letter, link_in, permit
from hub.reports.test_tally import want
from hub.staff.desk import BY, joined
from hub.web.town import Town
from laelia.hub import assertions, organisations, tables
from laelia.hub.commands import commands, common
from laelia.hub.organisations import units
from laelia.hub.people import inviting
from laelia.lib.browser import Browser
from laelia.model.common import ExternalId
from laelia.model.work import Work, WorkTitle

EVIL = "=cmd|' /C calc'!A0"


@dataclass
class Office:
    town: Town
    units: dict[str, int]

    def staff(self, role: str = "viewer") -> Browser:
        return joined(self.town, f"{role}@library.example", role)

    def letter(self, email: str) -> str:
        return link_in(her_letter(self.town, email))

    def invited(self, email: str, unit: str | None, **said: Any) -> None:
        town = self.town
        with town.hub.db.writing() as tx:
            place = organisations.environment(tx, town.library, town.hub.keys)
            unit_id = self.units[unit] if unit else None
            made = inviting.add(tx, town.clock.now(), BY, town.library, email=email, unit_id=unit_id, **said)
            who = inviting.person(tx, town.library, made)
            assert who is not None
            inviting.invite(tx, town.clock.now(), BY, place, who, town.hub.settings.public_url)

    def refused(self) -> None:
        """Something that the registry does not take."""
        town = self.town
        entry = assertions.Entry(town.library, town.ada.orcid, "works", "doi:x", "datacite", "auto-update")
        ids = [ExternalId(type="no-such-type", value="1", relationship="self")]
        with town.hub.db.writing() as tx:
            item = Work(title=WorkTitle(title="T"), type="data-set", external_ids=ids)
            assertions.file(tx, town.clock.now(), entry, item)
            assertions.wake(tx, town.clock.now(), town.library, town.ada.orcid)
        town.work()

    def command(self, monkeypatch: Any) -> Callable[..., Result]:
        """Commands on this very hub."""
        monkeypatch.setattr(common, "opened", lambda: nullcontext(self.town.hub))
        runner = CliRunner()
        return lambda *words, stdin="": runner.invoke(commands, list(words), input=stdin)

    def gave_up(self, error: str) -> None:
        town, now = self.town, self.town.clock.now()
        values = {
            "kind": "push",
            "key": "x",
            "payload": {"orcid": town.ada.orcid},
            "created": now,
            "due": now,
        }
        values |= {
            "wanted": 1,
            "attempts": 10,
            "failures": 10,
            "leased_until": 0,
            "error": error,
            "dead": now,
        }
        with town.hub.db.writing() as tx:
            tx.execute(sa.insert(tables.job).values(environment_id=town.library, **values))


def office_of(town: Town) -> Office:
    """Science with Physics below it, and Arts. Ada of Physics connected and has two works on her record, Bo
    of Arts said no, Cy of no unit was asked."""
    with town.hub.db.writing() as tx:
        made: dict[str, int] = {}
        for code, name, above in (("SCI", "Science", None), ("PHY", "Physics", "SCI"), ("ART", "Arts", None)):
            parent = made[above] if above else None
            made[code] = units.put(
                tx, town.clock.now(), BY, town.library, code=code, name=name, parent_id=parent
            )
    office = Office(town, made)
    office.invited("ada@library.example", "PHY", local_id="007", given_names="Ada", family_names=EVIL)
    office.invited("bo@library.example", "ART", local_id="0042")
    office.invited("cy@library.example", None)
    permit(town.browser(town.ada).open(office.letter("ada@library.example")).form("answer").submit("connect"))
    town.browser().open(office.letter("bo@library.example")).form("answer").submit("no")
    for suffix in ("a", "b"):
        want(town, town.library, town.ada.orcid, f"10.5072/{suffix}")
    return office
