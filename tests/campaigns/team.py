"""The stage of several workers: a registry that is seldom well, a hub without pages, people with permission,
and files of what should stand on their records."""

import csv
import pathlib
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from campaigns import processes
from campaigns.between import Between
from campaigns.stage import CLIENT, SCOPES, SECRET, granted, orcid_of
from demo.conftest import free_block
from laelia.hub import app as hub_app
from laelia.hub import organisations, people, tables
from laelia.hub.settings import Settings
from laelia.lib.database import Database
from laelia.sandbox.demo.services import HUB, REGISTRY, Neighbourhood

WORKERS = 3
SHARE = 0.2
OTHER = "APP-ANOTHER"
ROR = "https://ror.org/05dxps055"
RESTS_WITHIN = 3600


class Unreliable(Between):
    """One call of five goes wrong: it is refused unheard (429 or 503), or done and then answered by 503 or
    not at all. Each `every`-th writing call has a worker killed instead, when the registry has committed."""

    def __init__(self, registry: str, chance: random.Random, every: int, kill: Callable[[], None]) -> None:
        super().__init__(registry)
        self.faults: Counter[str] = Counter()
        self.calls = 0
        self._chance, self._every, self._kill = chance, every, kill
        self._here = threading.local()

    def refuses(self, method: str) -> tuple[int, dict[str, str]] | None:
        with self._lock:
            self.calls += 1
            ill = self._chance.random() < SHARE
            kinds = ("429", "503") if method == "GET" else ("429", "503", "503 when done", "no answer")
            kind = self._chance.choice(kinds) if ill else ""
            if method != "GET" and self._every and (len(self.writes) + 1) % self._every == 0:
                kind = "kill"
            self.faults[kind] += 1
        self._here.kind = kind
        if kind in ("429", "503"):
            return int(kind), {"Retry-After": "1"}
        return None

    def answered(self, method: str, status: int) -> bool:
        heard = super().answered(method, status)
        if self._here.kind == "kill":
            self._kill()
        return heard and self._here.kind not in ("kill", "no answer")

    def told(self, status: int) -> int:
        return 503 if self._here.kind == "503 when done" else status


@dataclass
class Wanted:
    """What should stand: by iD, the titles of works by DOI, and the roles of employments by key."""

    works: dict[str, dict[str, str]] = field(default_factory=dict)
    roles: dict[str, dict[str, str]] = field(default_factory=dict)


class Team:
    """`count` people, a registry, a hub's database, and three workers that are started again when killed."""

    def __init__(
        self, new_database: Callable[..., str], folder: pathlib.Path, chance: random.Random, count: int,
        every: int,
    ) -> None:  # fmt: skip
        self.folder, self.chance, self.kills = folder, chance, 0
        self.orcids = [orcid_of(number) for number in range(count)]
        self.wanted = Wanted({one: {} for one in self.orcids}, {one: {} for one in self.orcids})
        urls = [new_database(f"laelia.{name}.migrations") for name in ("registry", "hub")]
        place = Neighbourhood(folder, free_block(), {})
        self.between = Unreliable(place.url(REGISTRY), chance, every, self.kill_one)
        more = {
            "LAELIA_REGISTRY_DATABASE": urls[0],
            "LAELIA_HUB_DATABASE": urls[1],
            "LAELIA_HUB_CALLS_PER_SECOND": "0",
        }
        self.place = Neighbourhood(folder, place.port_base, more)
        self.database = Database(urls[1])
        self.workers: list[subprocess.Popen[str]] = []
        self.registry: subprocess.Popen[str] | None = None
        try:
            self._open(urls[1])
        except BaseException:
            self.close()
            raise

    def _open(self, url: str) -> None:
        fixtures = self.folder / "fixtures.json"
        fixtures.write_bytes(orjson.dumps(_fixtures(self.orcids)))
        self.registry = processes.start(self.place, REGISTRY, "--fixtures", str(fixtures))
        site = self.place.url(REGISTRY)
        hub = hub_app.build(
            Settings(database=url, public_url=self.place.url(HUB), sandbox=True, var=self.folder / "hub")
        )
        with hub.db.writing() as tx:
            now = hub.clock.now()
            organisations.add_organisation(tx, now, slug="university", name="Example University", ror=ROR)
            place = organisations.add_environment(
                tx, now, hub.keys, organisation="university", name="sandbox", client_id=CLIENT,
                client_secret=SECRET, site_url=site, api_url=self.between.url, pub_url=self.between.url,
            )  # fmt: skip
            # Much changes at once here, and that is meant: no brake.
            brakes = [each for each in tables.environment.c if each.name.endswith("_share")]
            tx.execute(sa.update(tables.environment).values({each.name: 100 for each in brakes}))
            for number, orcid in enumerate(self.orcids):
                people.grant(tx, now, place, granted(orcid), hub.keys)
                hers = sa.update(tables.person).where(tables.person.c.orcid == orcid)
                tx.execute(hers.values(local_id=f"p{number}"))
        hub.close()

    # ---- the workers' life

    def hire(self) -> None:
        """As many as there should be: the killed are replaced."""
        for dead in [one for one in self.workers if one.poll() is not None]:
            processes.kill(dead)
            self.workers.remove(dead)
        while len(self.workers) < WORKERS:
            self.workers.append(processes.start(self.place, HUB, act="work", may_die=True))

    def kill_one(self) -> None:
        self.kills += 1
        processes.signal_all(self.chance.choice(self.workers))

    def dismiss(self) -> list[int]:
        """Ask them to end, as a service manager would; their exit codes."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        return [worker.wait(processes.ENDS_WITHIN) for worker in self.workers]

    def close(self) -> None:
        for process in filter(None, [*self.workers, self.registry]):
            processes.kill(process)
        self.between.close()
        self.database.dispose()

    # ---- what should stand

    def hand_in(self, name: str, rows: list[dict[str, str]]) -> None:
        """As an organisation does: by a file."""
        path = self.folder / f"{name}.csv"
        with path.open("w", newline="") as out:
            sheet = csv.DictWriter(out, list(rows[0]))
            sheet.writeheader()
            sheet.writerows(rows)
        self.place.laelia(
            "hub", "upload", str(path), "--organisation", "university", "--kind", name.split("-")[0]
        )

    def add(self, works: int, roles: int) -> None:
        """So many of each for everyone."""
        for number, orcid in enumerate(self.orcids):
            self.wanted.works[orcid] = {
                f"10.5072/{number}.{n}": f"Work {n} of p{number}" for n in range(works)
            }
            self.wanted.roles[orcid] = {f"r{number}.{n}": f"Role {n}" for n in range(roles)}
        self._hand_in_all("new", {}, {})

    def change(self) -> None:
        """Every other person gets other words for a quarter of her items, and an eighth is taken back."""
        gone_works: dict[str, dict[str, str]] = {}
        gone_roles: dict[str, dict[str, str]] = {}
        for wanted, gone in ((self.wanted.works, gone_works), (self.wanted.roles, gone_roles)):
            for orcid, items in list(wanted.items())[::2]:
                keys = self.chance.sample(sorted(items), max(2, len(items) * 3 // 8))
                leave = max(1, len(items) // 8)
                gone[orcid] = {key: items.pop(key) for key in keys[:leave]}
                items.update({key: f"{items[key]}, mended" for key in keys[leave:]})
        self._hand_in_all("changed", gone_works, gone_roles)

    def _hand_in_all(
        self, name: str, gone_works: dict[str, dict[str, str]], gone_roles: dict[str, dict[str, str]]
    ) -> None:
        works, roles = [], []
        for number, orcid in enumerate(self.orcids):
            for gone, items in (("", self.wanted.works[orcid]), ("yes", gone_works.get(orcid, {}))):
                works += [_work(number, doi, title, gone) for doi, title in items.items()]
            for gone, items in (("", self.wanted.roles[orcid]), ("yes", gone_roles.get(orcid, {}))):
                roles += [_role(number, key, role, gone) for key, role in items.items()]
        self.hand_in(f"works-{name}", works)
        self.hand_in(f"affiliations-{name}", roles)

    # ---- what there is to see

    def await_rest(self) -> None:
        """Until nothing waits, with the dead replaced."""
        begun, c = time.monotonic(), tables.job.c
        while True:
            self.hire()
            with self.database.reading() as tx:
                left = (
                    sa.select(c.kind, sa.func.count()).where(c.kind.in_(("push", "upload"))).group_by(c.kind)
                )
                waiting = tx.execute(left).all()
            if not waiting:
                return
            late = time.monotonic() - begun > RESTS_WITHIN
            assert not late, (waiting, processes.last_words(self.folder / "logs" / "hub.log"))
            time.sleep(0.1)


def _work(number: int, doi: str, title: str, delete: str) -> dict[str, str]:
    return {
        "local-id": f"p{number}", "id": doi, "title": title, "type": "data-set", "external-id-type": "doi",
        "external-id-value": doi, "external-id-relationship": "self", "delete": delete,
    }  # fmt: skip


def _role(number: int, key: str, role: str, delete: str) -> dict[str, str]:
    return {
        "local-id": f"p{number}", "id": key, "affiliation-section": "employment", "role-title": role,
        "department-name": key, "start-date": "2021-02", "org-name": "Example University",
        "org-city": "Dunedin", "org-country": "NZ", "disambiguated-organization-identifier": ROR,
        "disambiguation-source": "ROR", "delete": delete,
    }  # fmt: skip


def _fixtures(orcids: list[str]) -> dict[str, Any]:
    """Everyone has two works that another member put there."""

    def other(number: int, n: int) -> dict[str, Any]:
        doi = {"external-id-type": "doi", "external-id-value": f"10.5555/{number}.{n}"}
        content = {
            "title": {"title": {"value": f"Not ours {n}"}}, "type": "book",
            "external-ids": {"external-id": [{**doi, "external-id-relationship": "self"}]},
        }  # fmt: skip
        return {"section": "works", "source": {"client": OTHER}, "content": content}

    everyone = [
        {"orcid": orcid, "given": f"Number {number}", "default_visibility": "public",
         "items": [other(number, n) for n in range(2)]}
        for number, orcid in enumerate(orcids)
    ]  # fmt: skip
    clients = [
        {"id": CLIENT, "secret": SECRET, "name": "Example University", "kind": "member"},
        {"id": OTHER, "secret": SECRET, "name": "Another", "kind": "member"},
    ]
    tokens = [
        {"token": f"token of {orcid}", "client": CLIENT, "orcid": orcid, "scopes": list(SCOPES)}
        for orcid in orcids
    ]
    university = {
        "name": "Example University", "ids": {"ROR": ROR}, "city": "Dunedin", "country": "NZ"
    }  # fmt: skip
    return {"people": everyone, "clients": clients, "tokens": tokens, "organisations": [university]}
