"""What is said of people, by local id: the function that programs and files go through."""

from typing import Any

import pytest

from hub.staff.desk import BY, actions
from hub.web.town import Town
from laelia.hub.organisations import Clash, units
from laelia.hub.people import roster

HINT = "0000-0002-1825-0097"


def put(town: Town, local_id: str, **said: Any) -> roster.Put:
    with town.hub.db.writing() as tx:
        return roster.put(tx, town.clock.now(), BY, town.library, local_id=local_id, **said)


def person(town: Town, number: int | None) -> Any:
    [found] = [one for one in town.rows("person") if one.id == number]
    return found


def test_made_changed_and_left(town: Town):
    with town.hub.db.writing() as tx:
        unit = units.put(tx, town.clock.now(), BY, town.library, code="SCI", name="Science")
    said = {"email": "Ada@uni.example", "given_names": " Ada ", "family_names": "L.", "unit": "SCI"}
    made = put(town, "0017", **said, orcid_hint=f"https://orcid.org/{HINT}")
    row = person(town, made.id)
    assert (made.outcome, row.local_id, row.email, row.given_names, row.unit_id, row.orcid_hint) == (
        "added", "0017", "ada@uni.example", "Ada", unit, HINT,
    )  # fmt: skip
    assert (row.orcid, row.state, row.invited) == (None, "invited", None)
    assert put(town, "0017", **said).outcome == "same"
    assert put(town, "0017", email="lovelace@uni.example").outcome == "changed"
    row = person(town, made.id)
    assert (row.email, row.given_names, row.unit_id, row.orcid_hint) == (
        "lovelace@uni.example", "Ada", unit, HINT,
    )  # fmt: skip
    assert put(town, "0017", unit="", given_names="", orcid_hint="").outcome == "changed"
    row = person(town, made.id)
    assert (row.given_names, row.unit_id, row.orcid_hint) == (None, None, None)
    assert actions(town)[-3:] == ["person-added", "person-changed", "person-changed"]


def test_an_address_finds_who_has_no_local_id_yet(town: Town):
    with town.hub.db.writing() as tx:
        [made] = roster.put_all(tx, 1, town.library, [roster.Entry(email="ada@uni.example")])
    assert put(town, "17", email="Ada@uni.example").id == made.id
    assert person(town, made.id).local_id == "17"


def test_what_cannot_be_is_said_and_nothing_stored(town: Town):
    put(town, "17", email="ada@uni.example")
    before = town.rows("person"), town.rows("audit")
    for said, why in (
        ({"local_id": "18", "email": "ada@uni.example"}, "somebody else"),
        ({"local_id": " "}, "local id is empty"),
        ({"local_id": "18", "email": "nobody"}, "no e-mail address"),
        ({"local_id": "18", "unit": "LAW"}, "no unit with the code LAW"),
        ({"local_id": "18", "orcid_hint": "0000-0002-1825-0098"}, "last character is wrong"),
    ):
        with pytest.raises(Clash, match=why):
            put(town, **said)
    assert (town.rows("person"), town.rows("audit")) == before


def test_of_many_each_is_judged_by_itself(town: Town):
    put(town, "1", email="one@uni.example")
    told = [
        roster.Entry(local_id="2", email="one@uni.example"),
        roster.Entry(local_id="3", email="three@uni.example"),
        roster.Entry(local_id="3", email="three@uni.example"),
        roster.Entry(local_id="4", email="three@uni.example"),
        roster.Entry(local_id="1", given_names="One"),
        roster.Entry(email="five@uni.example"),
    ]
    with town.hub.db.writing() as tx:
        done = roster.put_all(tx, town.clock.now(), town.library, told)
    assert [one.outcome for one in done] == ["clash", "added", "clash", "clash", "changed", "added"]
    assert sorted(str(one.local_id) for one in town.rows("person")) == ["1", "3", "None"]
    assert person(town, done[4].id).given_names == "One"
    assert person(town, done[5].id).email == "five@uni.example"


def test_environments_stay_apart(town: Town):
    put(town, "1", email="one@uni.example")
    with town.hub.db.writing() as tx:
        made = roster.put(tx, 1, BY, town.datacite, local_id="1", email="one@uni.example")
    assert made.outcome == "added"
    assert len(town.rows("person")) == 2
