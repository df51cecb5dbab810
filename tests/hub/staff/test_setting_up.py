"""From the operator's link to an organisation that is ready; its texts, units and members."""

from typing import Any

import pytest

from hub.staff.desk import BY, actions, joined, letters, link
from hub.web.town import Town
from laelia.hub import organisations, tables
from laelia.hub.organisations import credentials, members, units
from laelia.lib.browser import Browser, Page
from laelia.lib.http import Http


def garden(town: Town, **more: Any) -> str:
    """The operator brings an organisation in; the address of its contact's link."""
    with town.hub.db.writing() as tx:
        made = members.onboard(
            tx, town.clock.now(), BY, town.hub.keys, name="Garden University", contact="it@garden.example",
            where=members.registry(town.registry), environment="sandbox", **more,
        )  # fmt: skip
    return town.at(f"/garden-university/staff/join/{made.secret}")


def client(town: Town, slug: str = "garden-university") -> Any:
    return town.place.member(
        name="Garden University", redirect_uris=[f"{town.site}/{slug}/callback"],
        start_url=f"{town.site}/{slug}/connect",
    )  # fmt: skip


def put_client(
    browser: Browser, town: Town, client_id: str, secret: str, slug: str = "garden-university"
) -> Page:
    page = browser.open(town.at(f"/{slug}/staff/settings"))
    return page.form("put-client").fill(client_id=client_id, client_secret=secret).submit()


def test_the_contact_sets_the_organisation_up(town: Town):
    address = garden(town)
    visitor = town.browser()
    assert "Garden University" not in visitor.open(town.at("/")).text
    page = visitor.open(town.at("/garden-university/connect"))
    assert page.status == 409
    assert "Not open yet" in page.text
    assert visitor.open(town.at("/garden-university/")).status == 200

    browser = town.browser()
    page = browser.open(address).form("take-up").submit()
    assert page.url == town.at("/garden-university/staff")
    assert "To begin with" in page.text
    page = page.link("Look at what is said of the organisation, and confirm it")
    wrong = page.form("about").fill(ror="05dxps056").submit()
    assert wrong.status == 422
    assert "This is no ROR id" in wrong.text
    page = wrong.form("about").fill(ror="ror.org/05dxps055", about="Grows <b>orchids</b>.").submit()
    assert "Saved." in page.text
    [row] = [one for one in town.rows("organisation") if one.slug == "garden-university"]
    assert row.ror == "https://ror.org/05dxps055"

    made = client(town)
    page = browser.open(town.at("/garden-university/staff/settings"))
    assert f"{town.site}/garden-university/callback" in page.text
    page = put_client(browser, town, made.id, "not the secret")
    assert "does not know this client, or the secret is another one" in page.text
    page = put_client(browser, town, made.id, made.secret)
    assert "The registry knows this client, and its secret is right." in page.text
    assert made.secret not in page.html
    page = page.form("test").submit()
    assert "its secret is right" in page.text

    page = browser.open(town.at("/garden-university/staff/colleagues"))
    page = page.form("invite-form").fill(email="colleague@garden.example", role="viewer").submit()
    assert "An invitation is on its way to colleague@garden.example." in page.text
    [letter] = letters(town, "colleague@garden.example")
    assert "Garden University (sandbox), as Viewer" in letter.text
    other = town.browser()
    assert other.open(link(letter)).form("take-up").submit("link").url.endswith("/staff")
    page = browser.open(town.at("/garden-university/staff"))
    assert "To begin with" not in page.text
    assert "ready" in page.text
    town.connected(town.ada, handle="garden-university")
    page = browser.open(town.at("/garden-university/staff/people"))
    assert town.ada.name in page.text
    assert f"{town.registry}/{town.ada.orcid}" in page.text
    assert "Grows <b>orchids</b>." in visitor.open(town.at("/garden-university/")).text


def test_no_secret_stands_in_database_pages_or_audit(town: Town):
    browser = town.browser()
    browser.open(garden(town)).form("take-up").submit()
    made = client(town)
    put_client(browser, town, made.id, made.secret)
    for table in tables.metadata.sorted_tables:
        for row in town.rows(table.name):
            assert made.secret not in str(tuple(row)), table.name
    for path in ("", "/settings", "/audit"):
        assert made.secret not in browser.open(town.at(f"/garden-university/staff{path}")).html
    [place] = [one for one in town.rows("environment") if one.client_id == made.id]
    with town.hub.db.reading() as tx:
        opened = organisations.environment(tx, place.id, town.hub.keys)
    assert opened.client_secret == made.secret
    assert made.secret not in repr(opened)
    # Another client id can't be given the secret that is kept; the same one keeps it.
    assert "needs its secret" in put_client(browser, town, "APP-OTHER", "").text
    assert "its secret is right" in put_client(browser, town, made.id, "").text
    done = [one for one in actions(town, place.id) if one.startswith("client")]
    assert done == ["client-changed", "client-tested", "client-changed", "client-tested"]


def test_the_token_of_a_test_does_not_live_on(town: Town):
    place = _place(town, "library")
    assert credentials.ask(town.http, place) == "ok"
    with town.place.service.db.reading() as tx:
        from laelia.registry import tables as theirs

        alive = tx.execute(theirs.token.select().where(theirs.token.c.revoked.is_(None))).all()
    assert [one for one in alive if one.client_id == place.client_id] == []


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (401, b'{"error": "invalid_client"}', "refused"),
        (400, b'{"error": "unauthorized_client"}', "forbidden"),
        (400, b'{"error": "invalid_scope"}', "no-scope"),
        (200, b"<html>hello</html>", "odd"),
        (503, b"away", "silent"),
        (200, b'{"access_token": "t", "token_type": "bearer", "scope": "/webhook"}', "no-scope"),
    ],
)
def test_what_a_registry_answers_in_plain_words(town: Town, status: int, body: bytes, answer: str):
    def app(environ: Any, start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(f"{status} X", [("Content-Type", "application/json")])
        return [body]

    assert credentials.ask(Http(apps={town.registry: app}), _place(town, "library")) == answer
    assert str(credentials.ANSWERS[answer][1])


def test_nobody_answers(town: Town):
    assert credentials.ask(Http(apps={}), _place(town, "library")) == "silent"


def test_texts_are_looked_at_kept_escaped_and_ours_again(town: Town):
    browser = joined(town, "editor@library.example", "editor")
    page = browser.open(town.at("/library/staff/texts"))
    form = page.form("texts").fill(why="{organisation} <script>asks</script>.\n\nPlease.")
    page = form.submit("preview")
    assert "Preview: nothing is saved yet" in page.text
    assert "Example Library <script>asks</script>." in page.text
    assert "<script>asks" not in page.html
    assert town.rows("text") == []
    page = page.form("texts").submit("keep")
    landing = town.browser().open(town.at("/library/"))
    assert "Example Library <script>asks</script>. Please." in landing.text
    assert "<script>asks" not in landing.html
    page = browser.open(town.at("/library/staff/texts"))
    bad = page.form("texts").fill(invitation="No way to it").submit("keep")
    assert bad.status == 422
    assert "{link} is missing" in bad.text
    page = browser.open(town.at("/library/staff/texts")).form("texts").fill(why="").submit("keep")
    assert town.rows("text") == []
    assert "Example Library asks for two things" in town.browser().open(town.at("/library/")).text
    assert actions(town).count("text-changed") == 2


def test_a_code_that_no_unit_has_is_free(town: Town):
    with town.hub.db.writing() as tx:
        first = units.put(tx, 1, BY, town.library, code="SCI", name="Science")
        units.put(tx, 1, BY, town.library, code="NAT", name="Nature", unit_id=first)
        second = units.put(tx, 1, BY, town.library, code="SCI", name="Sciences")
        units.remove(tx, 1, BY, town.library, second)
        units.put(tx, 1, BY, town.library, code="SCI", name="Science again")
        assert [one.code for one in units.tree(tx, town.library)] == ["NAT", "SCI"]


def test_units_are_a_tree(town: Town):
    browser = joined(town, "editor@library.example", "editor")

    def add(name: str, code: str, parent: str = "") -> Page:
        form = browser.open(town.at("/library/staff/units")).form("add-unit")
        return form.fill(name=name, code=code, parent=parent).submit()

    add("Faculty of Science", "SCI")
    [science] = town.rows("unit")
    add("Botany", "BOT", str(science.id))
    assert "is another unit's" in add("Botanics", "BOT").text
    with town.hub.db.reading() as tx:
        found = units.tree(tx, town.library)
    assert [(one.code, one.depth, one.path) for one in found] == [
        ("SCI", 0, "Faculty of Science"), ("BOT", 1, "Faculty of Science › Botany"),
    ]  # fmt: skip
    botany = found[1]
    page = browser.open(town.at("/library/staff/units"))
    assert "has units below it" in page.form(f"/library/staff/units/{science.id}/remove").submit().text
    with town.hub.db.writing() as tx, pytest.raises(organisations.Clash, match="below itself"):
        units.put(
            tx,
            town.clock.now(),
            BY,
            town.library,
            code="SCI",
            name="S",
            parent_id=botany.id,
            unit_id=science.id,
        )
    edit = browser.open(town.at(f"/library/staff/units/{botany.id}"))
    edit.form("unit").fill(name="Botany and bees", parent="").submit()
    browser.open(town.at("/library/staff/units")).form(f"/library/staff/units/{science.id}/remove").submit()
    assert [one.name for one in town.rows("unit")] == ["Botany and bees"]
    # Another organisation's units are out of reach.
    other = joined(town, "editor@datacite.example", "editor", town.datacite)
    assert other.open(town.at(f"/datacite/staff/units/{botany.id}")).status == 404


def test_what_is_said_of_the_organisation_is_changed_where_its_pages_are(town: Town):
    browser = joined(town, "owner@datacite.example", environment_id=town.production)
    page = browser.open(town.at("/datacite@production/staff/settings"))
    assert "about" not in [form.element.get("id") for form in page.forms()]
    csrf = page.form("sign-out").value("csrf_token")
    page = browser.send(
        "POST", town.at("/datacite@production/staff/settings/organisation"),
        data={"csrf_token": csrf, "name": "Other"},
    )  # fmt: skip
    assert page.status == 422
    assert "Other" not in [one.name for one in town.rows("organisation")]


def test_the_environments_are_named_and_apart(town: Town):
    browser = joined(town, "owner@datacite.example", environment_id=town.datacite)
    town.connected(town.ada)
    assert town.ada.name in browser.open(town.at("/datacite/staff/people")).text
    page = browser.page.link("production")
    assert page.status == 403
    joined(town, "owner@datacite.example", environment_id=town.production, browser=browser)
    page = browser.open(town.at("/datacite@production/staff/people"))
    assert town.ada.orcid not in page.html
    assert "production iDs of https://registry.test." in page.text
    assert page.link("sandbox").url == town.at("/datacite/staff")


def test_people_are_searched_by_state_and_page(town: Town):
    browser = joined(town, "viewer@library.example", "viewer")
    with town.hub.db.writing() as tx:
        for n in range(60):
            tx.execute(
                tables.person.insert().values(
                    environment_id=town.library,
                    local_id=f"HR-{n:03}",
                    email=f"p{n}@library.example",
                    family_names=f"Person {n:03}",
                    state="denied" if n % 10 == 0 else "invited",
                    created=town.clock.now(),
                    modified=town.clock.now(),
                    reminders=0,
                )
            )
    page = browser.open(town.at("/library/staff/people"))
    assert "60 people" in page.text
    assert "Person 049" in page.text
    assert "Person 050" not in page.text
    page = page.link("Next")
    assert "Person 059" in page.text
    page = page.form("find").fill(q="hr-010 LIBRARY").submit()
    assert "1 person" in page.text
    page = browser.open(town.at("/library/staff/people")).form("find").fill(state="denied").submit()
    assert "6 people" in page.text
    assert "Nobody is found." in browser.open(town.at("/library/staff/people?q=%25")).text


def _place(town: Town, handle: str) -> organisations.Environment:
    with town.hub.db.reading() as tx:
        found = organisations.by_handle(tx, handle, town.hub.keys)
    assert found is not None
    return found
