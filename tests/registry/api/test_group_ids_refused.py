"""What is refused of group-id records, in every version and form, and to whom."""

import itertools
from typing import Any

import pytest

from laelia.registry.grants import tokens
from registry.api.groups import EVERY, ISSN, WRONG_ISSN, Groups, group
from registry.api.people import JSON, NOBODY, Api, told


@pytest.fixture
def groups(api: Api) -> Groups:
    return Groups(api)


WRITES: list[tuple[str, dict[str, Any], int, int, int]] = [
    # what is sent, status, code in JSON, code in XML
    ("put-code in the body", group(**{"put-code": 7}), 400, 9024, 9024),
    ("id that is there", group("publons:THERE"), 409, 9025, 9025),
    ("wrong ISSN", group(WRONG_ISSN), 400, 9053, 9053),
    ("no ISSN at all", group("issn:journal"), 400, 9053, 9053),
    ("unknown prefix", group("bees:abc"), 400, 9047, 9012),
    ("nothing behind the prefix", group("publons:"), 400, 9047, 9012),
    ("character that ids can't have", group("publons:a b"), 400, 9047, 9012),
    ("unknown type", group(type="poem"), 400, 9047, 9012),
    ("no name", group(name=""), 400, 9047, 9012),
    ("long name", group(name="a" * 1001), 400, 9047, 9012),
    ("invisible name", group(name="\u2028\u202e\ufeff"), 400, 9020, 9020),
    ("long description", group(description="a" * 1001), 400, 9047, 9012),
]


def test_what_is_refused_of_a_new_group(groups: Groups) -> None:
    groups.add(group("publons:there"))
    for (version, form), (what, body, status, in_json, in_xml) in itertools.product(EVERY, WRITES):
        answer = groups.ask("POST", body=body, form=form, version=version)
        assert told(answer) == (status, in_json if form == JSON else in_xml), (what, answer.text)
    assert groups.stored() == ["publons:there"]


def test_what_is_refused_of_a_change(groups: Groups) -> None:
    mine, there = groups.add(), groups.add(group("publons:there"))
    before = groups.api.place.rows("group_id")
    changed = group("publons:new", **{"put-code": mine})
    for number, body, who, problem in (
        (mine, group("publons:new"), groups.keeper, (400, 9019)),
        (mine, group("publons:new", **{"put-code": there}), groups.keeper, (400, 9019)),
        (mine, group("publons:there", **{"put-code": mine}), groups.keeper, (409, 9025)),
        (mine, changed, groups.other, (403, 9010)),
        (mine, changed, groups.reader, (403, 9038)),
        (mine + 1000, group(**{"put-code": mine + 1000}), groups.keeper, (404, 9026)),
    ):
        assert told(groups.ask("PUT", f"/{number}", body, who)) == problem
    assert told(groups.ask("DELETE", f"/{mine}", who=groups.other)) == (403, 9010)
    assert groups.api.place.rows("group_id") == before


NOBODYS = [
    ("77777", 404, 9026),
    ("-1", 404, 9026),
    ("9" * 30, 404, 9026),
    ("b", 400, 9034),
    ("1.5", 400, 9034),
]


def test_a_number_that_is_nobodys(groups: Groups) -> None:
    for (version, form), (number, *problem) in itertools.product(EVERY, NOBODYS):
        for method in ("GET", "DELETE"):
            answer = groups.ask(method, f"/{number}", version=version, form=form)
            assert told(answer) == tuple(problem), number


def test_who_may(groups: Groups) -> None:
    api, number = groups.api, groups.add()
    person_may = api.token(api.member_client.id, api.ada, "/group-id-record/update", "/read-limited")
    public = api.token(api.public_client.id, None, "/read-public")
    plain = api.reader
    table = [
        # token, reading, writing
        (groups.keeper, 200, 201),
        (groups.reader, 200, (403, 9038)),
        (person_may, 200, 201),
        (plain, (403, 9038), (403, 9038)),
        (api.member, (403, 9038), (403, 9038)),
        (public, (401, 9017), (401, 9017)),
        ("no-token", (401, None), (401, None)),
        (NOBODY, (401, None), (401, None)),
    ]
    for at, (who, reading, writing) in enumerate(table):
        for rest in ("", f"/{number}", "?name=x", f"?group-id={ISSN}"):
            answer = groups.ask("GET", rest, who=who)
            assert (answer.status if reading == 200 else told(answer)) == reading, (at, rest)
        answer = groups.ask("POST", body=group(f"publons:who.{at}"), who=who)
        assert (answer.status if writing == 201 else told(answer)) == writing, at


def test_a_permission_that_was_taken_back_removes_no_group(groups: Groups) -> None:
    """ORCID's exception is for what stands on the person's record."""
    api, number = groups.api, groups.add()
    given = api.token(api.member_client.id, api.ada, "/group-id-record/update")
    with api.place.service.db.writing() as tx:
        tokens.revoke_all(tx, api.now, "user", orcid=api.ada)
    assert groups.ask("DELETE", f"/{number}", who=given).status == 401
    assert groups.stored() == ["publons:bees"]


def test_on_the_public_api_there_are_none(groups: Groups) -> None:
    for method in ("GET", "POST"):
        assert told(groups.ask(method, prefix="/pub", body=group() if method == "POST" else None)) == (
            405,
            9001,
        )
