"""What every change leaves: a row that says who did what, and a new revision; a refused one leaves
nothing."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from laelia.registry.registers import put_codes
from registry.api.people import Api, told, work
from registry.place import Place


@pytest.fixture
def api(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield Api(place)
    place.close()


def revision(api: Api) -> int:
    return next(int(row.revision) for row in api.place.rows("record") if row.orcid == api.ada)


def test_each_change_is_a_row_and_a_revision(api: Api) -> None:
    start = revision(api)
    number = api.add(work("10.5555/c"))
    api.put(number, work("10.5555/c", title="New", **{"put-code": number}))
    api.show(number, "limited")
    api.delete(number)
    rows = [row for row in api.place.rows("change") if row.section == "works"]
    assert [(row.kind, row.item, row.orcid) for row in rows] == [
        (kind, number, api.ada) for kind in ("create", "update", "visibility", "delete")
    ]
    mine = api.member_client.id
    assert [(row.client, row.actor) for row in rows] == [
        (mine, api.ada), (mine, api.ada), (None, api.ada), (mine, api.ada)
    ]  # fmt: skip
    assert revision(api) == start + 4
    assert api.place.rows("external_id") == []


def test_what_is_refused_leaves_no_trace(api: Api) -> None:
    api.add(work("10.5555/c"))
    before = api.place.everything()
    refused = [
        api.post(work("10.5555/c")),
        api.post(work(title=" ")),
        api.put(999, work(**{"put-code": 999})),
        api.delete(999),
        api.delete(1, api.reader),
    ]
    assert all(answer.status >= 400 for answer in refused)
    assert api.place.everything() == before


def test_a_bulk_leaves_a_row_for_each_item_that_stayed(api: Api) -> None:
    body = {"bulk": [{"work": one} for one in (work("10.5555/a"), work("10.5555/a"), work("10.5555/b"))]}
    api.post(body, path="/works")
    assert len([row for row in api.place.rows("change") if row.section == "works"]) == 2
    assert len(api.place.rows("external_id")) == api.stored() == 2


def test_numbers_start_above_what_was_imported_and_never_go_back(api: Api) -> None:
    with api.place.service.db.writing() as tx:
        put_codes.start_above(tx, 5000)
        put_codes.start_above(tx, 40)
    assert api.add() > 5000


def test_the_record_says_when_it_last_changed(api: Api) -> None:
    api.place.clock.advance(60_000)
    api.add()
    history = api.get("/record").json()["history"]
    assert history["last-modified-date"]["value"] == api.now
    assert history["submission-date"]["value"] == api.now - 60_000
    assert told(api.get("/record")) == (200, None)


def test_a_confirmed_address_shows_at_once_though_the_record_was_kept(api: Api) -> None:
    from laelia.registry.record import people

    assert api.get("/record").json()["history"]["verified-email"] is False
    with api.place.service.db.writing() as tx:
        people.verify_email(tx, api.now, api.ada, "ada@example.org")
    assert api.get("/record").json()["history"]["verified-email"] is True
    assert api.get("/record").json()["person"]["emails"]["email"] == []  # private by default
