"""Loading records: in parts and in whole, in any order, again and again, onto what is here already."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from laelia.lib import faults
from laelia.model.activities import Works
from laelia.model.common import Source
from laelia.model.identifiers import check_digit
from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.grants import clients
from laelia.registry.record import items, people
from laelia.registry.registers import put_codes
from registry.bulk.documents import (
    CLIENT,
    DAY,
    EDSGER,
    GRACE,
    YEAR_2020,
    funding,
    json,
    orcid_uri,
    record,
    summary,
    work,
    xml,
)  # fmt: skip
from registry.bulk.loaded import Registry


def counts(**found: int) -> dict[str, int]:
    return {"added": 0, "changed": 0, "same": 0, "removed": 0, **found}


def test_a_record_is_there_with_all_it_says(registry: Registry) -> None:
    report = registry.load(xml(record(summary(7), fundings=(8,), emails=("grace@example.org",))))
    assert report.summary() == {
        "documents": 1, "records": {"added": 1, "changed": 0, "same": 0}, "items": counts(added=3),
        "refused": {}, "noted": {},
    }  # fmt: skip
    found = registry.record()
    assert found["history"]["last-modified-date"]["value"] == YEAR_2020 + DAY
    assert found["person"]["name"]["family-name"]["value"] == "Hopper"
    assert found["person"]["emails"]["email"][0]["email"] == "grace@example.org"
    [group] = found["activities-summary"]["works"]["group"]
    assert group["work-summary"][0]["put-code"] == 7
    assert group["work-summary"][0]["source"]["source-name"]["value"] == "Written Here"


def test_loading_again_changes_nothing(registry: Registry) -> None:
    documents = (
        xml(record(summary(7), fundings=(8,), emails=("g@example.org",))),
        xml(work(7)),
        json(funding(8)),
    )
    assert registry.load(*documents).items == {"added": 3, "changed": 2}
    before = registry.state()
    report = registry.load(*documents, *reversed(documents))
    assert (set(report.items), set(report.records)) == ({"same"}, {"same"})
    assert registry.state() == before


def test_the_same_in_an_older_version_changes_nothing(registry: Registry) -> None:
    """2.1 has no word for the URL of a summary, nor for software: what is known of them stays."""
    known = summary(7, url="https://example.org/7")
    known.type = "software"
    registry.load(xml(record(known)), xml(work(7, **{"url": "https://example.org/7"})))
    known.type = "software"
    before = registry.state()
    assert set(registry.load(xml(record(known), "2.1")).items) == {"same"}
    assert registry.state() == before


def orders() -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every order of three documents, each for a record of its own."""
    for i, order in enumerate(permutations(range(3))):
        base = f"00000002182500{i}"
        digits = base + check_digit(base)
        yield "-".join(digits[at : at + 4] for at in range(0, 16, 4)), order


def test_summaries_and_full_items_end_the_same_whichever_comes_first(registry: Registry) -> None:
    for orcid, order in orders():
        works = summary(7, orcid=orcid), summary(9, orcid=orcid)
        documents = [
            xml(record(*works, fundings=(21, 8, 13), day=2, orcid=orcid)),
            xml(work(7, orcid=orcid)),
            xml(funding(8, orcid=orcid)),
        ]
        for i in order:
            assert not registry.load(documents[i]).refused
        assert registry.get("/work/7", orcid).json()["short-description"] == "What bees do all day."
        assert registry.get("/work/9", orcid).json()["short-description"] is None
        assert registry.put_codes(orcid, "fundings", "funding") == [21, 8, 13]
        found = registry.record(orcid)["history"]
        assert found["last-modified-date"]["value"] == YEAR_2020 + 2 * DAY
        assert found["submission-date"]["value"] == YEAR_2020


def test_the_later_date_wins_and_keeps_what_it_does_not_tell(registry: Registry) -> None:
    """An early full item, a later summary and one from between: in any order the end is the same."""
    for orcid, order in orders():
        documents = [
            xml(work(7, 1, "Early", orcid)),
            xml(summary(7, 3, "Late", orcid)),
            xml(summary(7, 2, "Between", orcid)),
        ]
        for i in order:
            registry.load(documents[i])
        found = registry.get("/work/7", orcid).json()
        assert found["title"]["title"]["value"] == "Late"
        assert found["short-description"] == "What bees do all day."
        assert found["last-modified-date"]["value"] == YEAR_2020 + 3 * DAY


def test_lists_and_single_items_make_a_bare_record(registry: Registry) -> None:
    listed = Works(
        group=record(summary(7), summary(8)).activities_summary.works.group, path=f"/{GRACE}/works"
    )
    assert registry.load(xml(listed), xml(work(9))).items == {"added": 3}
    assert sorted(registry.put_codes()) == [7, 8, 9]
    assert registry.record()["person"]["name"] is None
    registry.load(xml(record(summary(7), summary(8), summary(9))))
    assert registry.record()["person"]["name"]["given-names"]["value"] == "Grace"


def test_new_put_codes_start_above_loaded_ones(registry: Registry) -> None:
    registry.load(xml(work(0)), xml(work(4_000_000)))
    assert sorted(registry.put_codes()) == [0, 4_000_000]
    with registry.place.service.db.writing() as tx:
        assert put_codes.take(tx) == 4_000_001
        put_codes.start_above(tx, 12)
        assert put_codes.take(tx) == 4_000_002


def test_names_of_sources_stay_as_written_until_the_client_is_known_here(registry: Registry) -> None:
    registry.load(xml(work(7)))
    assert registry.get("/work/7").json()["source"]["source-name"]["value"] == "Written Here"
    with registry.place.service.db.writing() as tx:
        clients.add(tx, registry.place.clock.now(), client_id=CLIENT, name="Known Here", kind="premium")
    registry.place.set_client(registry.place.member("Another"), name="Renamed")  # names-revision rises
    assert registry.get("/work/7").json()["source"]["source-name"]["value"] == "Known Here"


def test_a_persons_own_name_as_written_stays_until_she_changes_it(registry: Registry) -> None:
    own = Source(source_orcid=orcid_uri(GRACE), source_name="Amazing Grace")
    registry.load(xml(record(summary(7, source=own))))
    assert registry.get("/work/7").json()["source"]["source-name"]["value"] == "Amazing Grace"
    with registry.place.service.db.writing() as tx:
        people.set_names(tx, registry.place.clock.now(), GRACE, given="Grace B.", family="Hopper")
    assert registry.get("/work/7").json()["source"]["source-name"]["value"] == "Grace B. Hopper"


def test_followers_see_one_change_of_the_record(registry: Registry) -> None:
    before = len(registry.place.rows("change"))
    registry.load(xml(record(summary(7), summary(8))))
    [row] = registry.place.rows("change")[before:]
    assert (row.orcid, row.kind, row.section, row.item) == (GRACE, "record", "record", None)
    assert (row.actor, row.client, row.time) == (None, None, registry.place.clock.now())


def test_works_are_counted(registry: Registry) -> None:
    registry.load(xml(record(summary(7), summary(8), day=1)), xml(work(9)))
    assert {row.orcid: row.works for row in registry.place.rows("record")}[GRACE] == 3


# ---- later documents, and what is done here


def test_a_later_record_takes_away_what_came_by_load_and_nothing_else(registry: Registry) -> None:
    first = record(summary(7), summary(8), summary(9, visibility="private"), emails=("g@example.org",))
    registry.load(xml(first))
    with registry.place.service.db.writing() as tx:
        here = items.add(tx, YEAR_2020 + DAY, person(GRACE), GRACE, BY_NAME["works"], work(1))
    with registry.place.service.db.writing() as tx:
        items.set_visibility(tx, YEAR_2020 + DAY, person(GRACE), GRACE, BY_NAME["works"], here, "public")
    report = registry.load(xml(record(summary(7), day=5, biography=None, keywords=())))
    assert report.items == {"same": 1, "removed": 2}
    assert sorted(registry.put_codes()) == sorted([7, here])
    found = registry.record()
    assert found["person"]["biography"] is None
    assert found["person"]["emails"]["email"] == []
    assert {row.put_code for row in registry.place.rows("item")} == {7, 9, here}


@pytest.mark.parametrize(
    "changed",
    [
        {"day": 1},  # not later
        {"day": 5, "broken": True},  # not valid: it may say more than is understood
    ],
)
def test_no_other_record_takes_anything_away(registry: Registry, changed: dict[str, Any]) -> None:
    registry.load(xml(record(summary(7), summary(8))))
    later = xml(record(summary(7), day=changed["day"]))
    if "broken" in changed:
        later = later.replace(b"<activities:works", b"<activities:songs/><activities:works")
    registry.load(later)
    assert sorted(registry.put_codes()) == [7, 8]


def test_what_the_owner_made_private_stays_private(registry: Registry) -> None:
    document = xml(record(summary(7), summary(8)))
    registry.load(document)
    with registry.place.service.db.writing() as tx:
        items.set_visibility(
            tx, registry.place.clock.now(), person(GRACE), GRACE, BY_NAME["works"], 7, "private"
        )
    report = registry.load(document)
    assert registry.put_codes() == [8]
    assert report.noted == {"older": 1}
    much_later = 4_000
    registry.load(xml(record(summary(7, much_later), summary(8, much_later), day=much_later)))
    registry.load(xml(record(summary(8, much_later), day=much_later + 1)))
    assert registry.put_codes() == [8]
    visible = {row.put_code: row.visibility for row in registry.place.rows("item") if row.section == "works"}
    assert visible == {7: "private", 8: "public"}


def test_what_was_said_here_later_stays(registry: Registry) -> None:
    registry.load(xml(record()))
    with registry.place.service.db.writing() as tx:
        people.set_names(tx, registry.place.clock.now(), GRACE, given="Grace", family="Murray")
    report = registry.load(xml(record(day=9, biography="Another.")))
    found = registry.record()["person"]
    assert found["name"]["family-name"]["value"] == "Murray"
    assert found["biography"]["content"] == "Another."
    assert report.noted == {"older": 1}


def test_a_record_made_here_is_completed_and_stays_claimed(registry: Registry) -> None:
    with registry.place.service.db.writing() as tx:
        people.create_record(tx, YEAR_2020, given="Grace", orcid=GRACE, email="grace@example.org")
    for day in (1, 2):
        document = record(summary(7), day=day)
        document.history.claimed = False
        registry.load(xml(document))
    found = registry.record()
    assert found["history"]["claimed"] is True
    assert found["person"]["name"]["family-name"]["value"] == "Hopper"
    assert [row.email for row in registry.place.rows("email") if row.orcid == GRACE] == ["grace@example.org"]


@pytest.mark.parametrize("state", ["locked", "deactivated", "deprecated"])
def test_a_closed_record_is_left_alone(registry: Registry, state: str) -> None:
    registry.load(xml(record(summary(7))))
    with registry.place.service.db.writing() as tx:
        people.set_state(tx, YEAR_2020, GRACE, state, primary=EDSGER if state == "deprecated" else None)
    before = registry.state()
    assert registry.load(xml(record(summary(7), summary(8), day=9))).refused == {"state": 1}
    assert registry.state() == before


def test_an_address_of_another_record_is_refused_and_the_rest_loaded(registry: Registry) -> None:
    report = registry.load(xml(record(summary(7), emails=("ADA@example.org", "grace@example.org"))))
    assert report.refused == {"address": 1}
    found = registry.record()["person"]["emails"]["email"]
    assert [one["email"] for one in found] == ["grace@example.org"]
    assert "ADA@" not in orjson.dumps(registry.told).decode()


def test_a_failure_half_way_leaves_whole_records_and_can_be_run_again(registry: Registry) -> None:
    documents = (xml(record(summary(7))), xml(record(summary(8, orcid=EDSGER), orcid=EDSGER)))
    faults.arm("registry.load.stored", "raise", after=2)
    with pytest.raises(faults.Fault):
        registry.load(*documents)
    faults.disarm()
    assert registry.put_codes() == [7]
    assert registry.get("/record", EDSGER).status == 404
    report = registry.load(*documents)
    assert report.records == {"same": 1, "added": 1}
    with registry.place.service.db.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(tables.external_id)).scalar() == 2
