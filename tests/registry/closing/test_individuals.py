"""Trusted individuals: `sophie` is made one by Ada, acts in her record, and how far that goes."""

import re

import pytest

from laelia.lib.browser import Browser, Page
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry import web
from laelia.registry.access import person
from laelia.registry.account import delegates
from laelia.registry.record import items, people
from laelia.registry.web.door import SIGNED_IN
from registry.closing.life import Life
from registry.place import PASSWORD

HERE = "/account/individuals"


def search(life: Life, browser: Browser, whom: str) -> Page:
    life.place.service.search.work()
    return browser.open(life.place.at(HERE)).form(-1).fill(whom=whom).submit()


def trusting(life: Life) -> None:
    with life.place.service.db.writing() as tx:
        assert delegates.add(tx, life.now, life.ada, life.sophie)


def acting(life: Life) -> Browser:
    """Sophie at a browser, in Ada's record."""
    trusting(life)
    browser = life.place.browser(life.place.stranger)
    page = browser.open(life.place.at(HERE)).form("/acting").submit()
    assert page.url == life.place.at("/my-record")
    assert "You act in the record of Ada Lovelace" in page.text
    return browser


# ---- finding, trusting, being told


@pytest.mark.parametrize("how", ["iD", "address", "name"])
def test_a_person_is_found_trusted_and_told(life: Life, how: str) -> None:
    with life.place.service.db.writing() as tx:
        people.verify_email(tx, life.now, life.sophie, "sophie@example.org")
    whom = {"iD": life.sophie, "address": "Sophie@Example.org", "name": "sophie  stranger"}[how]
    browser = life.place.browser(life.place.ada)
    page = search(life, browser, whom)
    assert ("Sophie Stranger" in page.text) == (how != "address"), "an address tells no name"
    assert (life.sophie in page.text) == (how != "address")
    form = page.form(f"{HERE}/add")
    wrong = form.fill(password="wrong 1 word").submit()
    assert (wrong.status, "This is not the password" in wrong.text) == (422, True)
    assert life.place.rows("delegate") == []
    done = wrong.form(f"{HERE}/add").fill(password=PASSWORD).submit()
    assert "Sophie Stranger may act in your record from now on" in done.text
    assert [(row.orcid, row.actor) for row in life.place.rows("delegate")] == [(life.ada, life.sophie)]
    (mail,) = life.mails("sophie@example.org")
    assert "Ada Lovelace" in mail
    assert life.ada in mail


def test_who_is_not_found(life: Life) -> None:
    """Nobody by a part of a name or address; nobody by an address she has not confirmed, a name she does not
    show, or a record that is closed."""
    browser = life.place.browser(life.place.ada)
    hidden = life.place.person("Hidden", "Person", "hidden@example.org")
    with life.place.service.db.writing() as tx:
        people.set_names(tx, life.now, hidden.orcid, given="Hidden", family="Person", visibility="private")
        people.verify_email(tx, life.now, hidden.orcid, hidden.email)
    for whom in ("Stranger", "sophie@", "sophie@example.org", "Hidden Person", "0009-8000-0000-0004", "x"):
        if whom == "0009-8000-0000-0004":
            life.place.clock.advance(60_000)
        page = search(life, browser, whom)
        life.place.clock.advance(60_000)
        assert (page.status, "Nobody was found" in page.text) == (404, True), whom
    assert "Name not public" in search(life, browser, hidden.orcid).text
    life.place.set_state(hidden, "deactivated")
    life.place.clock.advance(60_000)
    assert search(life, browser, hidden.orcid).status == 404


def test_looking_for_addresses_is_braked(life: Life) -> None:
    browser = life.place.browser(life.place.ada)
    statuses = [search(life, browser, f"nobody{number}@example.org").status for number in range(7)]
    assert statuses == [404] * 5 + [429] * 2


def test_she_can_not_trust_herself_or_twice(life: Life) -> None:
    trusting(life)
    browser = life.place.browser(life.place.ada)
    for whom in (life.ada, life.sophie):
        page = search(life, browser, whom).form(f"{HERE}/add").fill(password=PASSWORD).submit()
        assert "Nothing changed" in page.text
    assert len(life.place.rows("delegate")) == 1
    assert life.mails("sophie@example.org") == []


# ---- acting


def test_she_acts_as_herself_in_the_record_of_another(life: Life) -> None:
    number = life.add()
    browser = acting(life)
    page = browser.open(life.place.at("/my-record"))
    assert "On bees" in page.text
    page = page.form(f"/my-record/works/{number}").submit("Only me")
    assert "Now seen by: Only me" in page.text
    row = life.place.rows("change")[-1]
    assert (row.orcid, row.kind, row.actor) == (life.ada, "visibility", life.sophie)
    page.form(f"/my-record/works/{number}", containing="Delete it").submit()
    assert life.stored() == 0
    shown = browser.open(life.place.at("/my-record/history"))
    assert "deleted: work" in shown.text
    history = life.place.browser(life.place.ada).open(life.place.at("/my-record/history"))
    lines = [
        [" ".join(cell.text_content().split()) for cell in row.iterchildren()][1:]
        for row in history.all("//tbody/tr")
    ]
    assert lines[:3] == [
        ["deleted: work", "Sophie Stranger trusted individual"],
        ["who sees it: work", "Sophie Stranger trusted individual"],
        ["added: work", "Bee Library organisation"],
    ]


def test_she_is_named_as_source_of_what_she_adds(life: Life) -> None:
    """The owner may change it like her own."""
    who = person(life.ada, life.sophie)
    works = BY_NAME["works"]
    with life.place.service.db.writing() as tx:
        number = items.add(tx, life.now, who, life.ada, works, Work(title=WorkTitle(title="A"), type="other"))
        items.set_visibility(tx, life.now, who, life.ada, works, number, "public")
    source = life.get(f"/work/{number}").json()["source"]
    assert source["source-orcid"]["path"] == life.sophie
    assert source["source-name"]["value"] == "Sophie Stranger"
    with life.place.service.db.writing() as tx:
        entity = Work(title=WorkTitle(title="B"), type="other")
        items.replace(tx, life.now, person(life.ada), life.ada, works, number, entity)
    assert life.get(f"/work/{number}").json()["title"]["title"]["value"] == "B"


EDITOR = (
    "/my-record/edit/names",
    "/my-record/edit/biography",
    "/my-record/edit/{part}",
    "/my-record/{section}/add",
    "/my-record/{section}/{put_code}",
    "/my-record/{section}/{put_code}/edit",
)
ADDING = ("/add-works", *(f"/add-works/{way}" for way in ("doi", "pubmed", "bibtex")))
WAITING = ("/add-works/found/{number}", "/add-works/bibtex/{number}", "/my-record/works.bib")
RECORD = (
    "/my-record",
    "/my-record/display",
    "/my-record/history",
    "/my-record/sources",
    *("/inbox", "/inbox/archived", "/search-and-link"),
    *ADDING,
    *EDITOR,
)
ACCOUNT = ("/account", "/account/trusted", HERE, "/account/close", "/account/data", "/account/duplicate")


def deleting(number: int) -> str:
    return f"/my-record/works/{number}"


def test_which_pages_a_delegate_may_open(life: Life) -> None:
    """Those of the record; neither the owner's account nor, by mistake, her own."""
    browser = acting(life)
    for path in (
        *(path.format(part="keywords", section="employments", put_code=1) for path in RECORD),
        "/",
        "/about",
        f"/{life.ada}",
        f"/{life.sophie}",
    ):
        page = browser.open(life.place.at(path))
        assert (path, page.status) == (path, 200)
        assert "You act in the record of Ada Lovelace" in page.text
        assert "@example.org" not in page.text
        assert not page.all("//main//a[starts-with(@href, '/account')]")
    for path in ACCOUNT:
        page = browser.open(life.place.at(path))
        assert (path, page.status, "stay closed" in page.text) == (path, 403, True)
        assert "@example.org" not in page.text


def test_what_a_delegate_edits_stands_under_her_name(life: Life) -> None:
    browser = acting(life)
    page = browser.open(life.place.at("/my-record/edit/biography"))
    page.form("/my-record/edit/biography").fill(content="Counts bees.", visibility="public").submit()
    page = browser.open(life.place.at("/my-record/edit/keywords"))
    page.form("/my-record/edit/keywords/add").fill(content="bees").submit()
    (keyword,) = [row for row in life.rows_about("item") if row.section == "keywords"]
    assert (keyword.orcid, keyword.source_orcid) == (life.ada, life.sophie)
    done = {(row.section, row.actor) for row in life.rows_about("change") if row.actor == life.sophie}
    assert done >= {("biography", life.sophie), ("keywords", life.sophie)}


def test_every_other_page_of_a_person_waits(life: Life) -> None:
    """Also those that nobody has thought of here: a page has to say that a delegate may use it."""
    browser = acting(life)
    own = [
        route.path
        for route in web.routes
        if route.access == SIGNED_IN and route.method == "GET" and route.path not in (*RECORD, *WAITING)
    ]
    assert set(ACCOUNT) <= set(own)
    for path in own:
        page = browser.open(life.place.at(re.sub(r"{\w+}", "1", path)))
        assert (path, page.status, "stay closed" in page.text) == (path, 403, True)


def test_a_delegate_changes_no_account(life: Life) -> None:
    browser = acting(life)
    token = browser.open(life.place.at("/my-record")).form("/acting/stop").value("csrf_token")
    before = life.place.everything()
    forms = {
        "/account/emails/add": {"email": "new@example.org"},
        "/account/close": {"choice": "erase"},
        "/account/data": {"password": PASSWORD},
        "/account/duplicate": {"name": life.ada, "password": PASSWORD},
        f"{HERE}/add": {"whom": life.sophie, "password": PASSWORD},
        f"{HERE}/remove": {"orcid": life.sophie},
        f"{HERE}/give-up": {"orcid": life.ada},
        "/account/trusted/APP-1/revoke": {},
        "/acting": {"orcid": life.ada},
    }
    for path, fields in forms.items():
        page = browser.send("POST", life.place.at(path), data={**fields, "csrf_token": token})
        assert (page.status, "stay closed" in page.text) == (403, True), path
    assert life.place.everything() == before


def test_a_delegate_gives_permissions_but_signs_in_nowhere_as_the_owner(life: Life) -> None:
    browser = acting(life)
    page = browser.open(life.place.authorize_url(life.member_client, scope="/person/update"))
    assert life.ada in page.text
    page.form(containing="Authorise").submit("Authorise access")
    assert {(row.orcid, row.client_id) for row in life.place.rows("consent")} == {
        (life.ada, life.member_client.id)
    }
    for scope in ("openid", "/authenticate", "/read-limited openid"):
        refused = browser.open(life.place.authorize_url(life.member_client, scope=scope))
        assert (refused.status, "as yourself" in refused.text) == (403, True), scope


def test_nobody_acts_without_being_trusted(life: Life) -> None:
    browser = life.place.browser(life.place.stranger)
    token = browser.open(life.place.at(HERE)).form("/signout").value("csrf_token")
    page = browser.send("POST", life.place.at("/acting"), data={"orcid": life.ada, "csrf_token": token})
    assert "You can't act in this record any more" in page.text
    assert "Sophie Stranger" in browser.open(life.place.at("/my-record")).text


# ---- ending


@pytest.mark.parametrize("end", ["removed", "given up", "locked", "owner left", "delegate locked"])
def test_the_end_of_trust_counts_at_once(life: Life, end: str) -> None:
    """Also for a form that was open: it does nothing, neither there nor in her own record."""
    number = life.add()
    browser = acting(life)
    form = browser.open(life.place.at("/my-record")).form(deleting(number), containing="Delete it")
    if end == "removed":
        page = life.place.browser(life.place.ada).open(life.place.at(HERE))
        done = page.form(f"{HERE}/remove").submit()
        assert "Sophie Stranger can't act in your record any more" in done.text
    elif end == "given up":
        life.place.browser(life.place.stranger).open(life.place.at(HERE)).form(f"{HERE}/give-up").submit()
        assert "has given up" in life.mails(life.place.ada.email)[-1]
    elif end == "locked":
        life.place.set_state(life.place.ada, "locked")
    elif end == "delegate locked":
        life.place.set_state(life.place.stranger, "locked")
    else:
        life.place.set_state(life.place.ada, "deactivated")
    refused = form.submit()
    assert (refused.status, "What you sent was not done" in refused.text) == (403, True)
    assert life.stored() == 1
    assert "On bees" not in browser.open(life.place.at("/my-record")).text
    own = browser.open(life.place.at("/my-record")).form(containing="Go on as myself").submit()
    assert own.url == life.place.at("/my-record")
    assert "You act in" not in own.text


def test_a_form_of_one_record_is_not_taken_for_the_other(life: Life) -> None:
    """Two tabs: she stops acting in one, and sends a form from the other."""
    number = life.add()
    browser = acting(life)
    form = browser.open(life.place.at("/my-record")).form(deleting(number), containing="Delete it")
    before = browser.cookies("registry.test")
    browser.open(life.place.at("/my-record")).form("/acting/stop").submit()
    assert browser.cookies("registry.test") != before, "the session has another id"
    assert form.submit().status == 403
    assert life.stored() == 1
