"""Letters that come back: refused by the server they are given to, or returned by another one later."""

import dataclasses
import pathlib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from email import message_from_bytes
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.staff.desk import actions, joined, letters
from hub.web.town import Town
from laelia.hub import worker
from laelia.hub.commands import commands, common
from laelia.lib.browser import Browser
from laelia.lib.clock import DAY

ADDRESS = "ada@uni.example"


class Server(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it gets, and refuses some recipients."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.got: list[tuple[str, str, bytes]] = []
        self.refuses: dict[str, str] = {}


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 mail.test")
        sender = to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "MAIL":
                sender = line.partition("<")[2].partition(">")[0]
            if verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self._say(self.server.refuses.get(to, "250 fine"))
            elif verb == "DATA":
                self._say("354 go on")
                body = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    body += part
                self.server.got.append((sender, to, body))
                self._say("250 taken")
            else:
                self._say("221 bye" if verb == "QUIT" else "250 mail.test")
            if verb == "QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server(town: Town) -> Iterator[Server]:
    """The hub sends by this server from now on."""
    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        sends = {
            "smtp_url": f"smtp://127.0.0.1:{made.server_address[1]}",
            "mail_from": "Hub <hub@uni.example>",
        }
        town.hub.settings = dataclasses.replace(
            town.hub.settings, bounce_address="returns@uni.example", **sends
        )
        town.hub.worker = worker.make(town.hub)
        yield made
        made.shutdown()


@pytest.fixture
def editor(town: Town) -> Browser:
    browser = joined(town, "editor@library.example", "editor")
    town.work()
    return browser


def invite(town: Town, editor: Browser, email: str = ADDRESS) -> None:
    form = editor.open(town.at("/library/staff/people/add")).form("someone")
    form.fill(email=email, given_names="Ada").submit()
    town.work()


def run(town: Town, monkeypatch: pytest.MonkeyPatch, *words: str, data: bytes | None = None) -> Result:
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    return CliRunner().invoke(commands, ["bounces", *words], input=data)


def returned(
    letter: bytes, to: str, *, action: str = "failed", status: str = "5.1.1", whole: bool = True
) -> bytes:
    """A message of a mail server about a letter, in the form of RFC 3464."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    inner = letter if whole else letter.partition(b"\r\n\r\n")[0] + b"\r\n"
    lines = [
        "From: MAILER-DAEMON@mx.example", f"To: {to}", "Subject: Returned", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "", "--b",
        "Content-Type: text/plain", "", "Sorry.", "--b", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; mx.example", "", f"Final-Recipient: rfc822; {ADDRESS}", f"Action: {action}",
        f"Status: {status}", "Diagnostic-Code: smtp; 550 no such mailbox", "", "--b",
        f"Content-Type: {kind}", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n" + inner + b"\r\n--b--\r\n"


def person(town: Town) -> Any:
    [found] = town.rows("person")
    return found


def test_a_letter_goes_out_under_its_mark(town: Town, server: Server, editor: Browser):
    invite(town, editor)
    [(sender, to, body)] = [one for one in server.got if one[1] == ADDRESS]
    mark = sender.removeprefix("returns+").removesuffix("@uni.example")
    assert (len(mark), to) == (32, ADDRESS)
    assert message_from_bytes(body)["Message-ID"] == f"<{mark}@uni.example>"
    assert mark not in str(town.rows("letter"))
    others = [one for one in server.got if one[1] != ADDRESS]
    assert all(one[0] == "hub@uni.example" for one in others)


def test_an_address_that_is_refused_is_said_and_left_alone(town: Town, server: Server, editor: Browser):
    server.refuses[ADDRESS] = "550 5.1.1 no such mailbox"
    invite(town, editor)
    assert (person(town).bounced, person(town).bounce) == (town.clock.now(), "550 5.1.1 no such mailbox")
    assert [one for one in town.rows("job") if one.kind == "mail"] == []
    page = editor.open(town.at("/library/staff/people?state=bounced"))
    assert "letter came back" in page.text
    page = page.link("Ada")
    assert "550 5.1.1 no such mailbox" in page.text
    assert "Write again" not in page.text
    csrf = page.form("sign-out").value("csrf_token")
    page = editor.send(
        "POST", town.at(f"/library/staff/people/{person(town).id}/invite"), data={"csrf_token": csrf}
    )
    assert "Correct the address first" in page.text
    for _ in range(30):
        town.clock.advance(DAY)
        town.work()
    assert len(town.rows("letter")) == 1
    later = joined(town, "later@library.example", "editor")
    page = later.open(town.at(f"/library/staff/people/{person(town).id}"))
    page = page.form("said-form").fill(email="lovelace@uni.example").submit()
    assert (person(town).bounced, person(town).invited, person(town).state) == (None, None, "invited")
    page.form(containing="Invite").submit()
    town.work()
    assert [one[1] for one in server.got][-1] == "lovelace@uni.example"
    assert [one.failed is None for one in town.rows("letter")] == [False, True]


def test_a_server_that_is_busy_is_asked_again(town: Town, server: Server, editor: Browser):
    server.refuses[ADDRESS] = "451 come back later"
    invite(town, editor)
    assert person(town).bounced is None
    del server.refuses[ADDRESS]
    town.clock.advance(60_000)
    town.work()
    assert [one[1] for one in server.got][-1] == ADDRESS


@pytest.mark.parametrize("how", ["address", "whole", "headers"])
def test_a_letter_that_is_returned(
    how: str, town: Town, server: Server, editor: Browser, monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
) -> None:  # fmt: skip
    invite(town, editor)
    sender, _to, body = server.got[-1]
    to = sender if how == "address" else "hub@uni.example"
    letter = b"Subject: x\r\n\r\n" if how == "address" else body
    message = returned(letter, to, whole=how != "headers")
    before = actions(town)
    done = run(town, monkeypatch, "-", data=message)
    assert (done.exit_code, done.stdout) == (0, "messages=1  undelivered=1  marked=1\n")
    assert (person(town).bounced, person(town).bounce) == (
        town.clock.now(), "5.1.1 550 no such mailbox",
    )  # fmt: skip
    assert person(town).state == "invited"
    assert actions(town) == before
    again = tmp_path / "bounce.eml"
    again.write_bytes(message)
    town.clock.advance(DAY)
    run(town, monkeypatch, str(again))
    assert person(town).bounced == town.clock.now() - DAY


def test_of_boxes_only_what_failed_for_good_counts(
    town: Town, server: Server, editor: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    invite(town, editor)
    sender, _to, body = server.got[-1]
    absent = f"From: ada@uni.example\r\nTo: {sender}\r\nSubject: away\r\n\r\nI am away.\r\n".encode()
    harmless = [
        absent, returned(body, sender, action="delayed", status="4.4.1"),
        returned(body, sender, action="delivered", status="2.0.0"), returned(b"Subject: x\r\n\r\n", "a@b"),
        b"\xff\xfe nonsense", b"",
    ]  # fmt: skip
    box = tmp_path / "Maildir"
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    for n, each in enumerate(harmless):
        (box / "new" / f"{n}.host").write_bytes(each)
    assert "marked=0" in run(town, monkeypatch, str(box)).stdout
    assert person(town).bounced is None
    (box / "cur" / "9.host").write_bytes(returned(body, sender))
    assert "marked=1" in run(town, monkeypatch, str(box)).stdout
    assert person(town).bounced is not None
    file = tmp_path / "mbox"
    file.write_bytes(
        b"".join(b"From x@y Mon\n" + each + b"\n\n" for each in (absent, returned(body, sender)))
    )
    assert "messages=2  undelivered=1  marked=1" in run(town, monkeypatch, str(file)).stdout
    wrong = run(town, monkeypatch, str(tmp_path))
    assert (wrong.exit_code, "no maildir" in wrong.output) == (1, True)


def test_a_forged_message_marks_nothing(
    town: Town, server: Server, editor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(town, editor)
    before = town.rows("person"), town.rows("letter")
    forged = b"Message-ID: <%s@uni.example>\r\n\r\n" % (b"0" * 32)
    done = run(town, monkeypatch, "-", data=returned(forged, f"returns+{'a' * 32}@uni.example"))
    assert done.stdout == "messages=1  undelivered=1  marked=0\n"
    assert (town.rows("person"), town.rows("letter")) == before


def test_an_address_that_was_corrected_meanwhile_stays_good(
    town: Town, server: Server, editor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(town, editor)
    message = returned(server.got[-1][2], server.got[-1][0])
    page = editor.open(town.at(f"/library/staff/people/{person(town).id}"))
    page.form("said-form").fill(email="lovelace@uni.example").submit()
    run(town, monkeypatch, "-", data=message)
    assert person(town).bounced is None
    assert town.rows("letter")[0].failed is not None
    assert letters(town) == []
