"""Deactivating a record and coming back to it."""

from laelia.registry.account.closing.personal import HELD
from laelia.registry.record import people
from registry.api.people import told, work
from registry.closing.life import Life
from registry.place import PASSWORD

NEW = {
    "given": "Augusta",
    "family": "King",
    "password": "orchid & 8 bees",
    "repeat": "orchid & 8 bees",
    "visibility": "limited",
    "terms": True,
}


def test_nothing_happens_before_link_and_password(life: Life) -> None:
    browser = life.live()
    before = len(life.rows_about("item"))
    page = life.asked_to("deactivate", browser)
    assert "Deactivate your record" in page.title
    wrong = page.form(-1).fill(password="not hers 1").submit()
    assert (wrong.status, "This is not the password" in wrong.text) == (401, True)
    assert len(life.rows_about("item")) == before
    assert people_state(life) == "active"


def test_a_deactivated_record_is_empty_and_answers_as_documented(life: Life) -> None:
    browser = life.live()
    other = life.place.browser(life.place.ada)
    page = life.leave("deactivate", browser)
    assert page.url == life.place.at(f"/{life.ada}")
    assert "has closed it" in page.text
    assert other.open(life.place.at("/my-record")).url.startswith(life.place.at("/signin"))
    assert told(life.get("/record")) == (409, 9044)
    assert told(life.get("/record", life.reader)) == (409, 9044)
    assert told(life.post(work())) == (401, None)
    token = life.permission["access_token"]
    assert life.place.status_of(token) == 401
    assert life.place.refresh(life.member_client, life.permission["refresh_token"]).status == 400
    reasons = {row.revoked_reason for row in life.rows_about("token")}
    assert reasons == {"deactivation"}
    assert {row.reason for row in life.rows_about("consent")} == {"deactivation"}
    gone = [name for name, held in HELD.items() if any(rows.deactivation == "delete" for rows in held.rows)]
    kept = [name for name in gone if name != "former_email" and life.rows_about(name)]
    assert kept == []
    assert life.work() != [], "who is called at changes is told"
    again = life.place.browser().open(life.place.at("/signin")).form("/signin")
    assert again.fill(name=life.ada, password=PASSWORD).submit().status == 401


def test_of_the_addresses_a_mark_stays_that_nobody_can_read(life: Life) -> None:
    life.leave("deactivate", life.live())
    rows = life.place.rows("former_email")
    assert len(rows) == 2, "the two that were confirmed"
    assert {row.orcid for row in rows} == {life.ada}
    found = life.traces(in_files=False)
    assert found.pop("where a member is called about her") == ["webhook"]
    tables_left = {table for where in found.values() for table in where}
    assert tables_left == {"job"}, "the mail that tells her of it, until it is sent"


def test_who_comes_back_has_the_same_id_and_an_empty_record(life: Life) -> None:
    life.leave("deactivate", life.live())
    browser = life.place.browser()
    page = browser.open(life.place.at("/signin")).link("Have you deactivated your record?")
    page = page.form("/reactivate").fill(email="ADA@example.org").submit()
    assert "If a deactivated record had the address" in page.text
    link = life.link("ADA@example.org", "/reactivate/")
    page = browser.open(link)
    assert life.ada in page.text
    wrong = page.form(-1).fill({**NEW, "password": "short", "repeat": "short"}).submit()
    assert wrong.status == 422
    page = wrong.form(-1).fill(NEW).submit()
    assert page.url == life.place.at("/my-record")
    assert "Augusta King" in page.text
    assert life.get("/record").json()["orcid-identifier"]["path"] == life.ada
    assert life.get("/works").json()["group"] == []
    row = next(row for row in life.place.rows("record") if row.orcid == life.ada)
    assert (row.state, row.deactivated, row.default_visibility) == ("active", None, "limited")
    assert [(one.email, one.verified) for one in life.rows_about("email")] == [("ADA@example.org", True)]
    assert life.place.rows("former_email") == []
    assert browser.open(link).status == 404, "a link is good once"
    assert life.place.status_of(life.permission["access_token"]) == 401, "permissions stay ended"


def test_nobody_learns_which_addresses_a_closed_record_had(life: Life) -> None:
    life.leave("deactivate", life.live())
    sentences = []
    for email in ("ada@example.org", "sophie@example.org", "nobody@example.org"):
        page = life.place.browser().open(life.place.at("/reactivate"))
        page = page.form("/reactivate").fill(email=email).submit()
        sentences.append((page.status, page.text.replace(email, "…")))
    assert len(set(sentences)) == 1
    assert not any("reactivate/" in text for text in life.mails("nobody@example.org"))
    assert not any("reactivate/" in text for text in life.mails("sophie@example.org"))


def test_an_address_that_is_on_another_record_leads_nowhere(life: Life) -> None:
    life.leave("deactivate", life.live())
    life.place.person("Ada", "Again", "ada@example.org")
    page = life.place.browser().open(life.place.at("/reactivate"))
    page.form("/reactivate").fill(email="ada@example.org").submit()
    assert not any("/reactivate/" in text for text in life.mails("ada@example.org"))


def test_links_end_after_four_hours_and_with_the_next(life: Life) -> None:
    browser = life.live()
    life.asked_to("deactivate", browser)
    first = life.link(life.place.ada.email, "/account/close/")
    life.asked_to("deactivate", browser)
    assert browser.open(first).status == 404
    second = life.link(life.place.ada.email, "/account/close/")
    assert browser.open(second).status == 200
    stranger = life.place.browser(life.place.stranger)
    assert stranger.open(second).status == 404, "somebody else's link says nothing"
    life.place.clock.advance(4 * 3_600_000)
    assert browser.open(second).status == 404


def test_a_locked_record_is_not_closed_by_its_owner(life: Life) -> None:
    browser = life.live()
    page = life.asked_to("deactivate", browser)
    life.place.set_state(life.place.ada, "locked")
    assert page.form(-1).fill(password=PASSWORD).submit().status == 404
    assert people_state(life) == "locked"


def people_state(life: Life) -> str:
    with life.place.service.db.reading() as tx:
        if people.active(tx, life.ada):
            return "active"
    return str(next(row.state for row in life.place.rows("record") if row.orcid == life.ada))
