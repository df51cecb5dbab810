"""Who wrote what: what organisations did by the API stands on the owner's page, and she takes it back."""

import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from laelia.lib.browser import Browser, Page
from laelia.lib.clock import DAY, HOUR, MINUTE
from laelia.model.sections import BY_NAME
from laelia.registry import worker
from laelia.registry.access import person
from laelia.registry.account import delegates
from laelia.registry.record import items, runs, undo
from laelia.registry.record.runs import Hand
from laelia.registry.web.sources import PLACE
from registry.api.people import Api, external_id, put_codes, told, work
from registry.at_once import at_once
from registry.place import Place

EMPLOYMENT = {
    "organization": {
        "name": "Bee House",
        "address": {"city": "Bern", "country": "CH"},
        "disambiguated-organization": {
            "disambiguated-organization-identifier": "https://ror.org/00000bee7",
            "disambiguation-source": "ROR",
        },
    },
    "role-title": "Keeper",
    "start-date": {"year": {"value": "2020"}},
}


@pytest.fixture
def api(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    place = Place(
        new_database("laelia.registry.migrations"), tmp_path / "var", unknown_organisations="accept"
    )
    yield Api(place)
    place.close()


def opened(api: Api, query: str = "", browser: Browser | None = None) -> Page:
    return (browser or api.place.browser(api.place.ada)).open(api.place.at(PLACE + query))


def press(page: Page, words: str, containing: str = "") -> Page:
    """Press the first button of this name in a form that contains some text."""
    form = next(
        form
        for form in page.forms()
        if any(words == " ".join(b.text_content().split()) for b in form.element.iter("button"))
        and containing in form.text + " ".join(str(form.value(name)) for name in form.fields)
    )
    return form.submit(words)


def listed(api: Api) -> dict[int, dict[str, Any]]:
    groups = api.get("/works", api.member).json()["group"]
    return {one["put-code"]: one for group in groups for one in group["work-summary"]}


def deeds(page: Page) -> list[str]:
    """Each item of each run with what is said of it, without its buttons."""
    found = page.all("//ul[contains(@class,'deeds')]/li")
    return [" ".join(" ".join(one.xpath("(p|span)//text()")).split()) for one in found]


def headings(page: Page) -> list[str]:
    return [
        " ".join(one.text_content().split()) for one in page.all("//section[@aria-labelledby='runs']//h3")
    ]


def test_a_run_is_undone_as_a_whole(api: Api) -> None:
    """What was added goes, what was changed is as before, what was deleted is back as it was."""
    kept, lost = api.add(work("10.5555/kept", "Kept")), api.add(work("10.5555/lost", "Lost"))
    before = {number: api.get(f"/work/{number}", api.member).json() for number in (kept, lost)}
    api.place.clock.advance(2 * HOUR)
    assert api.put(kept, work("10.5555/other", "Spoilt") | {"put-code": kept}).status == 200
    assert api.delete(lost).status == 204
    added = api.add(work(title="Added"))
    page = opened(api)
    assert headings(page) == [
        "Bee Library added a work, changed a work, removed a work", "Bee Library added 2 works",
    ]  # fmt: skip
    assert "By your permission to add works, employment, funding and other activities" in page.text
    revision = next(row for row in api.place.rows("record") if row.orcid == api.ada).revision
    api.place.clock.advance(MINUTE)
    page = press(page, "Undo all of it", "3 changes")
    assert "Undone: 3 changes." in page.text
    assert deeds(page) == [
        "Kept a work · changed undone", "Lost a work · removed undone", "Added a work · added undone",
    ]  # fmt: skip
    now = {number: api.get(f"/work/{number}", api.member).json() for number in (kept, lost)}
    assert now[lost] == before[lost]  # put-code, source and both dates
    assert now[kept] == before[kept] | {"last-modified-date": {"value": api.now}}
    assert told(api.get(f"/work/{added}", api.member)) == (404, 9016)
    assert sorted(listed(api)) == [kept, lost]
    # Known by its identifier again, and every change is one that followers hear of.
    assert told(api.post(work("10.5555/lost"))) == (409, 9021)
    assert told(api.post(work("10.5555/kept"))) == (409, 9021)
    record = next(row for row in api.place.rows("record") if row.orcid == api.ada)
    assert (record.revision, record.works) == (revision + 3, 2)
    assert sum(row.undoes is not None for row in api.place.rows("change")) == 3
    again = press(page, "Undo this") if "Undo this" in page.text else page
    assert again.status == 200


def test_undoing_twice_changes_nothing(api: Api) -> None:
    api.add(work(title="One"))
    first, second = opened(api), opened(api)
    press(first, "Undo this")
    before = api.place.rows("record")
    assert "There was nothing left to undo." in press(second, "Undo this").text
    assert api.place.rows("record") == before


def test_item_by_item(api: Api) -> None:
    one, other = api.add(work(title="One")), api.add(work(title="Other"))
    page = press(opened(api), "Undo this", f"works:{one}")
    assert deeds(page) == ["One a work · added undone", "Other a work · added"]
    assert list(listed(api)) == [other]


def test_what_somebody_changed_since_is_left_alone(api: Api) -> None:
    number = api.add(work("10.5555/a", "First"))
    api.place.clock.advance(2 * HOUR)
    api.put(number, work("10.5555/a", "Second") | {"put-code": number})
    api.place.clock.advance(2 * HOUR)
    page = opened(api)
    assert deeds(page) == ["Second a work · changed", "Second a work · added changed since"]
    api.put(number, work("10.5555/a", "Third") | {"put-code": number})
    page = press(page, "Undo this")
    assert (
        "Left as it is, because it was changed since you looked, or by somebody else: “Second”"
        in " ".join(page.text.split())
        or "“Third”" in page.text
    )
    assert listed(api)[number]["title"]["title"]["value"] == "Third"
    # The owner decides who sees it, which is no change of what it says.
    api.show(number, "private")
    press(opened(api), "Undo this")
    summary = listed(api)[number]
    assert (summary["title"]["title"]["value"], summary["visibility"]) == ("Second", "private")


def test_what_is_written_after_she_looked_is_not_undone_unseen(api: Api) -> None:
    api.add(work(title="Seen"))
    page = opened(api)
    later = api.add(work(title="Later"))
    press(page, "Undo this")
    assert list(listed(api)) == [later]


def test_undo_while_the_organisation_writes_again(api: Api) -> None:
    """Whichever comes first: the item is as one of the two left it, and nothing is half done."""
    for number in range(6):
        name = f"10.5555/race.{number}"
        item = api.add(work(name, "First"))
        api.place.clock.advance(2 * HOUR)
        api.put(item, work(name, "Spoilt") | {"put-code": item})
        page = opened(api, f"?by={api.member_client.id}")
        answers: list[int] = []

        def again(item: int = item, name: str = name, seen: list[int] = answers) -> None:
            seen.append(api.put(item, work(name, "Again") | {"put-code": item}).status)

        at_once(again, lambda page=page, item=item: press(page, "Undo this", f"works:{item}") and None)
        assert answers == [200]
        title = listed(api)[item]["title"]["title"]["value"]
        assert title == "Again"  # undone and written again, or seen as changed since
        undone = [row for row in api.place.rows("change") if row.item == item and row.undoes is not None]
        assert len(undone) in (0, 1)
        api.place.clock.advance(2 * HOUR)


def test_added_again_meanwhile(api: Api) -> None:
    """A restored item may not stand beside the same of the same source."""
    number = api.add(work("10.5555/twice", "Twice"))
    api.place.clock.advance(2 * HOUR)
    api.delete(number)
    page = opened(api)
    api.place.clock.advance(2 * HOUR)
    api.add(work("10.5555/twice", "Twice"))
    assert "the same was added again" in press(page, "Undo this", f"works:{number}").text
    assert len(listed(api)) == 1


def test_other_sections(api: Api) -> None:
    token = api.token(api.member_client.id, api.ada, "/affiliations/update", "/person/update")
    job = api.post(EMPLOYMENT, token, path="/employment")
    assert job.status == 201, job.text
    number = int(job.headers["location"].rpartition("/")[2])
    api.post({"content": "bees"}, token, path="/keywords")
    api.place.clock.advance(2 * HOUR)
    keyword = api.get("/keywords", token).json()["keyword"][0]["put-code"]
    here = f"/v3.0/{api.ada}"
    assert api.ask("DELETE", f"{here}/keywords/{keyword}", token).status == 204
    changed = EMPLOYMENT | {"role-title": "Guest", "put-code": number}
    assert api.ask("PUT", f"{here}/employment/{number}", token, body=changed).status == 200
    page = opened(api)
    assert headings(page)[0] == "Bee Library changed an employment, removed a keyword"
    assert "add employment, education and other affiliations" in page.text
    press(page, "Undo all of it", "2 changes")
    assert api.get(f"/employment/{number}", token).json()["role-title"] == "Keeper"
    [back] = api.get("/keywords", token).json()["keyword"]
    assert (back["content"], back["put-code"]) == ("bees", keyword)


def test_who_put_what_there(api: Api) -> None:
    with api.place.service.db.writing() as tx:
        owner = person(api.ada)
        items.add(tx, api.now, owner, api.ada, BY_NAME["keywords"], _keyword("hers"))
    page = opened(api)
    assert "Nobody but you has changed anything" in page.text
    api.add(work(title="A <b>work</b>"))
    page = opened(api)
    [library, mine] = [" ".join(one.text_content().split()) for one in page.all("//article[dl]")]
    assert library.startswith("Bee Library organisation On the record a work")
    assert "Permission add works, employment, funding" in library
    assert mine == "you owner On the record a keyword"
    assert "A <b>work</b>" in page.text
    assert "<b>work</b>" not in page.html


def _keyword(text: str) -> Any:
    return BY_NAME["keywords"].entity(content=text)


def test_runs_are_paged_and_forgotten_after_thirty_days(api: Api) -> None:
    for number in range(12):
        api.add(work(title=f"Work {number}"))
        api.place.clock.advance(HOUR)
    page = opened(api)
    assert len(headings(page)) == 10
    assert "Page 1 of 2" in page.text
    page = page.browser.open(api.place.at(f"{PLACE}?page=2"))
    assert deeds(page) == ["Work 1 a work · added", "Work 0 a work · added"]
    single = opened(api, f"?by={api.member_client.id}&hour={(api.now - HOUR) // HOUR}")
    assert deeds(single) == ["Work 11 a work · added"]
    api.place.clock.advance(31 * DAY)
    assert headings(opened(api)) == []
    gone = opened(api, f"?by={api.member_client.id}&hour=1")
    assert "more than thirty days ago" in gone.text


def test_a_trusted_individual_is_told_of_and_undoes_as_well(api: Api) -> None:
    sophie = api.place.stranger
    with api.place.service.db.writing() as tx:
        delegates.add(tx, api.now, api.ada, sophie.orcid)
        acting = person(api.ada, sophie.orcid)
        items.add(tx, api.now, acting, api.ada, BY_NAME["keywords"], _keyword("wrong"))
    page = opened(api)
    assert headings(page) == ["Sophie Stranger added a keyword"]
    assert "Not mine …" not in page.text
    press(page, "Undo this")
    assert api.get("/keywords", api.member).json()["keyword"] == []
    number = api.add(work(title="Library's"))
    browser = api.place.browser(sophie)
    browser.open(api.place.at("/account/individuals")).form("/acting").submit()
    page = opened(api, browser=browser)
    assert "/account/trusted" not in page.links().values()
    press(page, "Undo this")
    assert number not in listed(api)
    last = max(api.place.rows("change"), key=lambda row: row.seq)
    assert (last.actor, last.orcid, last.undoes is not None) == (sophie.orcid, api.ada, True)


def test_nobody_else_undoes_anything(api: Api) -> None:
    number = api.add()
    stranger = api.place.browser(api.place.stranger)
    theirs = opened(api, browser=stranger)
    assert "Bee Library" not in theirs.text
    hour = api.now // HOUR
    with api.place.service.db.writing() as tx:
        done = undo.undo(
            tx, api.now, person(api.sophie), api.sophie, Hand(client=api.member_client.id), hour, 10**9
        )
    assert (done.number, done.left) == (0, [])
    assert number in listed(api)
    anonymous = api.place.http.post(api.place.at(f"{PLACE}/undo"), content=b"")
    assert anonymous.status in (303, 400, 403)


def test_a_closed_record_is_left_alone(api: Api) -> None:
    number = api.add()
    page = opened(api)
    api.place.set_state(api.place.ada, "locked")
    press(page, "Undo this")
    assert any(row.put_code == number for row in api.place.rows("item"))


def test_what_is_kept_and_for_how_long(api: Api) -> None:
    """A POST leaves a line in the change log and nothing beside it."""
    number = api.add(work("10.5555/cost"))
    assert api.place.rows("former") == []
    api.put(number, work("10.5555/cost", "New") | {"put-code": number})
    [row] = api.place.rows("former")
    assert (row.put_code, row.source_client) == (number, api.member_client.id)
    with api.place.service.db.writing() as tx:
        hers = items.add(tx, api.now, person(api.ada), api.ada, BY_NAME["keywords"], _keyword("bees"))
        items.remove(tx, api.now, person(api.ada), api.ada, BY_NAME["keywords"], hers)
    assert len(api.place.rows("former")) == 1  # what she does with her own is hers to repeat
    api.place.clock.advance(31 * DAY)
    worker.sweep(api.place.service)
    assert api.place.rows("former") == []


def test_the_scope_that_let_it_is_the_one_that_was_given(api: Api) -> None:
    number = api.add(work())
    line = next(row for row in api.place.rows("change") if row.item == number)
    assert line.scope == "/activities/update"


def test_scopes_of_a_narrow_token(api: Api) -> None:
    create = api.token(api.member_client.id, api.ada, "/orcid-works/create", "/read-limited")
    api.add(work(), create)
    assert [row.scope for row in api.place.rows("change") if row.client] == ["/orcid-works/create"]
    assert "By your permission to add works to your record" in opened(api).text


def test_an_identifier_of_a_restored_item_is_looked_up_as_before(api: Api) -> None:
    odd = work(None, "Odd")
    odd["external-ids"]["external-id"] = [
        external_id("HTTPS://DOI.ORG/10.5555/ODD"), external_id("x" * 3000, "other-id"),
    ]  # fmt: skip
    number = api.add(odd)
    before = {row.key for row in api.place.rows("external_id")}
    api.delete(number)
    with api.place.service.db.reading() as tx:
        [run] = runs.latest(tx, api.now, api.ada)
    assert [deed.what for deed in run.deeds] == ["nothing"]
    api.place.clock.advance(HOUR)
    number = api.add(odd)
    api.place.clock.advance(HOUR)
    api.delete(number)
    press(opened(api), "Undo this", f"works:{number}")
    assert {row.key for row in api.place.rows("external_id")} == before
    assert put_codes(api.get("/works", api.member)) == [number]


def test_beside_an_item_stands_where_it_comes_from(api: Api) -> None:
    number = api.add(work("10.5555/beside", "Beside"))
    browser = api.place.browser(api.place.ada)
    page = browser.open(api.place.at("/my-record"))
    assert "Where this comes from" in page.text
    assert "By your permission to add works, employment, funding" in page.text
    assert deeds(page.link("all of that hour, which can be undone")) == ["Beside a work · added"]
    assert "Where this comes from" not in api.place.browser().open(api.place.at(f"/{api.ada}")).text
    api.place.clock.advance(31 * DAY)
    worker.sweep(api.place.service)
    page = api.place.browser(api.place.ada).open(api.place.at("/my-record"))
    assert "Where this comes from" in page.text
    assert "By your permission to" not in page.text  # which change it was is forgotten
    page = page.form(f"/my-record/works/{number}/not-mine").submit()
    assert (page.url, "It will not come back" in page.text) == (api.place.at("/my-record"), True)
