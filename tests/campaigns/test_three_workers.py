"""Three workers on one database, a registry of whose calls every fifth goes wrong, and workers that are
killed: in the end every record is as it was wanted."""

import os
import pathlib
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa

from campaigns import proof
from campaigns.stage import CLIENT
from campaigns.team import WORKERS, Team
from conftest import NewDatabase, size
from laelia.hub import tables
from laelia.lib.http import Http
from laelia.sandbox.demo.services import REGISTRY

pytestmark = pytest.mark.soak

# Database → how many people, and works and roles of each.
SIZES = {"postgresql": (100, size(18, 400), size(2, 100)), "sqlite": (size(10, 100), 18, 2)}
KILL_EVERY = {"postgresql": size(100, 1_000), "sqlite": size(12, 100)}


@pytest.fixture
def folder() -> Iterator[pathlib.Path]:
    made = pathlib.Path(tempfile.mkdtemp(prefix="laelia-team-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_three_workers_bring_every_record_to_what_is_wanted(
    backend: str, new_database: NewDatabase, folder: pathlib.Path
) -> None:
    count, works, roles = SIZES[backend]
    chance, begun = random.Random(os.environ.get("LAELIA_SEED", "team")), time.monotonic()
    with closing(Team(new_database, folder, chance, count, KILL_EVERY[backend])) as team:
        foreign = {orcid: shown["others"] for orcid, shown in _records(team).items()}
        assert all(len(each) == 2 for each in foreign.values())
        team.hire()
        team.add(works, roles)
        team.await_rest()
        first = _settled(team, foreign)
        team.change()
        amid = team.dismiss()  # with pushes under way; those who come after them go on
        assert set(amid) <= {0, -signal.SIGKILL}, amid
        team.await_rest()
        second = _settled(team, foreign)
        assert all(first[key] == code for key, code in second.items()), "an update keeps the put-code"
        codes = team.dismiss()
        assert codes == [0] * WORKERS, "asked to end, they end well"
        with team.database.reading() as tx:
            assert tx.execute(sa.select(tables.process)).all() == []
        _tell(backend, team, count * (works + roles), time.monotonic() - begun)


def _records(team: Team) -> dict[str, dict[str, Any]]:
    """What anyone sees of every record: our works and roles as (words, put-code) by key, and what others put
    there, whole."""
    base = team.place.url(REGISTRY)

    def look(http: Http, orcid: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"works": [], "roles": [], "others": []}
        for path, kind in (("works", "works"), ("employments", "roles")):
            answer = http.get(
                f"{base}/v3.0/{orcid}/{path}", headers={"Accept": "application/json"}, trusted=True
            )
            assert answer.status == 200, answer.text
            body = answer.json()
            groups = body["group"] if kind == "works" else body["affiliation-group"]
            for group in groups:
                for one in group["work-summary" if kind == "works" else "summaries"]:
                    one = one if kind == "works" else one["employment-summary"]
                    ours = one["source"]["source-client-id"]["path"] == CLIENT
                    shown[kind if ours else "others"].append(one)
        return shown

    with closing(Http()) as http, ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda orcid: look(http, orcid), team.orcids)
        return dict(zip(team.orcids, found, strict=True))


def _settled(team: Team, foreign: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Each record shows what is wanted, once, and what others put there as it was; the ledger says the same,
    and nothing is left open. Returns the put-codes by iD and key."""
    codes: dict[tuple[str, str], int] = {}
    for orcid, shown in _records(team).items():
        works = [
            (one["external-ids"]["external-id"][0]["external-id-value"], one["title"]["title"]["value"])
            for one in shown["works"]
        ]
        roles = [(one["department-name"], one["role-title"]) for one in shown["roles"]]
        assert sorted(works) == sorted(team.wanted.works[orcid].items()), orcid
        assert sorted(roles) == sorted(team.wanted.roles[orcid].items()), orcid
        assert shown["others"] == foreign[orcid], orcid
        keys = [key for key, _ in (*works, *roles)]
        numbers = [one["put-code"] for one in (*shown["works"], *shown["roles"])]
        codes |= {(orcid, key): number for key, number in zip(keys, numbers, strict=True)}
    c, r, a, j = tables.assertion.c, tables.run.c, tables.attempt.c, tables.job.c
    with team.database.reading() as tx:
        states = {(*row,) for row in tx.execute(sa.select(c.wanted, c.state).distinct())}
        assert states <= {(True, "in-record"), (False, "withdrawn")}, states
        standing = {(*row,) for row in tx.execute(sa.select(c.orcid, c.put_code).where(c.wanted))}
        assert standing == {(orcid, code) for (orcid, _), code in codes.items()}
        assert tx.execute(sa.select(a.id).where(a.finished.is_(None))).all() == [], "a call left open"
        assert tx.execute(sa.select(r.id).where(r.state == "running")).all() == [], "a run left open"
        assert tx.execute(sa.select(j.error).where(j.failures > 0)).all() == [], "a job failed"
        assert tx.execute(sa.select(tables.lease)).all() == [], "a lease left behind"
    return codes


def _tell(backend: str, team: Team, assertions: int, seconds: float) -> None:
    faults = team.between.faults
    healthy = faults.pop("")
    share = sum(faults.values()) / (healthy + sum(faults.values()))
    assert share > 0.15, "too few faults to prove anything"
    assert team.kills >= 3, "too few kills to prove anything"
    listed = ", ".join(f"{count} × {kind}" for kind, count in sorted(faults.items()))
    proof.tell(
        f"three-workers-{backend}",
        [
            f"{proof.DATABASES[backend]}: {WORKERS} workers, {assertions} assertions over {len(team.orcids)} "
            f"people, then a quarter of every other person's changed and an eighth taken back, in "
            f"{seconds:.0f} seconds; {team.between.calls} calls, {share:.0%} of them ill ({listed}); every "
            "record as wanted, 0 duplicates, 0 foreign items touched, 0 put-codes changed.",
        ],
    )
