"""Who wrote what: what organisations did by the API stands on the owner's page, and who may see it."""

from laelia.lib.clock import DAY, HOUR
from laelia.model.sections import BY_NAME
from laelia.registry import worker
from laelia.registry.access import person
from laelia.registry.account import delegates
from laelia.registry.record import items
from laelia.registry.web.sources import PLACE
from registry.api.people import Api, work
from registry.web.deeds import deeds, headings, keyword, listed, opened, press


def test_who_put_what_there(api: Api) -> None:
    with api.place.service.db.writing() as tx:
        owner = person(api.ada)
        items.add(tx, api.now, owner, api.ada, BY_NAME["keywords"], keyword("hers"))
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
        items.add(tx, api.now, acting, api.ada, BY_NAME["keywords"], keyword("wrong"))
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


def test_what_is_kept_and_for_how_long(api: Api) -> None:
    """A POST leaves a line in the change log and nothing beside it."""
    number = api.add(work("10.5555/cost"))
    assert api.place.rows("former") == []
    api.put(number, work("10.5555/cost", "New") | {"put-code": number})
    [row] = api.place.rows("former")
    assert (row.put_code, row.source_client) == (number, api.member_client.id)
    with api.place.service.db.writing() as tx:
        hers = items.add(tx, api.now, person(api.ada), api.ada, BY_NAME["keywords"], keyword("bees"))
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


def test_on_whose_behalf(api: Api) -> None:
    for_other = api.token(
        api.member_client.id, api.ada, "/activities/update", obo_client_id=api.other_client.id
    )
    api.add(work(title="Theirs"), for_other)
    page = opened(api)
    assert "on behalf of Other Library" in page.text
    assert "On behalf of Other Library" in page.text
