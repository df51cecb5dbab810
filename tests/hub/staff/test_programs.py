"""Owners look after programs and the addresses that are called; a secret is shown once."""

import re

from hub.staff.desk import actions, joined
from hub.web.town import Town
from laelia.lib.browser import Page

HOOK = "https://hr.example.org/events"


def secret(page: Page) -> str:
    assert "Keep this secret now" in page.text
    facts = [
        str(each.text_content()).strip()
        for each in page.all("//*[contains(@class,'notice')]//*[contains(@class,'mono')]")
    ]
    return facts[-1]


def test_a_program_is_added_used_and_revoked(town: Town) -> None:
    owner = joined(town, "owner@library.example")
    page = owner.open(town.at("/library/staff")).link("Programs")
    assert "No programs yet." in page.text
    page = page.form("add-program").fill(name="HR", return_urls="http://hr.example.org/x").submit("Add")
    assert (page.status, "must begin with https" in page.text) == (422, True)
    page = page.form("add-program").fill(name="HR", return_urls=f"{HOOK}\n https://b.example/").submit("Add")
    made = secret(page)
    [row] = town.rows("program")
    assert row.return_urls == f'["{HOOK}","https://b.example/"]'
    where, form = town.at("/library/api/token"), {"grant_type": "client_credentials"}
    assert town.everyone.post(where, data=form, auth=(row.client_id, made)).status == 200
    page = owner.open(town.at("/library/staff/programs"))
    assert made not in page.text
    assert "last here" in page.text
    page = page.form(f"/library/staff/programs/{row.client_id}/revoke").submit("Revoke")
    assert "HR is out." in page.text
    assert town.everyone.post(where, data=form, auth=(row.client_id, made)).status == 401
    assert [one for one in actions(town) if "program" in one] == ["program-added", "program-revoked"]
    assert made not in str(town.rows("audit"))


def test_an_address_is_added_changed_tried_and_removed(town: Town) -> None:
    owner = joined(town, "owner@library.example")
    page = owner.open(town.at("/library/staff/programs"))
    bad = page.form("add-callback").fill(url="https://127.0.0.1/x").submit("Add")
    assert "inside the hub" in bad.text
    page = bad.form("add-callback").fill(url=HOOK).submit("Add")
    first = secret(page)
    assert first.startswith("whsec_")
    [row] = town.rows("callback")
    at = f"/library/staff/callbacks/{row.id}"
    second = secret(page.link(HOOK).form(f"{at}/secret").submit("New secret"))
    assert second.startswith("whsec_")
    assert second != first
    page = owner.open(town.at(at)).form(f"{at}/test").submit("Send a test")
    assert "A test is on its way" in page.text
    town.work()
    page = owner.open(town.at(at))
    assert re.search(r"waiting \(1\)", page.text)  # nobody is there to take it
    for _ in range(4):
        town.clock.advance(20 * 60_000)
        town.work()
    page = owner.open(town.at(f"{at}?state=dead"))
    assert "given up" in page.text
    page = page.form(f"{at}/again").submit("Send all that were given up again")
    assert "1 on the way again." in page.text
    page = page.form("change").fill(off=True).submit("Save")
    assert not town.rows("callback")[0].enabled
    page.form(f"{at}/remove").submit("Remove the address")
    assert town.rows("callback") == town.rows("delivery") == []
    assert [one for one in actions(town) if "callback" in one] == [
        "callback-added", "callback-secret", "callback-changed", "callback-removed",
    ]  # fmt: skip


def test_others_look_and_change_nothing(town: Town) -> None:
    owner = joined(town, "owner@library.example")
    owner.open(town.at("/library/staff/programs")).form("add-callback").fill(url=HOOK).submit("Add")
    [row] = town.rows("callback")
    editor = joined(town, "editor@library.example", "editor")
    page = editor.open(town.at("/library/staff/programs"))
    assert [form for form in page.forms() if "programs" in form.describe()] == []
    page = editor.open(town.at(f"/library/staff/callbacks/{row.id}"))
    assert page.status == 200
    assert "What is told" not in page.text
    token = page.form("sign-out").value("csrf_token")
    for path in ("programs", "callbacks", f"callbacks/{row.id}/remove"):
        where = town.at(f"/library/staff/{path}")
        assert editor.send("POST", where, data={"csrf_token": token, "name": "x"}).status == 403
    assert town.rows("program") == []
    # An address of another organisation is not found here.
    other = joined(town, "owner@datacite.example", environment_id=town.datacite)
    assert other.open(town.at(f"/datacite/staff/callbacks/{row.id}")).status == 404
