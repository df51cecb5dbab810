"""Group-id records over the Member API, in every version and form: made, listed, found, changed, deleted."""

import itertools
import pathlib
import re
from typing import Any

import pytest
from lxml import etree

from registry.api.groups import EVERY, ISSN, PATH, WRONG_ISSN, Groups, group, read, review
from registry.api.people import JSON, NOBODY, NS, VERSIONS, XML, Api, code, told


@pytest.fixture
def groups(api: Api) -> Groups:
    return Groups(api)


def test_a_group_is_made_read_changed_and_deleted(groups: Groups) -> None:
    for version, form in EVERY:
        made_read_changed_and_deleted(groups, version, form)


def made_read_changed_and_deleted(groups: Groups, version: str, form: str) -> None:
    how: dict[str, Any] = {"version": version, "form": form}
    made = groups.ask("POST", body=group(type="peer-review service"), **how)
    assert (made.status, made.body) == (201, b"")
    address = made.headers["location"]
    assert address.startswith(f"https://registry.test/v{version}{PATH}/")
    number = int(address.rpartition("/")[2])
    said = group(type="peer-review service", **{"put-code": number})
    for who in (groups.keeper, groups.reader, groups.other):
        shown = groups.ask("GET", f"/{number}", who=who, **how)
        assert (shown.status, read(shown)) == (200, said)
        assert shown.headers["cache-control"] == "private, no-store"
    changed = {**said, "name": "Bees & Wasps" if form == JSON else "Bees and Wasps", "group-id": "publons:b2"}
    answer = groups.ask("PUT", f"/{number}", changed, **how)
    assert (answer.status, read(answer)) == (200, changed)
    assert read(groups.ask("GET", f"/{number}", **how)) == changed
    gone = groups.ask("DELETE", f"/{number}", **how)
    assert (gone.status, gone.body) == (204, b"")
    assert told(groups.ask("GET", f"/{number}", **how)) == (404, 9026)
    assert groups.stored() == []


def test_the_address_keeps_the_name_by_which_the_api_was_asked(groups: Groups) -> None:
    made = groups.ask("POST", body=group(), prefix="/api")
    assert made.headers["location"].startswith(f"https://registry.test/api/v3.0{PATH}/")
    assert groups.api.place.http.get(made.headers["location"]).status == 401


def test_pages_count_all_there_are(groups: Groups) -> None:
    for number in range(5):
        groups.add(group(f"publons:{number:02}", name=f"Group {number}"))
        groups.api.place.clock.advance(1000)
    pages: list[tuple[str, int, int, list[int]]] = [
        ("", 1, 100, [0, 1, 2, 3, 4]),
        ("?page-size=2", 1, 2, [0, 1]),
        ("?page=3&page-size=2", 3, 2, [4]),
        ("?page=4&page-size=2", 4, 2, []),
    ]
    for (version, form), (query, page, per_page, shown) in itertools.product(EVERY, pages):
        answer = groups.ask("GET", query, version=version, form=form, who=groups.reader)
        names = [f"Group {number}" for number in shown]
        if form == JSON:
            found = answer.json()
            assert [found[key] for key in ("total", "page", "page-size")] == [5, page, per_page]
            assert [one["name"] for one in found["group-id-record"]] == names
            assert (found["last-modified-date"] is not None) == bool(shown)
        else:
            root = etree.fromstring(answer.body)
            numbers = [root.findtext(NS % ("group-id", key)) for key in ("total", "page", "page-size")]
            assert numbers == ["5", str(page), str(per_page)]
            assert [one.text for one in root.iter(NS % ("group-id", "name"))] == names


NO_PAGES = ("page=x", "page=0", "page=-1", "page=", "page=1.5", "page=²", "page=99999999999999999999",
            "page-size=0", "page-size=1001", "page-size=ten")  # fmt: skip


def test_a_page_that_is_none_is_9020(groups: Groups) -> None:
    for (version, form), query in itertools.product(EVERY, NO_PAGES):
        assert told(groups.ask("GET", f"?{query}", version=version, form=form)) == (400, 9020), query


LOOK_UPS = [
    ("group-id=publons:bees", True),
    ("group-id=%20PUBLONS:Bees%20", True),
    ("group-id=publons:bee", False),
    ("group-id=", False),
    ("name=bee%20reviews", True),
    ("name=%20Bee%20Reviews%20", True),
    ("name=Bee", False),
    ("group-id=publons:bee&name=Bee%20Reviews", False),
    ("group-id=publons:bees&page=x", True),
]


def test_a_group_is_found_by_id_or_by_name_and_none_is_an_empty_record(groups: Groups) -> None:
    there, nothing = group(**{"put-code": groups.add()}), dict.fromkeys(group())
    for (version, form), (query, found) in itertools.product(EVERY, LOOK_UPS):
        answer = groups.ask("GET", f"?{query}", version=version, form=form, who=groups.reader)
        assert (answer.status, read(answer)) == (200, there if found else nothing), query


def test_the_group_of_an_issn_is_made_when_it_is_asked_for(groups: Groups) -> None:
    first = read(groups.ask("GET", "?group-id=ISSN:13886150", who=groups.reader))
    assert (first["group-id"], first["name"], first["type"]) == (ISSN, "1388-6150", "journal")
    number = first["put-code"]
    for version, form in EVERY:
        how: dict[str, Any] = {"version": version, "form": form}
        assert read(groups.ask("GET", f"?group-id={ISSN}", who=groups.reader, **how)) == first
        assert told(groups.ask("GET", f"?group-id={WRONG_ISSN}", **how)) == (400, 9053)
        # It is the registry's own: nobody changes or deletes it.
        assert told(groups.ask("DELETE", f"/{number}", **how)) == (403, 9010)
        assert told(groups.ask("PUT", f"/{number}", {**first, "name": "Mine"}, **how)) == (403, 9010)
    assert groups.stored() == [ISSN]


def test_who_posts_the_group_of_an_issn_finds_it_there_already(groups: Groups) -> None:
    for _ in range(2):
        answer = groups.ask("POST", body=group(ISSN))
        assert told(answer) == (409, 9025)
        made = read(groups.ask("GET", f"?group-id={ISSN}"))["put-code"]
        assert str(made) in answer.json()["developer-message"]
    number = groups.add()
    for group_id, problem in ((ISSN, (409, 9025)), (WRONG_ISSN, (400, 9053))):
        assert told(groups.ask("PUT", f"/{number}", group(group_id, **{"put-code": number}))) == problem
    assert groups.stored() == [ISSN, "publons:bees"]


def test_what_nobody_sees_is_taken_out_of_names(groups: Groups) -> None:
    number = groups.add(group(name="Bee\u202e \u200bReviews\u00ad, می\u200cخواهم"))
    assert read(groups.ask("GET", f"/{number}"))["name"] == "Bee Reviews, می\u200cخواهم"
    assert (
        read(groups.ask("GET", "?name=bee%20reviews,%20%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85"))[
            "put-code"
        ]
        == number
    )


def test_head_options_and_pages_of_others(groups: Groups) -> None:
    number = groups.add()
    head = groups.ask("HEAD", f"/{number}")
    assert (head.status, head.body) == (200, b"")
    preflight = groups.ask("OPTIONS", f"/{number}", who=NOBODY)
    assert preflight.status == 204
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert groups.ask("GET", f"/{number}").headers["access-control-allow-origin"] == "*"
    assert told(groups.ask("PATCH", f"/{number}")) == (405, 9001)
    assert groups.api.ask("GET", f"/v3.0{PATH}/{number}", groups.keeper, accept="text/html").status == 406


def test_a_group_that_a_review_names_stays_what_it_is(groups: Groups) -> None:
    api, number = groups.api, groups.add(group("publons:Bees"))
    assert code(api.post(review("publons:wasps"), path="/peer-review")) == 9020
    made = api.post(review("publons:bees"), path="/peer-review")
    assert made.status == 201, made.text
    assert told(groups.ask("DELETE", f"/{number}")) == (409, 9040)
    moved = group("publons:elsewhere", **{"put-code": number})
    assert told(groups.ask("PUT", f"/{number}", moved)) == (409, 9040)
    renamed = group("publons:bees", name="Bees", **{"put-code": number})
    assert groups.ask("PUT", f"/{number}", renamed).status == 200
    assert api.ask("DELETE", made.headers["location"].partition(".test")[2], api.member).status == 204
    assert groups.ask("PUT", f"/{number}", moved).status == 200
    assert groups.ask("DELETE", f"/{number}").status == 204


def test_judged_by_orcids_schemas_and_samples(groups: Groups, shared_data: pathlib.Path) -> None:
    for version in VERSIONS:
        folder = shared_data / "orcid"
        schema = etree.XMLSchema(
            etree.parse(folder / "xsd" / f"group-id-{version}" / f"group-id-{version}.xsd")
        )
        sample = (folder / "samples" / version / "group-id" / f"group-id-{version}.xml").read_bytes()
        # The samples' ISSN is a row of letters.
        body = re.sub(rb' put-code="\d+"', b"", sample).replace(
            b"issn:xxxxxxxx", b"publons:" + version.encode()
        )
        made = groups.ask("POST", body=body, version=version, form=XML)
        assert made.status == 201, made.text
        for rest in ("", "/" + made.headers["location"].rpartition("/")[2], "?name=nobody"):
            answer = groups.ask("GET", rest, version=version, form=XML)
            valid = schema.validate(etree.fromstring(answer.body))
            assert valid == (rest != "?name=nobody"), (
                schema.error_log
            )  # ORCID's empty record is valid by none
