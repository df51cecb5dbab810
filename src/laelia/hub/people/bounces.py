"""Messages that a mail server sends when a letter could not be delivered (RFC 3464 in RFC 3462's envelope),
read for the mark of the letter. Anybody can send such a message, so that it is believed for one thing only:
who knows the mark of a letter got that letter, or carried it."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

MARK = re.compile(r"\b[0-9a-f]{32}\b")
_RETURNED = ("to", "delivered-to", "x-original-to", "envelope-to", "x-rcpt-to")
_ANSWERING = ("in-reply-to", "references")
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Bounce:
    """Marks that may be a letter's of ours, and what the mail server says of it."""

    marks: tuple[str, ...]
    said: str


def messages(data: bytes) -> Iterator[bytes]:
    """One message, or the several of an mbox."""
    if not data.startswith(b"From "):
        yield data
        return
    for part in re.split(rb"(?:\A|\r?\n\r?\n)From [^\r\n]*\r?\n", data):
        if part.strip():
            yield re.sub(rb"(?m)^>(>*From )", rb"\1", part)


def of_folder(folder: Path) -> Iterator[bytes]:
    """All messages of a maildir, which stay where they are. ValueError where it is none."""
    if not (folder / "cur").is_dir() and not (folder / "new").is_dir():
        raise ValueError("it is no maildir: there is neither cur nor new in it")
    box = mailbox.Maildir(folder, create=False)
    for key in sorted(box.keys()):
        yield box.get_bytes(key)


def read(data: bytes) -> Bounce | None:
    """What a message says, if it says that something was not delivered for good: a notice of absence, of
    delay or of success says nothing of the kind."""
    if len(data) > MOST_BYTES:
        return None
    message = message_from_bytes(data, policy=policy.compat32)
    if message.get_content_type() != "multipart/report":
        return None
    said = next((text for text in map(_failed, _parts(message, "message/delivery-status")) if text), None)
    if said is None:
        return None
    found: dict[str, None] = {}
    for name in (*_RETURNED, *_ANSWERING):
        for value in message.get_all(name, []):
            found.update(dict.fromkeys(MARK.findall(str(value).lower())))
    for returned in _returned(message):
        found.update(dict.fromkeys(MARK.findall(str(returned.get("message-id", "")).lower())))
    return Bounce(tuple(found), said)


def _parts(message: Message[Any, Any], kind: str) -> Iterator[Message[Any, Any]]:
    for part in message.walk():
        if part.get_content_type() == kind:
            yield part


def _failed(status: Message[Any, Any]) -> str | None:
    """What is said of the first recipient that failed for good (RFC 3464 §2.3.3, RFC 3463 class 5)."""
    groups = status.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if not isinstance(group, Message) or str(group.get("action", "")).strip().lower() != "failed":
            continue
        code = str(group.get("status", "")).strip()
        if not code.startswith("5"):
            continue
        why = str(group.get("diagnostic-code", "")).partition(";")[2].strip()
        return f"{code} {why}".strip()
    return None


def _returned(message: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """The headers of the letter that comes back, whole or alone."""
    for part in _parts(message, "message/rfc822"):
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            yield inner[0]
    for part in _parts(message, "text/rfc822-headers"):
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield message_from_bytes(body)


__all__ = ["Bounce", "messages", "of_folder", "read"]
