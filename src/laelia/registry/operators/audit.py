"""The audit log: who changed what, on whom and why. A line is written in the transaction of the change, so
that neither is there without the other, and the database refuses to change or remove one."""

import getpass
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, or_, select

from laelia.registry import tables

ANYONE = "anyone"
"""Who uses the form that a sandbox offers to everybody."""


@dataclass(frozen=True, kw_only=True)
class By:
    """Who acts, and why."""

    actor: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    id: int
    time: int
    actor: str
    action: str
    subject: str
    reason: str
    detail: dict[str, Any]

    @property
    def said(self) -> str:
        """The detail as one line of text."""
        return ", ".join(f"{name}: {_said(value)}" for name, value in self.detail.items())


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which lines are wanted; an empty text leaves nothing out. `about` is a subject or an actor."""

    about: str = ""
    action: str = ""
    since: int = 0


def at_command(reason: str = "") -> By:
    """Whoever typed a command: the account of the system, and of whom it was borrowed."""
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        name = str(os.getuid())
    return By(actor=f"command:{name}", reason=reason)


def note(tx: Connection, now: int, by: By, action: str, subject: str, **detail: Any) -> None:
    """Write a line. `detail` says what is new; what is secret must never be in it."""
    row = {"time": now, "actor": by.actor, "action": action, "subject": subject, "reason": by.reason}
    tx.execute(insert(tables.audit).values(**row, detail=detail))


def lines(tx: Connection, wanted: Filter, *, before: int | None = None, limit: int = 50) -> list[Line]:
    """The newest lines, or those before the one with this id."""
    found = _chosen(wanted).order_by(tables.audit.c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(tables.audit.c.id < before)
    return [Line(**row) for row in tx.execute(found).mappings()]


def every(tx: Connection, wanted: Filter) -> Iterator[Line]:
    """All lines, the oldest first."""
    after = 0
    while True:
        part = _chosen(wanted).where(tables.audit.c.id > after).order_by(tables.audit.c.id).limit(500)
        rows = [Line(**row) for row in tx.execute(part).mappings()]
        yield from rows
        if not rows:
            return
        after = rows[-1].id


def actions(tx: Connection) -> list[str]:
    """What has been done so far, for a choice."""
    action = tables.audit.c.action
    return list(tx.execute(select(action).group_by(action).order_by(action)).scalars())


def count(tx: Connection) -> int:
    return int(tx.execute(select(func.count()).select_from(tables.audit)).scalar_one())


def _chosen(wanted: Filter) -> Select[Any]:
    table = tables.audit.c
    found = select(tables.audit).where(table.time >= wanted.since)
    if wanted.about:
        found = found.where(or_(table.subject == wanted.about, table.actor == wanted.about))
    if wanted.action:
        # A whole action, or all on one kind of thing: "client" means client.add, client.change …
        found = found.where(or_(table.action == wanted.action, table.action.startswith(f"{wanted.action}.")))
    return found


def _said(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
