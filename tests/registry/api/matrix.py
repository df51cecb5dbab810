"""Reads `matrix.txt`, and sets the stage on which its questions are asked."""

import pathlib
from dataclasses import dataclass
from functools import cache

from laelia.lib.http import Response
from laelia.model.group_id import GroupIdRecord
from laelia.registry.grants import tokens
from laelia.registry.registers import group_ids, organisations
from registry.api import documents
from registry.api.people import NOBODY, Api, told
from registry.place import Place
from registry.written import Row, tables

ITEMS = ("public", "limited", "private", "own", "on behalf")
EVERY = ("/read-limited", "/activities/update", "/person/update")


TABLES = tables(pathlib.Path(__file__).with_name("matrix.txt"))


@dataclass(frozen=True)
class Section:
    name: str
    list: str
    item: str
    since: str
    listed: str
    limited: str
    create: tuple[str, ...]
    change: tuple[str, ...]
    delete: tuple[str, ...]
    twice: str
    twice_before: str

    @property
    def noun(self) -> str:
        return "address" if self.name == "addresses" else self.name[:-1]

    @property
    def of_person(self) -> bool:
        return self.limited == "/orcid-bio/read-limited"

    @property
    def is_affiliation(self) -> bool:
        return self.listed == "since 3.0"

    def lives_in(self, version: str) -> bool:
        return self.since <= version

    def singles(self) -> tuple[str, ...]:
        """The paths of one item, without its number."""
        return (self.item,) if self.of_person else (self.item, f"{self.item}/summary")


def _section(row: Row) -> Section:
    scopes = {name: tuple(row[name].split(" or ")) for name in ("create", "change", "delete")}
    plain = {name: row[name] for name in ("name", "list", "item", "since", "listed", "limited", "twice")}
    return Section(**plain, **scopes, twice_before=row["twice before 3.0"])


SECTIONS = {row["name"]: _section(row) for row in TABLES["sections"]}
ASKERS = {row["who"]: row for row in TABLES["askers"] + TABLES["more askers"]}
IMPLIED = {row["scope"]: tuple(row["implies"].split()) for row in TABLES["implied"]}


@cache
def expanded(scope: str) -> frozenset[str]:
    """A scope with all that follows from it."""
    return frozenset({scope}).union(*(expanded(one) for one in IMPLIED[scope] if one != "-"))


def said(answer: Response) -> str:
    """An answer as the tables write it: a success by its status, a refusal by status and code."""
    status, code = told(answer)
    return str(status) if status < 300 else f"{status} {code or '-'}"


class Matrix:
    """Ada's record with the same five items in every section, and everyone who asks for them."""

    def __init__(self, place: Place) -> None:
        self.place, self.api = place, Api(place)
        api, closed = self.api, place.member("Closed")
        place.set_client(closed, state="deactivated")
        self.clients = {
            "app": api.public_client.id,
            "library": api.member_client.id,
            "source": api.other_client.id,
            "institute": place.member("Institute").id,
            "closed": closed.id,
        }
        self._tokens: dict[tuple[str, tuple[str, ...]], str] = {}
        self.filed = 0
        register(place)
        self.items = {name: self._five(section) for name, section in SECTIONS.items()}
        self.elsewhere = {name: self._on_sophies(section) for name, section in SECTIONS.items()}

    def _five(self, section: Section) -> dict[str, int]:
        """The newest stand last: a date that tells of what is hidden is later than it should be."""
        added = {}
        sources = ("source", "source", "source", "writer", "agent")
        shown = ("public", "limited", "private", "private", "private")
        for key, (column, who, visibility) in enumerate(zip(ITEMS, sources, shown, strict=True)):
            added[column] = self.add(section, who, key)
            self.api.show(added[column], visibility, section.name)
        return added

    def _on_sophies(self, section: Section) -> int:
        body = documents.document(section.noun, documents.item(section.noun, 0), "3.0", documents.JSON)
        path, token = f"/v3.0/{self.api.sophie}/{section.item}", self.token("elsewhere")
        return number_of(self.api.ask("POST", path, token, body=body, kind=documents.JSON))

    # ---- who asks

    def token(self, who: str, section: Section | None = None) -> str:
        """The bearer token of one of the askers; nobody has none."""
        row = ASKERS[who]
        if row["client"] == "-":
            return NOBODY
        key = who, _scopes(row["scopes"], section)
        if key not in self._tokens:
            self._tokens[key] = self._issue(who, row, key[1])
        return self._tokens[key]

    def _issue(self, who: str, row: Row, scopes: tuple[str, ...]) -> str:
        api = self.api
        orcid = {"Ada": api.ada, "Sophie": api.sophie, "-": None}[row["of whom"]]
        agent = {"obo_client_id": self.clients["source"]} if who.startswith("agent") else {}
        ends = {"expires": api.now - 1} if who == "expired" else {}
        token = api.token(self.clients[row["client"]], orcid, *scopes, **agent, **ends)
        reason = {"revoked": "user", "given back": "client"}.get(who)
        if reason:
            with self.place.service.db.writing() as tx:
                judged = tokens.judge(tx, api.now, token).token
                assert judged is not None
                assert tokens.retire(tx, api.now, judged, reason)
        return token

    # ---- what they ask

    def ask(
        self, who: str, method: str, path: str, version: str, form: str, section: Section | None = None,
        body: bytes | None = None,
    ) -> Response:  # fmt: skip
        by = ASKERS[who]["by"]
        full = f"{'' if by == '-' else by}/v{version}/{self.api.ada}{path}"
        token = self.token(who, section)
        return self.api.ask(method, full, token, accept=form, body=body, kind=form if body else None)

    def add(self, section: Section, who: str, key: int) -> int:
        """A new item by the Member API 3.0."""
        tree = documents.item(section.noun, key)
        body = documents.document(section.noun, tree, "3.0", documents.JSON)
        answer = self.ask(who, "POST", f"/{section.item}", "3.0", documents.JSON, section, body)
        assert answer.status == 201, answer.text
        self.place.clock.advance(1000)
        return number_of(answer)

    def new(self) -> int:
        """The key of another item: not that of one of the five, nor of the last two dozen, nor 29."""
        self.filed += 1
        return 5 + self.filed % 24


def holds(who: str, version: str) -> bool:
    versions = ASKERS[who]["versions"]
    return versions == "all" or version in versions.split()


def _scopes(told: str, section: Section | None) -> tuple[str, ...]:
    if told.startswith("/"):
        return tuple(told.split())
    assert section is not None
    another = "/orcid-works/update" if section.of_person else "/orcid-bio/update"
    return {
        "to change": tuple(dict.fromkeys((*section.change, *section.delete))),
        "to limit": (section.limited,),
        "of another section": (another,),
    }[told]


def number_of(answer: Response) -> int:
    return int(answer.headers["location"].rpartition("/")[2])


def register(place: Place) -> None:
    """The organisation and the group that the documents name."""
    with place.service.db.writing() as tx:
        now = place.clock.now()
        organisations.put(
            tx, now, organisations.Organisation(name="Bee House", ids=(("ROR", documents.ROR),))
        )
        group = GroupIdRecord(name="Bees", group_id=documents.GROUP, description="Bees", type="journal")
        group_ids.add(tx, now, None, group)
