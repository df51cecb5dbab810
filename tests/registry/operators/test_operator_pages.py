"""The operators' pages: found, locked, merged, written down; and what an operator needs to get there."""

import csv
import io

from sqlalchemy import delete, insert

from laelia.registry import tables
from registry.operators.cast import Cast


def test_a_record_is_locked_with_a_reason_and_opened_again(cast: Cast) -> None:
    who = cast.person("Sam", "Spammer", "sam@example.org")
    page = cast.see(cast.olga, "/account").link("Operate the registry")
    page = page.form("/operator/records").fill(q="sam@example.org").submit().link("Sam Spammer")
    lock = page.form(f"/operator/records/{who.orcid}/lock")
    assert "Write why" in lock.fill(why="spam", reason=" ").submit().text
    page = lock.fill(why="spam", reason="sells watches").submit()
    assert "The record is locked." in page.text
    assert "sells watches" in page.text
    public = cast.browser().open(cast.at(f"/{who.orcid}"))
    assert "Sam" not in public.text
    page.form(f"/operator/records/{who.orcid}/unlock").submit()
    lines = [(row.action, row.actor, row.reason, row.detail) for row in cast.rows("audit")
             if row.subject == who.orcid]  # fmt: skip
    assert lines == [
        ("record.lock", cast.olga.orcid, "sells watches", {"why": "spam"}),
        ("record.unlock", cast.olga.orcid, "", {}),
    ]


def test_a_duplicate_is_merged_only_when_all_is_said(cast: Cast) -> None:
    twin = cast.person("Twin", "Peaks", "twin@example.org")
    form = cast.see(cast.olga, f"/operator/records/{twin.orcid}").form(
        f"/operator/records/{twin.orcid}/merge"
    )
    for missing in ({"primary": "x"}, {"reason": ""}, {"sure": False}):
        given = {"primary": cast.ada.orcid, "reason": "same person", "sure": True, **missing}
        assert "tick that you are sure" in form.fill(given).submit().text
    page = form.fill(primary=cast.ada.orcid, reason="same person", sure=True).submit()
    assert f"{twin.orcid} leads to {cast.ada.orcid} now" in page.text
    assert not [f for f in page.forms() if "/merge" in (f.element.get("action") or "")]


def test_members_and_their_contacts(cast: Cast) -> None:
    page = cast.see(cast.olga, "/operator/members")
    wrong = page.form("/operator/members").fill(name="Example Library", email="x").submit()
    assert wrong.status == 422
    page = wrong.form("/operator/members").fill(name="New Museum", email="it@museum.test").submit()
    member = page.url.rpartition("/")[2]
    contacts = page.form(f"/operator/members/{member}/contacts")
    assert "Write an iD" in contacts.fill(orcid="nobody").submit().text
    page = contacts.fill(orcid=cast.stranger.orcid).submit()
    assert cast.see(cast.stranger, f"/member-tools/{member}").status == 200
    page.form(f"/operator/members/{member}/contacts/{cast.stranger.orcid}/remove").submit()
    assert cast.see(cast.stranger, f"/member-tools/{member}").status == 404
    page = page.form(f"/operator/members/{member}").fill(name="Newer Museum", kind="premium").submit()
    assert "Newer Museum" in page.text
    lock = page.form(f"/operator/members/{member}/state")
    assert "Write why" in lock.fill(reason="").submit().text
    lock.fill(reason="unpaid").submit()
    done = [row.action for row in cast.rows("audit") if row.subject == f"member:{member}"]
    assert done == [
        "member.add",
        "member.add-contact",
        "member.remove-contact",
        "member.change",
        "member.lock",
    ]


def test_what_a_client_may_is_changed(cast: Cast) -> None:
    page = cast.page_of(cast.catalogue, cast.olga)
    form = page.form(f"/clients/{cast.catalogue.id}/rights")
    form.fill(scopes=["/authenticate", "/email/read-private"], obo_enabled=True, reason="agreed").submit()
    row = next(row for row in cast.rows("client") if row.client_id == cast.catalogue.id)
    assert (row.scopes, row.obo_enabled) == ("/authenticate /email/read-private", True)
    locked = page.form(containing="Lock the client").fill(reason="misuse").submit()
    assert "misuse" in locked.text
    # Whoever looks after it can't open it again.
    page = cast.page_of(cast.catalogue, cast.carla)
    assert "have locked it" in page.text
    assert not [f for f in page.forms() if f.element.get("action", "").endswith("/state")]
    assert "misuse" not in page.text
    cast.page_of(cast.catalogue, cast.olga).form(containing="Unlock").submit()


def test_operators_see_no_secret(cast: Cast) -> None:
    """Neither is there a form to make one, nor does the address answer."""
    page = cast.page_of(cast.catalogue, cast.olga)
    assert cast.catalogue.secret not in page.html
    assert not [f for f in page.forms() if f.element.get("action", "").endswith("/secrets")]
    end = page.form(containing="End it now").submit()
    assert not cast.works(cast.catalogue.id, cast.catalogue.secret)
    assert "client.end-secret" in end.text


def test_the_log_is_read_and_taken_along(cast: Cast) -> None:
    page = cast.see(cast.olga, f"/operator/audit?about=member:{cast.library.id}")
    assert "member.add-contact" in page.text
    taken = page.link("Take along as CSV")
    assert taken.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(taken.response.text)))
    assert {row["subject"] for row in rows} == {f"member:{cast.library.id}"}
    assert rows[0]["action"] == "member.add"
    assert "Nothing yet." in cast.see(cast.olga, "/operator/audit?since=2099-01-01").text
    for odd in ("before=x", "since=x", "before=99999999999999999999", "action=%25"):
        assert cast.see(cast.olga, f"/operator/audit?{odd}").status == 200


def test_a_long_log_is_read_page_by_page(cast: Cast) -> None:
    from laelia.registry.operators import audit
    from registry.operators.cast import STAFF

    with cast.service.db.writing() as tx:
        for n in range(60):
            audit.note(tx, cast.clock.now(), STAFF, "test.line", "many", n=n)
    page = cast.see(cast.olga, "/operator/audit?about=many")
    assert len(page.all("//tbody/tr")) == 50
    assert len(page.link("Older").all("//tbody/tr")) == 10


def test_who_has_a_second_factor_has_to_show_it(cast: Cast) -> None:
    assert cast.see(cast.olga, "/operator").status == 200
    with cast.service.db.writing() as tx:
        now, sealed = cast.clock.now(), {"secret": "-", "recovery_key": "-"}
        row = {"orcid": cast.olga.orcid, "created": now, "confirmed": now, **sealed}
        tx.execute(insert(tables.second_factor).values(row))
    for path in ("/operator", "/operator/audit.csv", f"/clients/{cast.engine.id}"):
        page = cast.see(cast.olga, path)
        assert (page.status, "second factor" in page.text) == (403, True)
    assert cast.page_of(cast.engine, cast.ada).status == 200
    with cast.service.db.writing() as tx:
        tx.execute(delete(tables.second_factor))


def test_an_operator_whose_record_is_locked_is_none(cast: Cast) -> None:
    cast.set_state(cast.olga, "locked")
    assert cast.see(cast.olga, "/operator").status == 404
    assert cast.page_of(cast.engine, cast.olga).status == 404
    cast.set_state(cast.olga, "active")
    assert cast.see(cast.olga, "/operator").status == 200
