"""Mail is a job: queued in the caller's transaction, then sent by SMTP or, in a sandbox, kept in a table."""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy import Column, Connection, MetaData, Table

from laelia.lib.clock import Clock
from laelia.lib.database import Database
from laelia.lib.jobs import Job, enqueue
from laelia.lib.sql import BigInt, Json

KIND = "mail"


@dataclass(frozen=True)
class Mail:
    """A letter in plain text; `headers` are those beyond From, To and Subject. `mark`: by which it is known
    should it come back; made of small letters and digits."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""


class NotSent(Exception):
    """The mail server did not take a letter. Its own words are left out: they name the address, and errors of
    jobs are logged."""


def outbox_table(metadata: MetaData, *extra_columns: Column[Any], name: str = "outbox") -> Table:
    """Where a sandbox keeps what it would have sent."""
    return Table(
        name,
        metadata,
        Column("id", BigInt, primary_key=True, autoincrement=True),
        Column("sent", BigInt, nullable=False),
        Column("recipient", sa.Text, nullable=False, index=True),
        Column("subject", sa.Text, nullable=False),
        Column("text", sa.Text, nullable=False),
        Column("headers", Json),
        *extra_columns,
        sqlite_autoincrement=True,
    )


def queue(connection: Connection, jobs: Table, mail: Mail, *, now: int, **extra: Any) -> None:
    """Send it once this transaction has committed, and only then."""
    payload = {"to": mail.to, "subject": mail.subject, "text": mail.text, "headers": dict(mail.headers)}
    payload |= {"mark": mail.mark} if mail.mark else {}
    enqueue(connection, jobs, kind=KIND, key=None, payload=payload, now=now, **extra)


def to_outbox(database: Database, table: Table, clock: Clock) -> Callable[[Job], None]:
    """The handler of mail jobs in a sandbox. Columns that the job and the outbox share are taken along."""

    def handle(job: Job) -> None:
        mail = job.payload
        row = {"sent": clock.now(), "recipient": mail["to"], "subject": mail["subject"], "text": mail["text"]}
        row["headers"] = mail.get("headers")
        row |= {name: value for name, value in job.extra.items() if name in table.c}
        with database.writing() as connection:
            connection.execute(sa.insert(table).values(row))

    return handle


def to_smtp(
    url: str, sender: str, *, returns_to: str | None = None,
    refused: Callable[[Job, str], bool] = lambda job, said: False,
) -> Callable[[Job], None]:  # fmt: skip
    """The handler that sends by `smtp://[user:password@]host[:port]` (STARTTLS where offered) or `smtps://…`.

    `returns_to`: where a marked letter returns to that can't be delivered, with a + and its mark put in.
    `refused` is told when the server refuses a letter for good (RFC 5321 §4.2.1: 5yz) and what it said; if it
    answers True, the job is done, otherwise it is tried again like any that failed."""

    def handle(job: Job) -> None:
        mail = Mail(**job.payload)
        back = _marked(returns_to, mail.mark) if returns_to and mail.mark else None
        try:
            with _connect(url) as server:
                server.send_message(_message(mail, sender, job.id), from_addr=back)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
            code, said = _said(refusal)
            of_letter = isinstance(refusal, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError))
            if of_letter and code >= 500 and refused(job, f"{code} {said}"):
                return
            raise NotSent(_why(refusal, code)) from None

    return handle


def _marked(address: str, mark: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}+{mark}@{domain}"


def _said(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> tuple[int, str]:
    code: int
    said: bytes | str
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, said = min(refusal.recipients.values())
    else:
        code, said = refusal.smtp_code, refusal.smtp_error
    return code, said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _why(refusal: Exception, code: int) -> str:
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return f"the mail server refuses the address ({code})"
    return f"the mail server answered {code}"


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=20, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=20)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _message(mail: Mail, sender: str, number: int) -> EmailMessage:
    """The subject and the address become headers: EmailMessage refuses line breaks in them."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, " ".join(mail.subject.split())
    message["Message-ID"] = (
        f"<{mail.mark or f'job-{number}'}@{sender.rpartition('@')[2].strip('> ') or 'laelia.invalid'}>"
    )
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    return message
