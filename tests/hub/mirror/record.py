"""The other side: what the owner of a record, other clients and the registry's operator do to it."""

from typing import Any

import orjson
import sqlalchemy as sa

from hub.engine import work
from hub.web.town import Town
from laelia.codec import json
from laelia.hub import assertions, mirror, people, tables
from laelia.hub.mirror import Feed
from laelia.lib.clock import DAY, MINUTE
from laelia.model.affiliation import Employment
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.model.sections import BY_ENTITY, BY_NAME
from laelia.registry.access import person
from laelia.registry.account.closing import merging
from laelia.registry.operators import audit, records
from laelia.registry.record import items
from registry.place import Person

OPERATOR = audit.By(actor="command:test", reason="test")


def employment(name: str, role: str | None = None) -> Employment:
    organisation = {"name": name, "address": {"city": "Garden", "country": "SE"}}
    body: dict[str, Any] = {"organization": organisation, "role-title": role}
    return json.decode(Employment, orjson.dumps(body), V3_0, strict=False)


class Side:
    """`town.ada` is who it is about, if nobody is named."""

    def __init__(self, town: Town) -> None:
        self.town = town

    @property
    def _db(self) -> Any:
        return self.town.place.service.db

    # ---- what happens at the registry

    def adds(self, item: Item, who: Person | None = None) -> int:
        """She adds something by hand."""
        who = who or self.town.ada
        section = BY_ENTITY[type(item)]
        with self._db.writing() as tx:
            by = person(who.orcid)
            stored = items.add(tx, self.town.clock.now(), by, who.orcid, section, item)
        return int(stored)

    def deletes(self, section: str, put_code: int, who: Person | None = None) -> None:
        orcid = (who or self.town.ada).orcid
        with self._db.writing() as tx:
            items.remove(tx, self.town.clock.now(), person(orcid), orcid, BY_NAME[section], put_code)

    def limits(self, section: str, put_code: int, visibility: str = "limited") -> None:
        orcid = self.town.ada.orcid
        with self._db.writing() as tx:
            items.set_visibility(
                tx, self.town.clock.now(), person(orcid), orcid, BY_NAME[section], put_code, visibility
            )

    def merges(self, primary: Person, duplicate: Person) -> None:
        with self._db.writing() as tx:
            merging.merge(tx, self.town.clock.now(), primary.orcid, duplicate.orcid)

    def locks(self, who: Person) -> None:
        with self._db.writing() as tx:
            records.lock(tx, self.town.clock.now(), OPERATOR, who.orcid, "test")

    def unlocks(self, who: Person) -> None:
        with self._db.writing() as tx:
            records.unlock(tx, self.town.clock.now(), OPERATOR, who.orcid)

    def calls(self) -> None:
        """The registry makes its calls, and the hub does what follows from them."""
        self.town.place.service.work()
        self.town.clock.advance(MINUTE)
        self.town.work()

    def a_day_goes_by(self) -> None:
        for _ in range(50):
            self.town.clock.advance(DAY // 48)
            self.town.work()

    def looks(self) -> None:
        """Her record is read now, whoever asked for it."""
        with self.town.hub.db.writing() as tx:
            people.wake_look(tx, self.town.clock.now(), self.town.datacite, self.town.ada.orcid)
        self.town.work()

    # ---- at the hub

    def wants(self, number: int, title: str = "A title", who: Person | None = None) -> None:
        town, doi = self.town, f"10.5072/n{number}"
        orcid = (who or town.ada).orcid
        entry = assertions.Entry(town.datacite, orcid, "works", f"doi:{doi}", "form", "form")
        with town.hub.db.writing() as tx:
            assertions.file(tx, town.clock.now(), entry, work(doi, title))
            assertions.wake(tx, town.clock.now(), town.datacite, orcid)

    def feed(self, who: Person | None = None, **asked: Any) -> Feed:
        with self.town.hub.db.reading() as tx:
            if not asked:
                asked = {"orcid": (who or self.town.ada).orcid}
            return mirror.feed(tx, self.town.datacite, **asked)

    def titles(self, who: Person | None = None) -> list[str]:
        return sorted(item["title"] for item in self.feed(who).items)

    def states(self, who: Person | None = None) -> dict[str, tuple[str, str | None]]:
        with self.town.hub.db.reading() as tx:
            rows = assertions.rows(tx, self.town.datacite, (who or self.town.ada).orcid)
        return {row.key: (row.state, row.reason) for row in rows}

    def standing(self, who: Person | None = None) -> str:
        """How her permission stands at the hub."""
        found = self.town.permission(who or self.town.ada)
        assert found is not None
        return found.state

    def person(self, who: Person | None = None) -> Any:
        c = tables.person.c
        same = (c.environment_id == self.town.datacite, c.orcid == (who or self.town.ada).orcid)
        with self.town.hub.db.reading() as tx:
            return tx.execute(sa.select(tables.person).where(*same)).first()

    def reads(self) -> int:
        """How often this client read a record at the registry so far."""
        self.town.place.service.calls.flush()
        client = self.town.client(self.town.datacite).id
        return sum(
            row.client_id == client and row.method == "GET" for row in self.town.place.rows("call_log")
        )

    def jobs(self, kind: str) -> list[Any]:
        return [row for row in self.town.rows("job") if row.kind == kind]
