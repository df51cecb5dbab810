"""What must hold when a run has come to rest, whatever happened to the hub in it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import sqlalchemy as sa

from campaigns.stage import CLIENT, ORCIDS, Stage
from laelia.hub import tables
from laelia.lib.http import Http
from laelia.sandbox.demo.services import REGISTRY

PutCodes = dict[tuple[str, str], int]


def records(stage: Stage, before: PutCodes) -> PutCodes:
    """Every record shows each wanted DOI exactly once, from our client and with its title, and nothing else;
    what stood there before kept its put-code. Returns the put-codes by iD and DOI."""
    found: PutCodes = {}
    with closing(Http()) as http, ThreadPoolExecutor(4) as pool:
        for orcid, shown in zip(
            ORCIDS, pool.map(lambda one: list(_works(stage, http, one)), ORCIDS), strict=True
        ):
            expected = sorted((doi, title, CLIENT) for doi, title in stage.wanted[orcid].items())
            assert sorted(one[:3] for one in shown) == expected, orcid
            found |= {(orcid, doi): code for doi, _, _, code in shown}
    moved = {key: (code, found[key]) for key, code in before.items() if found.get(key, code) != code}
    assert not moved, "an update keeps the put-code"
    return found


def _works(stage: Stage, http: Http, orcid: str) -> Iterator[tuple[str, str, str, int]]:
    """As anyone sees them: DOI, title, the client that is their source, put-code."""
    answer = http.get(
        f"{stage.place.url(REGISTRY)}/v3.0/{orcid}/works", headers={"Accept": "application/json"},
        trusted=True,
    )  # fmt: skip
    assert answer.status == 200, answer.text
    for group in answer.json()["group"]:
        for one in group["work-summary"]:
            (doi,) = one["external-ids"]["external-id"]
            source = one["source"]["source-client-id"]["path"]
            yield doi["external-id-value"], one["title"]["title"]["value"], source, one["put-code"]


def ledger(stage: Stage, codes: PutCodes) -> None:
    """The ledger says what the records show, and nothing in it is left open."""
    c = tables.assertion.c
    with stage.database.reading() as tx:
        rows = tx.execute(sa.select(c.orcid, c.key, c.state, c.wanted, c.put_code, c.hash, c.sent_hash)).all()
        unended = sa.select(sa.func.count()).where(tables.attempt.c.finished.is_(None))
        assert tx.execute(unended).scalar_one() == 0, "a call without a known end"
        running = sa.select(tables.run.c.id).where(tables.run.c.state == "running")
        assert tx.execute(running).all() == [], "a run that never ended"
        failed = sa.select(tables.job.c.error).where(tables.job.c.failures > 0)
        assert tx.execute(failed).all() == []
    wanted = {(row.orcid, row.key.removeprefix("doi:")): row for row in rows if row.wanted}
    assert {key: row.put_code for key, row in wanted.items()} == codes
    assert {row.state for row in wanted.values()} == {"in-record"}
    assert all(row.hash == row.sent_hash for row in wanted.values())
    assert {(row.state, row.put_code) for row in rows if not row.wanted} <= {("withdrawn", None)}
