"""The hub beside what it can't beat: its calls beside the least possible, what one worker brings through plan
and push beside the same writes without a hub. Files of 100,000 rows are in `handing_in`.

The registry runs as its command serves it, on SQLite; the hub's worker in this process. From publishing a DOI
to the work on the record is measured by `latency`.
"""

import json
import math
import os
import pathlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from benchmarks import records, serving
from benchmarks.figures import Figure, show
from laelia.client.oauth import Granted
from laelia.codec import json as codec
from laelia.hub import app, assertions, organisations, people, tables
from laelia.hub.settings import Settings
from laelia.lib.clock import SystemClock
from laelia.lib.database import Database, migrate
from laelia.lib.http import Http
from laelia.model.common import ExternalId
from laelia.model.language import V3_0
from laelia.model.work import Work, WorkTitle
from laelia.registry.grants import clients, tokens

PEOPLE, EACH, EDITED = 20, 100, 5
ROWS = int(os.environ.get("LAELIA_BENCH_ROWS", "100000"))
PER_PERSON = 100
SCOPES = ("/read-limited", "/activities/update")


@dataclass(frozen=True)
class Ground:
    """A served registry with people who gave a token, and a hub that has it."""

    url: str
    hub: app.Service
    place: int
    http: Http

    def wake(self, ids: Sequence[str]) -> None:
        with self.hub.db.writing() as tx:
            for orcid in ids:
                assertions.wake(tx, self.hub.clock.now(), self.place, orcid)

    def file(self, ids: Sequence[str], numbers: Sequence[int], title: str) -> None:
        for orcid in ids:
            filed = [
                (
                    assertions.Entry(self.place, orcid, "works", f"doi:{doi}", "datacite", "file"),
                    work(doi, title),
                )
                for doi in (doi_of(orcid, number) for number in numbers)
            ]
            with self.hub.db.writing() as tx:
                assertions.file_all(tx, self.hub.clock.now(), filed)
        self.wake(ids)

    def pushed(self) -> tuple[float, int]:
        """Seconds and calls until nothing waits."""
        c = tables.run.c
        before = self._calls()
        began = time.monotonic()
        self.hub.work()
        took = time.monotonic() - began
        with self.hub.db.reading() as tx:
            states = tx.execute(sa.select(c.state).where(c.kind == "push").distinct()).scalars().all()
        assert states == ["done"], states
        return took, self._calls() - before

    def _calls(self) -> int:
        c = tables.run.c
        with self.hub.db.reading() as tx:
            return int(
                tx.execute(sa.select(sa.func.coalesce(sa.func.sum(c.reads + c.writes), 0))).scalar_one()
            )


def doi_of(orcid: str, number: int) -> str:
    return f"10.5072/{orcid}.{number}"


def work(doi: str, title: str) -> Work:
    ids = [ExternalId(type="doi", value=doi, relationship="self")]
    return Work(title=WorkTitle(title=title), type="data-set", external_ids=ids)


def token(orcid: str) -> str:
    return f"benchmark-{orcid}"


def fill(database: str, count: int) -> tuple[list[str], str]:
    """Records, and a member with a token of each of them."""
    ids = records.fill(database, count)
    opened, now = Database(database), SystemClock().now()
    with opened.writing() as tx:
        member, _ = clients.add(tx, now, name="Member", kind="premium", redirect_uris=["https://m.test/"])
        for orcid in ids:
            tokens.issue_token(
                tx, now, client_id=member, orcid=orcid, scopes=SCOPES, access_token=token(orcid)
            )
    opened.dispose()
    return ids, member


def ground(url: str, at: pathlib.Path, ids: Sequence[str], client: str) -> Ground:
    database = f"sqlite:///{at}/hub.db"
    opened = Database(database)
    migrate(opened, app.MIGRATIONS)
    opened.dispose()
    http = Http()
    settings = Settings(database=database, var=at / "hub", calls_per_second=0, sandbox=True)
    hub = app.build(settings, http=http)
    with hub.db.writing() as tx:
        now = hub.clock.now()
        organisations.add_organisation(tx, now, slug="university", name="Example University")
        place = organisations.add_environment(
            tx, now, hub.keys, organisation="university", name="sandbox", client_id=client,
            client_secret="not used", site_url=url, api_url=url, pub_url=url,
        )  # fmt: skip
        for number, orcid in enumerate(ids):
            granted = Granted(
                orcid=orcid, name="", scopes=frozenset(SCOPES), access_token=token(orcid), refresh_token=None,
                expires_in=None,
            )  # fmt: skip
            people.grant(tx, now, place, granted, hub.keys)
            hers = sa.update(tables.person).where(tables.person.c.orcid == orcid)
            tx.execute(hers.values(local_id=f"p{number}"))
    return Ground(url, hub, place, http)


# ---- the same writes without a hub


def send(on: Ground, method: str, path: str, orcid: str, body: str) -> Any:
    headers = {"Authorization": f"Bearer {token(orcid)}", "Content-Type": "application/json"}
    headers["Accept"] = "application/json"
    answer = on.http.request(
        method, f"{on.url}/v3.0/{orcid}/{path}", headers=headers, content=body.encode(), trusted=True
    )
    assert answer.status in (200, 201), answer.text
    return answer.json() if answer.body else None


def bare_adds(on: Ground, ids: Sequence[str]) -> tuple[float, dict[str, list[int]]]:
    """A hundred works a call."""
    bodies = {
        orcid: json.dumps({"bulk": [{"work": plain(doi_of(orcid, n), "First")} for n in range(EACH)]})
        for orcid in ids
    }
    began = time.monotonic()
    answers = {orcid: send(on, "POST", "works", orcid, body) for orcid, body in bodies.items()}
    took = time.monotonic() - began
    codes = {orcid: [one["work"]["put-code"] for one in answer["bulk"]] for orcid, answer in answers.items()}
    return took, codes


def bare_edits(on: Ground, codes: dict[str, list[int]]) -> float:
    wanted = [
        (orcid, code, json.dumps(plain(doi_of(orcid, n), "Second") | {"put-code": code}))
        for orcid, mine in codes.items()
        for n, code in enumerate(mine[:EDITED])
    ]
    began = time.monotonic()
    for orcid, code, body in wanted:
        send(on, "PUT", f"work/{code}", orcid, body)
    return time.monotonic() - began


def plain(doi: str, title: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(codec.encode(work(doi, title), V3_0))
    return found


# ---- what is measured


def pushes(on: Ground, hers: Sequence[str], bare: Sequence[str]) -> None:
    items, edits = len(hers) * EACH, len(hers) * EDITED
    on.file(hers, range(EACH), "First")
    took, calls = on.pushed()
    alone, codes = bare_adds(on, bare)
    show(
        Figure("calls for new works", calls, "calls", len(hers) * (1 + math.ceil(EACH / 100)),
               "the least possible", 1.0, more_is_better=False),
        Figure("new works through plan and push", items / took, "items/s", items / alone,
               "the same calls without a hub", 0.4),
    )  # fmt: skip
    on.file(hers, range(EDITED), "Second")
    took, calls = on.pushed()
    alone = bare_edits(on, codes)
    show(
        Figure("calls for edits", calls, "calls", len(hers) * (1 + EDITED), "the least possible", 1.0,
               more_is_better=False),
        Figure("edits through plan and push", edits / took, "items/s", edits / alone,
               "the same calls without a hub", 0.4),
    )  # fmt: skip


def main() -> None:
    """Fills, pushes, hands in a file, and prints."""
    with serving.folder() as at:
        database = f"sqlite:///{at}/registry.db"
        ids, client = fill(database, 2 * PEOPLE)
        with serving.registry(database, at) as served:
            on = ground(served.url, at, ids, client)
            pushes(on, ids[:PEOPLE], ids[PEOPLE : 2 * PEOPLE])
            on.hub.close()
            on.http.close()


if __name__ == "__main__":
    main()
