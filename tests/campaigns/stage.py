"""The stage: two hundred people with permission and Auto-Update; a registry, a DOI registry
and a hub as processes of their own; and what should stand on every record."""

import pathlib
import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from campaigns import processes
from campaigns.between import Between
from demo.conftest import free_block
from laelia.client.oauth import Granted
from laelia.hub import app as hub_app
from laelia.hub import organisations, people, tables
from laelia.hub.organisations import standing
from laelia.hub.settings import Settings
from laelia.lib.clock import SystemClock
from laelia.lib.database import Database
from laelia.model.identifiers import check_digit
from laelia.sandbox.demo.services import DOI, HUB, REGISTRY, Neighbourhood
from laelia.sandbox.doi_registry.load import load

PEOPLE = 200
CLIENT, SECRET = "APP-CAMPAIGN", "a secret of the campaign"
SCOPES = ("/read-limited", "/activities/update")
RESTS_WITHIN = 180


def orcid_of(number: int) -> str:
    base = f"0009800001{number:05}"
    text = base + check_digit(base)
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


ORCIDS = [orcid_of(number) for number in range(PEOPLE)]


@dataclass
class Change:
    """What one run has to bring to the records: how many calls that takes at least, by method."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)


class Stage:
    """`wanted` is by iD, then by DOI: the title. `urls` are the registry's and the hub's database."""

    def __init__(self, new_database: Callable[..., str], folder: pathlib.Path) -> None:
        self.folder = folder
        urls = [new_database(f"laelia.{name}.migrations") for name in ("registry", "hub")]
        self.place = Neighbourhood(folder, free_block(), {})
        self.between = Between(self.place.url(REGISTRY))
        more = {
            "LAELIA_REGISTRY_DATABASE": urls[0],
            "LAELIA_HUB_DATABASE": urls[1],
            "LAELIA_HUB_DATACITE_URL": self.place.url(DOI),
            "LAELIA_HUB_CALLS_PER_SECOND": "0",
            "LAELIA_HUB_DATACITE_CALLS_PER_MINUTE": "0",
            "LAELIA_HUB_WEBHOOKS": "false",
            "LAELIA_HUB_PULL_SECONDS": "36000",  # a run begins when the campaign says so
        }
        self.place = Neighbourhood(folder, self.place.port_base, more)
        self.wanted: dict[str, dict[str, str]] = {orcid: {} for orcid in ORCIDS}
        self.database = Database(urls[1])
        self._dois = Database(f"sqlite:///{folder / 'doi.db'}")
        self._others: list[subprocess.Popen[str]] = []
        self.registry: subprocess.Popen[str] | None = None
        self.hub: subprocess.Popen[str] | None = None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        fixtures = self.folder / "fixtures.json"
        fixtures.write_bytes(orjson.dumps(_fixtures()))
        self.registry = processes.start(self.place, REGISTRY, "--fixtures", str(fixtures))
        self._others.append(processes.start(self.place, DOI))
        settings = Settings(
            database=self.place.more["LAELIA_HUB_DATABASE"], public_url=self.place.url(HUB), sandbox=True,
            var=self.folder / "hub",
        )  # fmt: skip
        service = hub_app.build(settings)
        with service.db.writing() as tx:
            now = service.clock.now()
            organisations.add_organisation(tx, now, slug="datacite", name="DataCite")
            self.environment = organisations.add_environment(
                tx, now, service.keys, organisation="datacite", name="sandbox", client_id=CLIENT,
                client_secret=SECRET, site_url=self.place.url(REGISTRY), api_url=self.between.url,
                pub_url=self.between.url,
            )  # fmt: skip
            # Everything changes at once here, and nobody sits there to say that it may.
            mine = tables.environment.c.id == self.environment
            tx.execute(sa.update(tables.environment).where(mine).values(brake_share=100))
            for orcid in ORCIDS:
                people.grant(tx, now, self.environment, granted(orcid), service.keys)
                people.choose(tx, now, self.environment, orcid, "datacite", "auto-update", True)
            standing.start(tx, now, self.environment, ("datacite",))
        service.close()

    # ---- the hub's life

    def start_hub(self, faults: str = "") -> None:
        assert self.hub is None, "one hub at a time"
        self.hub = processes.start(self.place, HUB, more={"LAELIA_HUB_FAULTS": faults}, may_die=bool(faults))

    def shoot(self) -> None:
        assert self.hub is not None
        processes.signal_all(self.hub)

    def await_death(self) -> None:
        """Until the hub is gone with all its processes, by whatever killed it."""
        assert self.hub is not None
        self.hub.wait(RESTS_WITHIN)
        processes.kill(self.hub)
        self.hub = None

    def restart_registry(self, away: float) -> None:
        """Kill it, and start it again after some seconds."""
        assert self.registry is not None
        processes.kill(self.registry)
        self.registry = None
        time.sleep(away)
        self.registry = processes.start(self.place, REGISTRY)

    def close(self) -> None:
        for process in filter(None, [*self._others, self.hub, self.registry]):
            processes.kill(process)
        self.between.close()
        self.database.dispose()
        self._dois.dispose()

    # ---- what is to come about

    def file(self, change: Change) -> None:
        """The DOI registry takes the documents, and the hub's next look at it falls due."""
        (self.folder / "dois").mkdir(exist_ok=True)
        paths = []
        for document in change.documents:  # one file for each, since a DOI is replaced by its own file only
            paths.append(self.folder / "dois" / f"{document['id'].replace('/', '_')}.json")
            paths[-1].write_bytes(orjson.dumps(document))
        report = load(self._dois, SystemClock(), paths)
        assert report.loaded + report.updated == len(paths), report.refused or report.kept[:1]
        job = tables.job
        with self.database.writing() as tx:
            tx.execute(sa.update(job).where(job.c.kind == "pull").values(due=SystemClock().now()))

    def adds(self, name: str) -> Change:
        """A new DOI for everyone, for every tenth person two of them."""
        change = Change(calls={"POST": PEOPLE})
        for place, orcid in enumerate(ORCIDS):
            for number in range(1 + (place % 10 == 0)):
                doi = f"10.5072/{name}.{place}.{number}"
                self.wanted[orcid][doi] = f"First title of {doi}"
                change.documents.append(_document(doi, self.wanted[orcid][doi], orcid))
        return change

    def updates(self, name: str, chance: random.Random) -> Change:
        """A new title for one DOI of everyone; every eighth person is taken off one of hers instead."""
        change = Change(calls={"PUT": 0, "DELETE": 0})
        for place, orcid in enumerate(ORCIDS):
            mine = self.wanted[orcid]
            doi = chance.choice(sorted(mine))
            if place % 8 == 7 and len(mine) > 1:
                del mine[doi]
                change.documents.append(_document(doi, f"Taken back in {name}", None))
                change.calls["DELETE"] += 1
            else:
                mine[doi] = f"Title of {name}"
                change.documents.append(_document(doi, mine[doi], orcid))
                change.calls["PUT"] += 1
        return change

    # ---- what there is to see

    def at_rest(self) -> bool:
        """Nothing waits: no push, and the look at the DOI registry was taken to its end."""
        c = tables.job.c
        due = sa.or_(c.kind == "push", sa.and_(c.kind == "pull", c.due <= SystemClock().now()))
        with self.database.reading() as tx:
            left = sa.select(c.id).where(c.dead.is_(None), sa.or_(due, c.leased_until > 0))
            return tx.execute(left.limit(1)).first() is None

    def await_rest(self) -> float:
        """Seconds until nothing waits any more."""
        begun = time.monotonic()
        while not self.at_rest():
            said = self.folder / "logs" / "hub.log"
            late = time.monotonic() - begun > RESTS_WITHIN
            assert not late, f"{self.tally()}: {processes.last_words(said)}"
            gone = self.hub is not None and self.hub.poll() is not None
            assert not gone, f"the hub died by itself: {processes.last_words(said)}"
            time.sleep(0.02)
        return time.monotonic() - begun

    def tally(self) -> dict[str, int]:
        """How many of the ledger's rows are in which state, the calls without a recorded answer, the jobs
        by kind."""
        c, a, j = tables.assertion.c, tables.attempt.c, tables.job.c
        ripe = sa.or_(j.kind == "push", j.due <= SystemClock().now())
        with self.database.reading() as tx:
            states = tx.execute(sa.select(c.state, sa.func.count()).group_by(c.state)).all()
            jobs = tx.execute(
                sa.select(j.kind, sa.func.count()).where(ripe, j.dead.is_(None)).group_by(j.kind)
            ).all()
            calls = sa.select(sa.func.count(a.call.distinct())).where(a.finished.is_(None))
            return {**dict(states), **dict(jobs), "unanswered": tx.execute(calls).scalar_one()}  # type: ignore[arg-type]


def granted(orcid: str) -> Granted:
    return Granted(
        orcid=orcid, name="", scopes=frozenset(SCOPES), access_token=f"token of {orcid}", refresh_token=None,
        expires_in=None,
    )  # fmt: skip


def _fixtures() -> dict[str, Any]:
    tokens = [
        {"token": f"token of {orcid}", "client": CLIENT, "orcid": orcid, "scopes": list(SCOPES)}
        for orcid in ORCIDS
    ]
    people = [
        {"orcid": orcid, "given": f"Number {place}", "default_visibility": "public"}
        for place, orcid in enumerate(ORCIDS)
    ]
    clients = [{"id": CLIENT, "secret": SECRET, "name": "DataCite", "kind": "member"}]
    return {"people": people, "clients": clients, "tokens": tokens}


def _document(doi: str, title: str, orcid: str | None) -> dict[str, Any]:
    named = {"nameIdentifier": f"https://orcid.org/{orcid}", "nameIdentifierScheme": "ORCID"}
    attributes = {
        "doi": doi, "titles": [{"title": title}], "publicationYear": 2026, "publisher": "Example Archive",
        "types": {"resourceTypeGeneral": "Dataset"}, "url": f"https://archive.example/{doi}",
        "creators": [{"name": "Someone", "nameIdentifiers": [named] if orcid else []}],
    }  # fmt: skip
    return {"id": doi, "type": "dois", "attributes": attributes}
