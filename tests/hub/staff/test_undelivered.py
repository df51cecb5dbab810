"""What did not get through is shown to staff and operators, and sent again when they say so."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from hub.engine import work
from hub.staff.desk import actions, invited, joined, letters
from hub.web.town import Town
from laelia.hub import assertions, dead, tables, worker
from laelia.hub.commands import commands
from laelia.hub.organisations import audit
from laelia.hub.web.staff import words
from laelia.lib.browser import Page
from laelia.lib.clock import HOUR


def without_post(town: Town) -> Callable[[], None]:
    """The mail server does not answer; returns how to have it back."""
    usual = town.hub.settings

    def use(settings: Any) -> None:
        town.hub.settings = settings
        town.hub.worker = worker.make(town.hub)

    use(replace(usual, smtp_url="smtp://127.0.0.1:9"))
    return lambda: use(usual)


def refused_item(town: Town) -> None:
    """Something that the registry does not take, for Ada's record."""
    town.connected(town.ada, handle="library")
    entry = assertions.Entry(town.library, town.ada.orcid, "works", "doi:10.5072/odd", "file", "file")
    wrong = work("10.5072/odd", "Odd <b>one</b>")
    wrong.type = "no-such-type"
    with town.hub.db.writing() as tx:
        assertions.file(tx, town.clock.now(), entry, wrong)
        assertions.wake(tx, town.clock.now(), town.library, town.ada.orcid)
    town.work()


def give_up(town: Town) -> None:
    for _ in range(12):
        town.clock.advance(HOUR)
        town.work()


def undelivered(town: Town, browser: Any) -> Page:
    page: Page = browser.open(town.at("/library/staff/undelivered"))
    assert page.status == 200
    return page


def test_a_letter_that_can_not_be_sent_waits_for_someone(town: Town) -> None:
    browser = joined(town, "owner@library.example")
    assert "Everything got through" in undelivered(town, browser).text
    mend = without_post(town)
    page = browser.open(town.at("/library/staff/colleagues"))
    page.form("invite-form").fill(email="new@library.example", role="viewer").submit()
    town.work()
    page = undelivered(town, browser)
    assert "new@library.example" in page.text
    assert "tries again" in page.text
    give_up(town)
    page = undelivered(town, browser)
    assert "given up" in page.text
    assert "ConnectionRefusedError" in page.text
    mend()
    page = page.form(containing="Send again").submit()
    assert "1 is sent again" in page.text
    assert len(letters(town, "new@library.example")) == 1
    assert "Everything got through" in undelivered(town, browser).text
    assert actions(town)[-1] == "sent-again"


class Refusing(socketserver.StreamRequestHandler):
    """A mail server that takes no letter, and says for whom."""

    def handle(self) -> None:
        self._say("220 mail.example")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT":
                self._say(f"550 5.1.1 {line.decode().strip()}: nobody of that name here")
            elif verb == b"QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def test_an_address_that_the_mail_server_refuses_is_not_in_the_log(
    town: Town, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = joined(town, "owner@library.example")
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"smtp://127.0.0.1:{server.server_address[1]}"
        town.hub.settings = replace(town.hub.settings, smtp_url=url)
        town.hub.worker = worker.make(town.hub)
        page = browser.open(town.at("/library/staff/colleagues"))
        page.form("invite-form").fill(email="nobody@library.example", role="viewer").submit()
        town.work()
        server.shutdown()
    page = undelivered(town, browser)
    assert "nobody@library.example" in page.text
    assert "the mail server refuses the address (550)" in page.text
    logged = capfd.readouterr().err
    assert "NotSent" in logged
    assert "nobody@library.example" not in logged


def test_a_refused_item_is_shown_with_the_registrys_words(town: Town) -> None:
    browser = joined(town, "owner@library.example")
    refused_item(town)
    page = undelivered(town, browser)
    assert "Odd <b>one</b>" in page.text
    assert "<b>one</b>" not in page.html
    [row] = town.rows("assertion")
    [attempt] = town.rows("attempt")
    assert attempt.answer in page.text
    assert row.state == "refused"
    page.form(containing="Send again").submit()
    [row] = town.rows("assertion")
    assert row.state == "pending"
    town.work()
    assert len(town.rows("attempt")) == 2, "it was tried once more"


def test_all_at_once_and_only_of_this_organisation(town: Town) -> None:
    browser = joined(town, "owner@library.example")
    refused_item(town)
    without_post(town)
    invited(town, "x@library.example")
    for handle in ("library", "datacite"):
        staff = joined(town, f"o@{handle}.example", environment_id=getattr(town, handle))
        page = staff.open(town.at(f"/{handle}/staff/colleagues"))
        page.form("invite-form").fill(email=f"new@{handle}.example", role="viewer").submit()
    give_up(town)
    page = undelivered(town, browser)
    assert "2 undelivered" in page.text
    assert "new@datacite.example" not in page.text
    page = page.form(containing="Send all again").submit()
    assert "2 are sent again" in page.text
    dead = [one.environment_id for one in town.rows("job") if one.dead is not None]
    assert dead == [town.datacite]


def test_who_only_looks_sends_nothing(town: Town) -> None:
    browser = joined(town, "viewer@library.example", "viewer")
    refused_item(town)
    page = undelivered(town, browser)
    assert "Odd" in page.text
    assert "Send again" not in page.text
    data = {"csrf_token": page.form(containing="Sign out").value("csrf_token")}
    assert browser.send("POST", page.url, data=data).status == 403


def test_every_kind_of_job_has_a_word() -> None:
    assert {"item", *worker.KINDS} == set(words.JOBS)


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    settings = town.hub.settings
    for name, value in {"DATABASE": settings.database, "VAR": settings.var, "SANDBOX": "true"}.items():
        monkeypatch.setenv(f"LAELIA_HUB_{name}", str(value))
    return lambda *words: CliRunner().invoke(commands, list(words))


def test_an_operator_does_the_same_by_command(town: Town, run: Callable[..., Result]) -> None:
    refused_item(town)
    without_post(town)
    staff = joined(town, "owner@library.example")
    page = staff.open(town.at("/library/staff/colleagues"))
    page.form("invite-form").fill(email="new@library.example", role="viewer").submit()
    give_up(town)
    told = json.loads(run("dead", "list", "--json").stdout)
    assert [(one["kind"], one["whom"], one["state"]) for one in told] == [
        ("mail", "new@library.example", "given-up"),
        ("item", town.ada.orcid, "refused"),
    ]
    job, item = (one["name"] for one in told)
    assert "can't be dropped" in run("dead", "drop", item).stderr
    assert "Not in the list" in run("dead", "again", "job-999").stderr
    assert run("dead", "again").exit_code == 1
    assert json.loads(run("dead", "again", item, "--json").stdout) == {"again": 1}
    assert json.loads(run("dead", "drop", job, "--json").stdout) == {"dropped": 1}
    assert json.loads(run("dead", "list", "--json", "--organisation", "library").stdout) == []
    assert actions(town)[-2:] == ["sent-again", "dropped"]
    assert "no organisation" in run("dead", "list", "--organisation", "nobody").stderr


def test_a_dead_job_whose_like_waits_makes_no_second_one(town: Town, run: Callable[..., Result]) -> None:
    refused_item(town)
    values = {"kind": "push", "payload": {"orcid": town.ada.orcid}, "environment_id": town.library}
    key = f"{town.library}/{town.ada.orcid}"
    with town.hub.db.writing() as tx:
        fresh = {"created": 1, "due": town.clock.now(), "key": key}
        tx.execute(tables.job.insert().values(**values, **fresh, failures=10, dead=1))
        assertions.wake(tx, town.clock.now(), town.library, town.ada.orcid)
    assert run("dead", "again", "--all").exit_code == 0
    assert [one.dead for one in town.rows("job") if one.kind == "push"] == [None]


@contextmanager
def statements(tx: sa.Connection) -> Iterator[list[str]]:
    """What is asked in this transaction meanwhile."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        made.append(statement)

    sa.event.listen(tx, "before_cursor_execute", note)
    yield made
    sa.event.remove(tx, "before_cursor_execute", note)


def test_one_is_looked_up_by_its_name_and_all_are_sent_at_once(town: Town) -> None:
    refused_item(town)
    now = town.clock.now()
    with town.hub.db.writing() as tx:
        [model] = tx.execute(tables.assertion.select()).all()
        [attempt] = tx.execute(tables.attempt.select()).all()
        for n in range(30):
            item = {**model._mapping, "id": 100 + n, "key": f"doi:10.5072/{n}"}
            tx.execute(tables.assertion.insert().values(item))
            tx.execute(tables.attempt.insert().values({**attempt._mapping, "id": 100 + n,
                       "assertion_id": 100 + n, "answer": f"No {n}."}))  # fmt: skip
        for n in range(3):
            values = {"kind": "push", "key": "same", "payload": {}, "environment_id": town.library}
            tx.execute(tables.job.insert().values(
                **values, created=1, due=now, failures=10, dead=1, id=900 + n
            ))  # fmt: skip
    with town.hub.db.reading() as tx:
        assert [one.answer for one in dead.letters(tx, names=["item-107", "job-x", "item-"])] == ["No 7."]
        with statements(tx) as made:
            assert len(dead.letters(tx, town.library)) == 34
        assert len(made) == 2
    with town.hub.db.writing() as tx, statements(tx) as made:
        assert dead.again_all(tx, now, audit.HUB, town.library) == 34
    assert len(made) < 12
    assert [row.state for row in town.rows("assertion")] == ["pending"] * 31
    assert [row.dead for row in town.rows("job") if row.key == "same"] == [None], "two of a key can't live"
    assert town.rows("audit")[-1].detail == '{"jobs":3,"items":31}'
