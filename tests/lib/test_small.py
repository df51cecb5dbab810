"""The small parts: settings, secrets, clocks, languages, faults, certificates, mail."""

import datetime
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import threading
from dataclasses import dataclass
from email import message_from_string
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography import x509

from laelia.lib import clock, faults, i18n, jobs, mail, secret
from laelia.lib.database import Database
from laelia.lib.passwords import _Helper
from laelia.lib.settings import SettingsError, describe, load, setting
from laelia.lib.tls import certificate_for


@dataclass(frozen=True, kw_only=True)
class Settings:
    database: str = setting(doc="where the data is")
    port: int = setting(8000, "the port")
    sandbox: bool = setting(False, "a sandbox")
    proxies: tuple[str, ...] = setting((), "trusted proxies")
    folder: pathlib.Path | None = setting(None, "a folder")
    key: str | None = setting(None, "a key", secret=True)


def test_settings_come_from_the_environment_and_from_files(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "key"
    file.write_text("s3cret\n")
    environ = {
        "X_DATABASE": "sqlite:///a",
        "X_PORT": "9",
        "X_SANDBOX": "yes",
        "X_PROXIES": "10.0.0.1, 10.0.0.2",
        "X_FOLDER": "/tmp/a",
        "X_KEY_FILE": str(file),
        "PATH": "/bin",
    }
    found = load(Settings, "X_", environ, port=None, sandbox=False)
    assert found == Settings(
        database="sqlite:///a",
        port=9,
        sandbox=False,
        proxies=("10.0.0.1", "10.0.0.2"),
        folder=pathlib.Path("/tmp/a"),
        key="s3cret",
    )
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "X_DATABASE must be set"),
        ({"X_DATABASE": "a", "X_PROT": "1"}, "X_PROT is not a setting.*X_PORT"),
        ({"X_DATABASE": "a", "X_PORT": "high"}, "X_PORT must be a whole number"),
        ({"X_DATABASE": "a", "X_SANDBOX": "maybe"}, "X_SANDBOX must be true or false"),
        ({"X_DATABASE": "a", "X_KEY_FILE": "/no/such"}, "X_KEY_FILE: the file /no/such"),
        ({"X_DATABASE": "a", "X_KEY": "1", "X_KEY_FILE": "/no"}, "both set"),
    ],
)
def test_a_mistake_in_the_settings_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load(Settings, "X_", environ)


def test_settings_describe_themselves() -> None:
    rows = {row.name: row for row in describe(Settings, "X_")}
    assert rows["X_DATABASE"][1:] == ("text", "required", "where the data is", False)
    assert rows["X_KEY"].secret
    assert rows["X_FOLDER"].type == "path"


def test_a_key_ring_seals_for_one_row_only(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "keys"
    with pytest.raises(secret.NoKeys):
        secret.KeyRing.open(folder, create=False)
    ring = secret.KeyRing.open(folder, create=True)
    sealed = ring.seal("tökén", "permission/1")
    assert "tökén" not in sealed
    assert ring.unseal(sealed, "permission/1") == "tökén"
    assert ring.seal("tökén", "permission/1") != sealed
    with pytest.raises(secret.SealBroken):
        ring.unseal(sealed, "permission/2")
    with pytest.raises(secret.SealBroken):
        ring.unseal(sealed[:-4] + "AAAA", "permission/1")
    with pytest.raises(secret.SealBroken):
        ring.unseal("nonsense", "permission/1")
    secret.add_key(folder)
    newer = secret.KeyRing.open(folder, create=False)
    assert newer.unseal(sealed, "permission/1") == "tökén"
    assert newer.seal("x", "y").startswith("k0002.")
    with pytest.raises(secret.SealBroken):
        ring.unseal(newer.seal("x", "y"), "z")
    assert [oct(each.stat().st_mode & 0o777) for each in folder.glob("*.key")] == ["0o600", "0o600"]
    next(folder.glob("*.key")).chmod(0o644)
    with pytest.raises(secret.NoKeys, match="chmod 600"):
        secret.KeyRing.open(folder, create=True)


def test_secrets_are_long_and_compared_by_digest() -> None:
    assert len({secret.new_token() for _ in range(100)}) == 100
    assert len(secret.new_token()) == 36
    assert len(secret.digest("a")) == 64
    assert secret.same("é", "é")
    assert not secret.same("a", "b")


def test_passwords_in_a_helper_that_may_die(helper: _Helper) -> None:
    passwords = secret.Passwords()
    hashed = passwords.hash("correct horse\nbattery")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify("correct horse\nbattery", hashed)
    assert not passwords.verify("wrong", hashed)
    assert not passwords.verify("anything", None)
    assert not passwords.verify("anything", "not a hash")
    process = helper.process
    assert process is not None
    assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, os.getpid())
    os.kill(process.pid, signal.SIGKILL)
    assert passwords.verify("correct horse\nbattery", hashed)
    passwords.close()
    assert passwords.verify("correct horse\nbattery", hashed)
    passwords.close()


def test_all_passwords_of_a_process_share_the_helper(helper: _Helper) -> None:
    one, other = secret.Passwords(), secret.Passwords()
    hashed = one.hash("correct horse")
    process = helper.process
    assert other.verify("correct horse", hashed)
    one.close()
    one.close()
    assert helper.process is process
    assert other.verify("correct horse", hashed)
    other.close()
    assert helper.process is None
    assert process is not None
    assert process.poll() is not None


def test_a_full_queue_of_passwords_is_busy(helper: _Helper) -> None:
    passwords = secret.Passwords(queue=1)
    with helper.lock:
        waiting = threading.Thread(target=passwords.hash, args=("x",))
        waiting.start()
        while passwords._room._value:  # type: ignore[attr-defined]
            pass
        with pytest.raises(secret.Busy):
            passwords.hash("y")
    waiting.join()
    passwords.close()


def test_clocks() -> None:
    stopped = clock.StoppedClock(5)
    stopped.advance(3)
    assert stopped.now() == 8
    shifted = clock.ShiftedClock(lambda: clock.DAY)
    assert 0 <= shifted.now() - clock.SystemClock().now() - clock.DAY < 1000


def test_languages(tmp_path: pathlib.Path) -> None:
    from babel.messages import Catalog, pofile

    catalogue = Catalog(locale="de")
    catalogue.add("Hello %(name)s", "Hallo %(name)s")
    catalogue.add(("%(n)s work", "%(n)s works"), ("%(n)s Werk", "%(n)s Werke"))
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "laelia.po").open("wb") as stream:
        pofile.write_po(stream, catalogue)
    i18n.add_catalogues(tmp_path)
    try:
        assert i18n.set_locale("de-AT") == "de"
        assert i18n.gettext("Hello %(name)s", name="A") == "Hallo A"
        assert i18n.ngettext("%(n)s work", "%(n)s works", 2) == "2 Werke"
        assert i18n.gettext("unknown") == "unknown"
        assert i18n.pick({"en": "a", "de": "b"}) == "b"
        assert i18n.negotiate("fr, de;q=0.5, en;q=0.1") == "de"
        assert i18n.negotiate("fr;q=x, *;q=0") is None
    finally:
        i18n._files.pop("de")
        assert i18n.set_locale("de") == "en"
    assert i18n.gettext("100 % sure") == "100 % sure"
    assert i18n.ngettext("%(n)s work", "%(n)s works", 1) == "1 work"


def test_faults_raise_sleep_and_kill_only_when_armed() -> None:
    faults.point("a")
    faults.arm("a", "raise", after=2)
    faults.point("a")
    with pytest.raises(faults.Fault, match="armed at a"):
        faults.point("a")
    faults.point("a")
    for wrong in ("explode", "sleep", "sleep:x"):
        with pytest.raises(ValueError, match="no fault"):
            faults.arm("a", wrong)
    script = "from laelia.lib import faults; faults.arm_all('s:sleep:1, b:kill:2'); "
    script += (
        "faults.point('s'); faults.point('b'); print('once', flush=True); faults.point('b'); print('twice')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "once\n")
    faults.disarm()


def test_a_certificate_authority_on_the_spot(tmp_path: pathlib.Path) -> None:
    names = ["localhost", "127.0.0.1"]
    certificate, key = certificate_for(tmp_path / "tls", names)
    context = ssl.create_default_context(cafile=str(tmp_path / "tls" / "ca.pem"))
    assert context.cert_store_stats()["x509_ca"] == 1
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    before = certificate.read_bytes()
    assert certificate_for(tmp_path / "tls", names)[0].read_bytes() == before
    assert certificate_for(tmp_path / "tls", [*names, "more.test"])[0].read_bytes() != before
    leaf = x509.load_pem_x509_certificate(certificate.read_bytes())
    assert leaf.not_valid_after_utc - datetime.datetime.now(datetime.UTC) < datetime.timedelta(days=398)
    assert (
        oct(key.stat().st_mode & 0o777)
        == oct((tmp_path / "tls" / "ca.key").stat().st_mode & 0o777)
        == "0o600"
    )


def test_mail_is_a_job_and_in_a_sandbox_a_row(new_database: Any) -> None:
    metadata = sa.MetaData()
    job, outbox = jobs.job_table(metadata), mail.outbox_table(metadata)
    database, now = Database(new_database()), clock.StoppedClock()
    with database.writing() as tx:
        metadata.create_all(tx)
        mail.queue(tx, job, mail.Mail("a@example.org", "Hello", "Dear A,"), now=now.now())
    worker = jobs.Worker(database, job, now, {mail.KIND: mail.to_outbox(database, outbox, now)})
    assert worker.run_due() == 1
    with database.reading() as tx:
        (row,) = tx.execute(sa.select(outbox))
    assert (row.recipient, row.subject, row.text, row.sent) == (
        "a@example.org",
        "Hello",
        "Dear A,",
        now.now(),
    )
    database.dispose()


def test_mail_by_smtp_has_no_header_but_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    class Server:
        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def send_message(self, message: Any, from_addr: str | None = None) -> None:
            sent.append(message.as_string())

    monkeypatch.setattr(mail, "_connect", lambda url: Server())
    handle = mail.to_smtp("smtp://x", "Laelia <no-reply@example.org>")
    payload = {"to": "a@example.org", "subject": "Hi\r\nBcc: b@example.org", "text": "é"}
    handle(jobs.Job(7, mail.KIND, None, payload, 0, {}))
    message = message_from_string(sent[0])
    assert message["Bcc"] is None
    assert message["Message-ID"] == "<job-7@example.org>"
    with pytest.raises(ValueError, match="Header"):
        handle(jobs.Job(8, mail.KIND, None, {**payload, "to": "a@example.org\nBcc: b@example.org"}, 0, {}))
