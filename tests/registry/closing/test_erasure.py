"""Erasing a record: nothing that its owner ever entered is found anywhere, and a receipt proves it."""

import hashlib
import json
import re

from laelia.registry.account.closing import erasure
from laelia.registry.account.closing.personal import HELD
from registry.api.people import told
from registry.closing.life import PERSONAL, Life
from registry.place import PASSWORD


def test_every_value_is_there_before_and_none_afterwards(life: Life) -> None:
    browser = life.live()
    assert set(life.traces()) == set(PERSONAL), "each is somewhere before"
    page = life.leave("erase", browser)
    assert "The record is erased" in page.text
    assert life.traces(in_files=False) == {}
    life.place.clock.advance(erasure.AFTERWARDS)
    life.place.service.work()
    assert life.traces() == {}, "in no row, and in no byte of the file"


def test_the_id_stays_as_spent(life: Life) -> None:
    life.leave("erase", life.live())
    assert told(life.get("/record")) == (409, 9044)
    assert life.place.status_of(life.permission["access_token"]) == 401
    assert "has closed it" in life.place.browser().open(life.place.at(f"/{life.ada}")).text
    tables_with_it = {name for name in HELD if life.rows_about(name)}
    assert tables_with_it == {"record", "erasure", "change", "job"}, (
        "the job that looks once more, the change"
    )
    page = life.place.browser().open(life.place.at("/reactivate"))
    page.form(-1).fill(email=life.place.ada.email).submit()
    assert not any("/reactivate/" in text for text in life.mails(life.place.ada.email))


def test_what_is_written_meanwhile_goes_as_well(life: Life) -> None:
    """A call that another process logs, a moment after."""
    life.leave("erase", life.live())
    life.get("/record", life.reader)
    life.place.service.work()
    assert life.rows_about("call_log")
    life.place.clock.advance(erasure.AFTERWARDS)
    life.place.service.work()
    assert not life.rows_about("call_log")
    assert not life.rows_about("job")
    assert life.rows_about("change"), "followers that are behind see that it has changed"


def test_her_name_goes_from_the_records_of_others(life: Life) -> None:
    """Where she is the source of something there, and where she acted."""
    life.live()
    with life.place.service.db.writing() as tx:
        tx.exec_driver_sql(
            "insert into item (orcid, section, put_code, source_orcid, source_name, visibility, "
            "display_index, created, modified, summary) "
            f"values ('{life.sophie}', 'keywords', 77, '{life.ada}', 'Ada Lovelace', 'public', 0, 1, 1, 'x')"
        )
        tx.exec_driver_sql(
            "insert into change (txn, orcid, section, kind, actor, time) "
            f"values (0, '{life.sophie}', 'keywords', 'create', '{life.ada}', 1)"
        )
        erasure.erase(tx, life.now, life.ada)
    (row,) = [row for row in life.place.rows("item") if row.put_code == 77]
    assert (row.source_orcid, row.source_name) == (life.ada, None)
    assert life.ada not in [row.actor for row in life.place.rows("change") if row.orcid == life.sophie]


def test_the_receipt_says_what_was_removed_and_nothing_else(life: Life) -> None:
    browser = life.live()
    before = {name: len(life.rows_about(name)) for name in ("item", "email", "token", "session", "change")}
    page = life.leave("erase", browser)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.url.startswith(life.place.at("/receipts/"))
    text = page.link("Download the receipt").response.body
    receipt = json.loads(text)
    assert set(receipt["rows"]) == set(HELD), "every table is named"
    for name, count in before.items():
        assert receipt["rows"][name] >= count, name
    assert receipt["rows"]["name"] == 1
    assert receipt["orcid"] == life.ada
    assert hashlib.sha256(text).hexdigest() in page.text
    (kept,) = life.place.rows("erasure")
    assert kept.hash == hashlib.sha256(text).hexdigest()
    secret = page.url.rpartition("/")[2]
    assert secret not in life.place.everything(), "its address is known to her alone"
    assert life.place.browser().open(life.place.at("/receipts/" + "x" * 32)).status == 404
    with life.place.service.db.reading() as tx:
        (shown,) = erasure.receipts(tx, life.ada)
    assert shown["unchanged"] is True
    assert shown["rows"] == receipt["rows"]


def test_an_operator_sees_a_receipt_that_was_changed(life: Life) -> None:
    with life.place.service.db.writing() as tx:
        assert erasure.erase(tx, life.now, life.ada)
        assert erasure.erase(tx, life.now, life.ada) is None, "there is one receipt"
        tx.exec_driver_sql("update erasure set receipt = replace(receipt, 'name', 'nome')")
        (shown,) = erasure.receipts(tx)
    assert shown["unchanged"] is False


def test_a_deactivated_record_can_still_be_erased(life: Life) -> None:
    """By an operator, at its owner's wish: she can't sign in any more."""
    life.leave("deactivate", life.live())
    with life.place.service.db.writing() as tx:
        assert erasure.erase(tx, life.now, life.ada)
    assert life.traces(in_files=False) == {}
    assert life.place.rows("former_email") == []


def test_nothing_about_her_is_kept_in_memory(life: Life) -> None:
    browser = life.live()
    life.show(life.work_added, "public")
    life.get("/works")
    life.get("/record")
    assert life.place.service.cache.size > 0
    life.leave("erase", browser)
    assert life.place.service.cache.size == 0


def test_the_erasure_asks_for_the_password_and_says_what_it_is(life: Life) -> None:
    page = life.asked_to("erase", life.live())
    assert "Nobody can bring it back" in page.text
    assert page.form(-1).fill(password="wrong 1 word").submit().status == 401
    assert re.search("Erase everything now", page.text)
    assert page.form(-1).fill(password=PASSWORD).submit().status == 200
