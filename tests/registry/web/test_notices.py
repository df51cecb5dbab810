"""Notices: what others did to a record is told once for each run, in the inbox and by mail."""

from collections.abc import Callable
from typing import Any

from laelia.lib.browser import Page
from laelia.lib.clock import DAY, HOUR, MINUTE
from laelia.model.sections import BY_NAME
from laelia.registry import tables, worker
from laelia.registry.access import person
from laelia.registry.account import delegates
from laelia.registry.notify import notices
from laelia.registry.operators import audit, role
from laelia.registry.record import items, people
from laelia.registry.web.sources import PLACE
from registry.api.people import Api, work
from registry.at_once import at_once
from registry.web.deeds import EMPLOYMENT, deeds, opened, press
from registry.web.news import letters, prefer


def inbox(api: Api, path: str = "/inbox") -> Page:
    api.place.service.work()
    return api.place.browser(api.place.ada).open(api.place.at(path))


def titles(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.all("//article//h2")]


def told(page: Page, number: int = 1) -> list[str]:
    """The lines of one notice, each with the heading that it stands under."""
    found = []
    for part in page.all(f"(//article)[{number}]/section"):
        for line in part.xpath(".//li"):
            found.append(f"{part.get('aria-label')}: {' '.join(line.text_content().split())}")
    return found


def confirmed(api: Api) -> None:
    with api.place.service.db.writing() as tx:
        people.verify_email(tx, api.now, api.ada, api.place.ada.email)


def test_one_notice_for_each_run(api: Api) -> None:
    kept = api.add(work("10.5555/kept", "Kept"))
    page = inbox(api)
    assert titles(page) == ["Bee Library added a work"]
    api.place.clock.advance(2 * HOUR)
    for number in range(3):
        api.add(work(title=f"New <b>{number}</b>"))
    api.put(kept, work("10.5555/kept", "Better") | {"put-code": kept})
    gone = api.add(work(title="Gone"), api.other)
    api.delete(gone, api.other)
    page = inbox(api)
    assert sorted(titles(page)) == [
        "Bee Library added 3 works, changed a work", "Bee Library added a work",
        "Other Library added and removed again a work",
    ]  # fmt: skip
    assert page.all("//article//span[text()='new']")
    at = next(n for n, title in enumerate(titles(page), 1) if "3 works" in title)
    assert told(page, at) == [
        "Added: New <b>0</b> a work", "Added: New <b>1</b> a work", "Added: New <b>2</b> a work",
        "Changed: Better a work",
    ]  # fmt: skip
    assert not page.all("//article//li/b")
    other = next(n for n, title in enumerate(titles(page), 1) if "Other" in title)
    assert told(page, other) == ["Added and removed again: Gone a work"]


def test_it_leads_to_where_it_is_undone(api: Api) -> None:
    token = api.token(api.member_client.id, api.ada, "/affiliations/update")
    api.post(EMPLOYMENT, token, path="/employment")
    page = inbox(api)
    assert titles(page) == ["Bee Library added an employment"]
    page = page.link("See or undo it")
    assert deeds(page) == ["Bee House an employment · added"]
    press(page, "Undo this")
    assert not [row for row in api.place.rows("item") if row.section == "employments"]
    # Undoing is her own deed.
    assert titles(inbox(api)) == ["Bee Library added an employment"]


def test_a_run_that_goes_on_is_told_anew(api: Api) -> None:
    api.add(work(title="One"))
    page = inbox(api)
    page.form(containing="Archive").submit("Archive")
    assert titles(inbox(api)) == []
    api.place.clock.advance(MINUTE)
    api.add(work(title="Two"))
    page = inbox(api)
    assert titles(page) == ["Bee Library added 2 works"]
    assert len(api.place.rows("notification")) == 1


def test_nothing_for_ones_own_edits(api: Api) -> None:
    with api.place.service.db.writing() as tx:
        word = BY_NAME["keywords"].entity(content="bees")
        items.add(tx, api.now, person(api.ada), api.ada, BY_NAME["keywords"], word)
    assert titles(inbox(api)) == []
    assert api.place.rows("notification") == []


def test_what_a_trusted_individual_does_is_told(api: Api) -> None:
    sophie = api.place.stranger
    with api.place.service.db.writing() as tx:
        delegates.add(tx, api.now, api.ada, sophie.orcid)
    browser = api.place.browser(sophie)
    browser.open(api.place.at("/account/individuals")).form("/acting").submit()
    number = api.add(work(title="Shown"))
    api.place.clock.advance(MINUTE)
    edit = "/my-record/edit/keywords"
    browser.open(api.place.at(edit)).form(f"{edit}/add").fill(content="bees").submit()
    name = "/my-record/edit/names"
    browser.open(api.place.at(name)).form(name).fill(credit="A. L.").submit()
    form = browser.open(api.place.at("/my-record")).form(f"/my-record/works/{number}")
    form.submit("Only me")
    page = inbox(api)
    assert titles(page)[0].startswith(
        "Sophie Stranger added a keyword, changed the names, changed who sees a work"
    )
    assert "Who sees it: Shown a work" in told(page)
    api.place.service.work()
    mine = browser.open(api.place.at("/inbox"))  # she looks into the inbox of the record she acts in
    assert titles(mine)[0].startswith("You added a keyword")


def test_letters_bear_the_same_and_nothing_twice(api: Api) -> None:
    confirmed(api)
    prefer(api.place, api.place.ada, changes="immediately")
    api.add(work(title="One"))
    api.add(work(title="Two"))
    [letter] = letters(api.place, api.place.ada, 5 * MINUTE)
    assert "Others changed your record:\n\n  Bee Library added 2 works\n" in letter.text
    assert "/unsubscribe/" in letter.text
    # The run goes on: only what is new is told.
    api.add(work(title="Three"))
    found = letters(api.place, api.place.ada, 5 * MINUTE)
    assert "Bee Library added a work\n" in found[1].text
    assert len(letters(api.place, api.place.ada, DAY)) == 2
    # What she read in the inbox is not told by mail.
    api.add(work(title="Four"))
    inbox(api)
    assert len(letters(api.place, api.place.ada, DAY)) == 2
    api.add(work(title="Five"))
    inbox(api)
    api.add(work(title="Six"))
    found = letters(api.place, api.place.ada, 5 * MINUTE)
    assert "Bee Library added a work\n" in found[2].text


def test_requests_and_changes_lie_together_ten_on_a_page(api: Api) -> None:
    for number in range(12):
        api.add(work(title=f"Work {number}"))
        api.place.clock.advance(HOUR)
    page = inbox(api)
    assert len(titles(page)) == 10
    assert "Page 1 of 2" in page.text
    assert len(titles(page.link("Next"))) == 2


def test_old_ones_are_archived_and_then_deleted_by_the_worker(api: Api) -> None:
    api.add(work(title="Old"))
    assert len(titles(inbox(api))) == 1
    api.place.clock.advance(182 * DAY)
    worker.sweep(api.place.service)
    assert titles(inbox(api)) == []
    page = inbox(api, "/inbox/archived")
    assert titles(page) == ["Bee Library added a work"]
    assert told(page) == ["Added: Old a work"]  # what the change log has forgotten for long
    assert PLACE not in "".join(page.links().values())
    api.place.clock.advance(184 * DAY)
    worker.sweep(api.place.service)
    assert api.place.rows("notification") == []


def test_a_follower_that_sees_rows_twice_tells_them_once(api: Api) -> None:
    api.add(work(title="One"))
    api.add(work(title="Two"))
    inbox(api)
    before = api.place.rows("notification")
    with api.place.service.db.writing() as tx:
        tx.execute(tables.metadata.tables["follower"].delete())
    for follower in worker.followers(api.place.service.db, api.place.clock):
        while follower.step():
            pass
    assert api.place.rows("notification") == before


def test_two_followers_and_writers_at_once_lose_nothing(api: Api) -> None:
    db, clock = api.place.service.db, api.place.clock

    def follow() -> None:
        follower = notices.follower(db, clock)
        for _ in range(30):
            follower.step()

    def write(token: str) -> Callable[[], None]:
        return lambda: [api.add(work(), token) for _ in range(6)] and None

    at_once(follow, follow, write(api.member), write(api.other), write(api.member))
    assert sorted(titles(inbox(api))) == ["Bee Library added 12 works", "Other Library added 6 works"]


def test_who_has_no_account_is_told_nothing(api: Api) -> None:
    loaded = api.new_record()
    token = api.token(api.member_client.id, loaded, "/activities/update")
    api.ask("POST", f"/v3.0/{loaded}/work", token, body=work())
    api.place.service.work()
    assert api.place.rows("notification") == []


def test_a_run_of_hundreds_names_the_first(api: Api) -> None:
    for _start in range(3):
        bulk = {"bulk": [{"work": work()} for _ in range(100)]}
        assert api.ask("POST", f"/v3.0/{api.ada}/works", api.member, body=bulk).status == 200
    page = inbox(api)
    assert titles(page) == ["Bee Library added 300 works"]
    assert told(page)[-1] == "Added: and 280 more"
    single = f"?by={api.member_client.id}&hour={api.now // HOUR}"
    page = opened(api, single)
    assert len(deeds(page)) == 100
    assert "And 292 more: see all of it" in opened(api).text
    assert len(deeds(page.link("Next").link("Next"))) == 100
    page = press(page, "Undo all of it")
    assert "Undone: 300 changes." in page.text
    assert api.stored() == 0


def test_clients_see_nothing_of_it(api: Api) -> None:
    api.add()
    inbox(api)
    token = api.place.credentials(api.member_client, "/premium-notification").json()["access_token"]
    answer = api.ask("GET", f"/v3.0/{api.ada}/notification-permission", token)
    number = api.place.rows("notification")[0].put_code
    assert answer.status == 200
    assert str(number) not in answer.text
    assert api.ask("GET", f"/v3.0/{api.ada}/notification-permission/{number}", token).status == 404


# ---- messages of the operators


def operator(api: Api) -> Any:
    with api.place.service.db.writing() as tx:
        role.grant(tx, api.now, audit.at_command(), api.sophie)
    return api.place.browser(api.place.stranger)


def test_an_operator_writes_to_somebody(api: Api) -> None:
    confirmed(api)
    browser = operator(api)
    page = browser.open(api.place.at(f"/operator/records/{api.ada}"))
    form = page.form(f"/operator/records/{api.ada}/message")
    text = "Please look at\nyour <b>record</b>."
    page = form.fill(subject="Your\r\nBcc: record", text=text).submit()
    assert "The message is in the inbox" in page.text
    page = inbox(api)
    assert titles(page) == ["Your Bcc: record"]
    assert "From the operators of this registry" in page.text
    assert "your <b>record</b>." in page.text
    [letter] = [row for row in api.place.rows("outbox") if "Bcc" in row.subject]
    assert (letter.recipient, letter.subject) == (api.place.ada.email, "Your Bcc: record")
    assert text in letter.text
    [line] = [row for row in api.place.rows("audit") if row.action == "record.message"]
    assert (line.actor, line.subject) == (api.sophie, api.ada)
    assert "Please look" not in str(line)
    refused = browser.open(api.place.at(f"/operator/records/{api.ada}"))
    refused = refused.form(f"/operator/records/{api.ada}/message").fill(subject=" ", text="x").submit()
    assert "write a subject and a text" in refused.text
    assert len(api.place.rows("notification")) == 1


def test_nobody_else_writes_as_an_operator(api: Api) -> None:
    browser = api.place.browser(api.place.stranger)
    token = browser.open(api.place.at("/account")).form("/signout").value("csrf_token")
    page = browser.send(
        "POST", api.place.at(f"/operator/records/{api.ada}/message"),
        data={"csrf_token": token, "subject": "x", "text": "y"},
    )  # fmt: skip
    assert page.status == 404
    assert api.place.rows("notification") == []
