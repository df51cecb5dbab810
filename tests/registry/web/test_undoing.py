"""Undoing what organisations did by the API: as a whole, item by item, and against what came since."""

from laelia.lib.clock import HOUR, MINUTE
from laelia.registry.access import person
from laelia.registry.record import runs, undo
from laelia.registry.record.runs import Hand
from laelia.registry.web.sources import PLACE
from registry.api.people import Api, external_id, put_codes, told, work
from registry.at_once import at_once
from registry.web.deeds import EMPLOYMENT, deeds, headings, listed, opened, press


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


def test_a_closed_record_is_left_alone(api: Api) -> None:
    number = api.add()
    page = opened(api)
    api.place.set_state(api.place.ada, "locked")
    press(page, "Undo this")
    assert any(row.put_code == number for row in api.place.rows("item"))


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
