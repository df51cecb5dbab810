"""The desk of a librarian: her hub between a real registry and its people, with what she hands in and
gets."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hub.web.town import Town
from laelia.client.orcid import Registry, at
from laelia.hub import organisations, tables, uploads
from laelia.hub.plan import Action
from laelia.hub.push import plan_for
from laelia.model.sections import BY_NAME
from laelia.registry.registers import organisations as register
from registry.place import Person

SCOPES = "/read-limited /activities/update /person/update"
UNIVERSITY, ACADEMY = "https://ror.org/01abcde99", "https://ror.org/03yrm5c26"
KNOWN = tuple(
    register.Organisation(name=name, ids=(("ROR", ror),), city=city, country=country)
    for name, ror, city, country in (
        ("Example University", UNIVERSITY, "Dunedin", "NZ"),
        ("Example Academy", ACADEMY, "Wellington", "NZ"),
        ("Trinity College", "https://ror.org/02tyrky19", "Dublin", "IE"),
        ("Trinity College", "https://ror.org/00rzspn62", "Hartford", "US"),
    )
)


def desk_of(town: Town, scopes: str = SCOPES) -> "Desk":
    """Ada has connected and is known by her e-mail address."""
    registry, hub = town.place.service, town.hub
    with registry.db.writing() as tx:
        for one in KNOWN:
            register.put(tx, town.clock.now(), one)
    with hub.db.writing() as tx:
        mine = tables.environment.c.id == town.library
        tx.execute(sa.update(tables.environment).where(mine).values(scopes=scopes))
        ours = tables.organisation.c.slug == "library"
        tx.execute(
            sa.update(tables.organisation).where(ours).values(ror=UNIVERSITY, name="Example University")
        )
    town.connected(town.ada, handle="library")
    desk = Desk(town)
    with hub.db.writing() as tx:
        hers = tables.person.c.orcid == town.ada.orcid
        tx.execute(sa.update(tables.person).where(hers).values(email="Ada@uni.example", local_id="p1"))
    return desk


@dataclass
class Desk:
    town: Town

    @property
    def hub(self) -> Any:
        return self.town.hub

    @property
    def place(self) -> int:
        return self.town.library

    def work(self) -> None:
        self.town.work()

    def upload(
        self, name: str, data: str | bytes, kind: str | None = None, *, file: bool = True
    ) -> uploads.Upload:
        raw = data.encode() if isinstance(data, str) else data
        number = uploads.store(self.hub, self.place, name, raw, kind=kind)
        assert uploads.check(self.hub, self.place, number)
        if file:
            with self.hub.db.writing() as tx:
                uploads.confirm(tx, self.hub.clock.now(), self.place, number)
            assert uploads.file(self.hub, self.place, number)
        return self.get(number)

    def get(self, number: int) -> uploads.Upload:
        with self.hub.db.reading() as tx:
            found = uploads.upload(tx, self.place, number)
        assert found is not None
        return found

    def said(self, number: int) -> list[list[str]]:
        """What is said of each row: column and sentence."""
        with self.hub.db.reading() as tx:
            return [[str(said) for said in line.said] for line in uploads.lines(tx, self.get(number))]

    def results(self, number: int) -> list[dict[str, str]]:
        with self.hub.db.reading() as tx:
            return _rows(uploads.results(tx, self.get(number)))

    def wrong_file(self, number: int) -> bytes:
        with self.hub.db.reading() as tx:
            return uploads.wrong_rows(tx, self.get(number))

    def wrong(self, number: int) -> list[dict[str, str]]:
        return _rows(self.wrong_file(number))

    def person(self, email: str, orcid: str | None, **values: Any) -> None:
        fresh = {"environment_id": self.place, "state": "invited", "created": 1, "modified": 1}
        with self.hub.db.writing() as tx:
            tx.execute(sa.insert(tables.person).values(email=email, orcid=orcid, **fresh, **values))

    def becomes(self, email: str, orcid: str) -> None:
        """The person known by this address turned out to be the one who connected with this iD."""
        p = tables.person.c
        with self.hub.db.writing() as tx:
            tx.execute(sa.delete(tables.person).where(p.environment_id == self.place, p.orcid == orcid))
            hers = sa.update(tables.person).where(p.environment_id == self.place, p.email == email)
            tx.execute(hers.values(orcid=orcid, state="connected"))

    def plan(self) -> list[Action]:
        found = plan_for(self.hub, self.place, self.town.ada.orcid)
        assert isinstance(found, list)
        return found

    def calls(self) -> int:
        """Calls that the registry has answered to the library's client."""
        self.town.place.service.calls.flush()
        client = self.town.client(self.place).id
        return sum(row.client_id == client for row in self.town.place.rows("call_log"))

    def codes(self, section: str, who: Person | None = None) -> dict[str, int]:
        """What stands on the record: a word for each item, and its put-code."""
        orcid = (who or self.town.ada).orcid
        with self.hub.db.reading() as tx:
            place = organisations.environment(tx, self.place, self.hub.keys)
        permission = self.town.permission(who or self.town.ada, self.place)
        assert permission is not None
        registry = Registry(at(place.site_url), http=self.town.everyone)
        record = registry.record(orcid, token=permission.access_token or "")
        found = record.section(BY_NAME[section].summary)
        return {_word(one): one.put_code or 0 for one in found}

    def standing(self, section: str, who: Person | None = None) -> list[str]:
        return list(self.codes(section, who))


def _word(item: Any) -> str:
    for name in ("role_title", "content", "url_name", "external_id_value"):
        if getattr(item, name, None):
            return str(getattr(item, name))
    return type(item).__name__


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
