"""Writers at the same time: two posts of one DOI, and a follower of the change log beside writers."""

import pathlib
import threading
from collections.abc import Callable, Iterator

import pytest

from conftest import size
from laelia.lib.changes import Cursor, changes
from laelia.registry import tables
from registry.api.people import Api, work
from registry.at_once import at_once
from registry.place import Place


@pytest.fixture
def api(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield Api(place)
    place.close()


def test_of_two_posts_of_one_doi_one_gets_through(api: Api) -> None:
    for number in range(size(25, 500)):
        statuses: list[int] = []

        def post(doi: str = f"10.5555/race.{number}", seen: list[int] = statuses) -> None:
            seen.append(api.post(work(doi)).status)

        at_once(post, post, post)
        assert sorted(statuses) == [201, 409, 409]
    assert len({row.key for row in api.place.rows("external_id")}) == api.stored()


def test_a_follower_beside_eight_writers_misses_no_change_and_put_codes_are_never_shared(api: Api) -> None:
    people = [api.ada, api.sophie, *(api.new_record() for _ in range(6))]
    tokens = {one: api.token(api.member_client.id, one, "/activities/update") for one in people}
    rounds, done = size(12, 200), threading.Event()

    def write(orcid: str) -> None:
        for _ in range(rounds):
            answer = api.ask("POST", f"/v3.0/{orcid}/work", tokens[orcid], body=work())
            assert answer.status == 201

    seen: list[tuple[str, int]] = []

    def follow() -> None:
        cursor, last = Cursor(), False
        while True:
            with api.place.service.db.reading() as tx:
                rows, cursor = changes(tx, tables.change, cursor)
            seen.extend((row.orcid, row.item) for row in rows if row.section == "works")
            if not rows and last:
                return
            last = done.is_set()

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        at_once(*(lambda orcid=orcid: write(orcid) for orcid in people))
    finally:
        done.set()
        follower.join()
    stored = sorted((row.orcid, row.put_code) for row in api.place.rows("item"))
    assert sorted(seen) == stored
    assert len({number for _, number in stored}) == len(people) * rounds
