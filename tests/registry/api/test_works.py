"""Adding, reading, changing and deleting works, in every version and form."""

import itertools

import pytest
from lxml import etree

from registry.api.people import (
    FORMS,
    JSON,
    VERSIONS,
    XML,
    Api,
    external_id,
    put_codes,
    told,
    work,
    xml_work,
)

TYPES = [
    (XML, "xml"), ("application/vnd.orcid+xml", "xml"), ("application/orcid+xml", "xml"),
    (JSON, "json"), ("application/vnd.orcid+json", "json"), ("application/orcid+json", "json"),
]  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", FORMS)
def test_the_life_of_a_work(api: Api, version: str, form: str) -> None:
    body = work("10.5555/life") if form == JSON else xml_work("10.5555/life")
    made = api.post(body, version=version, accept=form)
    assert (made.status, made.body) == (201, b"")
    number = int(made.headers["location"].rpartition("/")[2])
    assert made.headers["location"] == f"https://registry.test/v{version}/{api.ada}/work/{number}"
    read = api.get(f"/work/{number}", api.member, version)
    assert read.json()["put-code"] == number
    assert read.json()["source"]["source-name"]["value"] == "Bee Library"
    assert read.json()["source"]["source-client-id"]["uri"].startswith(
        "http:" if version == "2.0" else "https:"
    )
    api.place.clock.advance(1000)
    body = (
        work("10.5555/life", title="Later", **{"put-code": number})
        if form == JSON
        else xml_work("10.5555/life", title="Later", attributes=f' put-code="{number}"')
    )
    put = api.put(number, body, version=version, accept=form)
    assert put.status == 200
    assert "Later" in put.text
    now = api.get(f"/work/{number}", version=version).json()
    assert now["title"]["title"]["value"] == "Later"
    assert now["last-modified-date"]["value"] == now["created-date"]["value"] + 1000
    gone = api.delete(number, version=version, accept=form)
    assert (gone.status, gone.body) == (204, b"")
    assert told(api.get(f"/work/{number}", version=version)) == (404, 9016)


@pytest.mark.parametrize("path", ["", "/record", "/person", "/personal-details", "/activities", "/works"])
def test_every_path_answers_in_every_form(api: Api, path: str) -> None:
    api.add()
    for version, (accept, kind) in itertools.product(VERSIONS, TYPES):
        answer = api.get(path, version=version, accept=accept)
        assert answer.status == 200
        assert answer.headers["content-type"].partition(";")[0] == accept
        if kind == "json":
            assert ("\n" in answer.text) is ("orcid" in accept)  # indented for the types named after ORCID
            assert answer.json()["path"] == f"/{api.ada}" + ("" if path == "/record" else path)
        else:
            assert etree.fromstring(answer.body).get("path") == f"/{api.ada}" + (
                "" if path == "/record" else path
            )


def test_without_accept_the_answer_is_orcid_xml_or_the_kind_of_the_body(api: Api) -> None:
    assert api.get("/works", accept=None).headers["content-type"].startswith("application/vnd.orcid+xml")
    assert api.get("/works", accept="*/*").headers["content-type"].startswith("application/vnd.orcid+xml")
    number = api.add(work("10.5555/a"))
    put = api.put(number, work("10.5555/a", title="B", **{"put-code": number}), accept=None)
    assert put.headers["content-type"].startswith(JSON)


@pytest.mark.parametrize("accept", ["text/html", "text/xml", "image/png"])
def test_a_form_that_is_not_offered_is_406(api: Api, accept: str) -> None:
    assert told(api.get("/works", accept=accept)) == (406, 9001)


def test_an_item_takes_the_owners_default_visibility_and_no_source_from_the_body(api: Api) -> None:
    body = work(visibility="private", source={"source-name": {"value": "Somebody else"}})
    number = api.add(body)
    read = api.get(f"/work/{number}").json()
    assert read["visibility"] == "public"
    assert read["source"]["source-name"]["value"] == "Bee Library"
    api.set_record(default_visibility="limited")
    assert told(api.get(f"/work/{api.add()}")) == (403, 9039)


def test_only_the_owner_changes_visibility(api: Api) -> None:
    number = api.add(work("10.5555/v"), visibility="limited")
    body = work("10.5555/v", title="New", **{"put-code": number})
    assert told(api.put(number, {**body, "visibility": "public"})) == (403, 9035)
    assert api.put(number, {**body, "visibility": "limited"}).status == 200
    assert api.put(number, {**body, "title": {"title": {"value": "Newer"}}}).json()["visibility"] == "limited"


def test_a_put_of_what_is_there_already_changes_nothing(api: Api) -> None:
    body = work("10.5555/same")
    number = api.add(body)
    before = api.place.rows("change")
    api.place.clock.advance(5000)
    put = api.put(number, {**body, "put-code": number})
    assert put.status == 200
    assert put.json()["last-modified-date"] == put.json()["created-date"]
    assert api.place.rows("change") == before


def test_identifiers_are_normalised_in_answers_of_3_0(api: Api) -> None:
    number = api.add(work("https://doi.org/10.5555/ABC"))
    (one,) = api.get(f"/work/{number}").json()["external-ids"]["external-id"]
    assert one["external-id-value"] == "https://doi.org/10.5555/ABC"
    assert one["external-id-normalized"] == {"value": "10.5555/abc", "transient": True}
    number = api.add(work("no doi at all"))
    (one,) = api.get(f"/work/{number}").json()["external-ids"]["external-id"]
    assert one["external-id-normalized"] is None
    assert one["external-id-normalized-error"]["error-code"] == "8001"
    assert "normalized" not in api.get(f"/work/{number}", version="2.1").text


def test_a_name_of_a_client_is_looked_up_when_read(api: Api) -> None:
    number = api.add()
    assert "Bee Library" in api.get("/works").text
    api.place.set_client(api.member_client, name="Bee Library of the North")
    for path in (f"/work/{number}", "/works", "/record"):
        assert "Bee Library of the North" in api.get(path).text


class TestGroups:
    def test_works_that_share_an_identifier_are_one_group_and_the_preferred_stands_first(
        self, api: Api
    ) -> None:
        first = api.add(work("10.5555/shared"))
        second = api.add(work("https://doi.org/10.5555/SHARED"), api.other)
        api.add(work("10.5555/apart"))
        groups = api.get("/works").json()["group"]
        assert sorted(len(group["work-summary"]) for group in groups) == [1, 2]
        (both,) = (group for group in groups if len(group["work-summary"]) == 2)
        assert [one["put-code"] for one in both["work-summary"]] == [first, second]
        assert len(both["external-ids"]["external-id"]) == 1
        in_2 = api.get("/works", version="2.1").json()["group"]
        assert sorted(len(group["work-summary"]) for group in in_2) == [1, 1, 1]  # raw values differ there

    def test_a_work_can_join_two_groups_into_one(self, api: Api) -> None:
        api.add(work("10.5555/a"))
        api.add(work("10.5555/b"), api.other)
        assert len(api.get("/works").json()["group"]) == 2
        both = [external_id("10.5555/c"), external_id("10.5555/a", relationship="version-of"),
                external_id("10.5555/b", relationship="version-of")]  # fmt: skip
        api.add(work(**{"external-ids": {"external-id": both}}))
        (group,) = api.get("/works").json()["group"]
        assert len(group["work-summary"]) == 3
        assert len(api.get("/works", version="2.0").json()["group"]) == 3  # version-of is unknown to 2.x

    def test_the_book_a_chapter_is_part_of_does_not_group_it(self, api: Api) -> None:
        book = external_id("978-3-16-148410-0", "isbn", "part-of")
        for doi in ("10.5555/ch1", "10.5555/ch2"):
            api.add(work(**{"external-ids": {"external-id": [external_id(doi), book]}}))
        assert [len(group["work-summary"]) for group in api.get("/works").json()["group"]] == [1, 1]

    def test_groups_are_ordered_by_date_then_title(self, api: Api) -> None:
        def dated(title: str, year: str | None, month: str | None = None) -> int:
            date = None if year is None else {"year": {"value": year}, "month": month and {"value": month}}
            return api.add(work(title=title, **{"publication-date": date}))

        made = [dated("a", None), dated("b", "2019"), dated("c", "2020", "03"), dated("d", "2020", "11"),
                dated("a", "2019")]  # fmt: skip
        assert put_codes(api.get("/works")) == [made[3], made[2], made[4], made[1], made[0]]

    def test_a_hidden_item_joins_nothing_and_dates_nothing(self, api: Api) -> None:
        first = api.add(work("10.5555/a"))
        api.add(work("10.5555/b"), api.other)
        api.place.clock.advance(9000)
        both = [external_id(f"10.5555/{one}", relationship="version-of") for one in "ab"]
        both.append(external_id("10.5555/c"))
        linking = api.add(work(**{"external-ids": {"external-id": both}}), api.other, visibility="private")
        seen = api.get("/activities").json()
        assert len(seen["works"]["group"]) == 2
        created = api.get(f"/work/{first}").json()["created-date"]["value"]
        assert seen["last-modified-date"]["value"] == created
        api.show(linking, "public")
        assert len(api.get("/works").json()["group"]) == 1


class TestBulk:
    def test_at_most_a_hundred_are_read(self, api: Api) -> None:
        several = ",".join(str(number) for number in range(1, 101))
        assert len(api.get(f"/works/{several}").json()["bulk"]) == 100
        assert told(api.get(f"/works/{several},101")) == (400, 9042)

    def test_reading_several_gives_an_error_for_each_that_is_not_there(self, api: Api) -> None:
        first, second = api.add(), api.add()
        got = api.get(f"/works/{second},9999,{first}").json()["bulk"]
        assert [one.get("work", {}).get("put-code") for one in got] == [first, second, None]
        assert got[2]["error"]["error-code"] == 9034
        assert told(api.get(f"/works/{first},x")) == (400, 9006)


def test_duplicates_are_of_one_source_and_of_self(api: Api) -> None:
    first = api.add(work("10.5555/dup"))
    again = api.post(work("https://doi.org/10.5555/DUP"))
    assert told(again) == (409, 9021)
    assert str(first) in again.json()["developer-message"]
    assert api.post(work("10.5555/dup"), api.other).status == 201
    part = [external_id("10.5555/x"), external_id("10.5555/dup", relationship="part-of")]
    assert api.post(work(**{"external-ids": {"external-id": part}})).status == 201
    second = api.add(work("10.5555/other"))
    assert told(api.put(second, work("10.5555/dup", **{"put-code": second}))) == (409, 9021)
    assert api.put(first, work("10.5555/dup", title="Self", **{"put-code": first})).status == 200


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_before_3_0_duplicates_are_of_what_was_written(api: Api, version: str) -> None:
    api.add(work("10.5555/dup"), version=version)
    assert told(api.post(work("10.5555/dup"), version=version)) == (409, 9021)
    assert api.post(work("https://doi.org/10.5555/DUP"), version=version).status == 201
    assert told(api.post(work("10.5555/DUP"))) == (409, 9021)


def test_put_codes_are_never_used_again(api: Api) -> None:
    first = api.add()
    api.delete(first)
    assert api.add() > first
