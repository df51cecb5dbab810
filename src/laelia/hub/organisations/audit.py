"""Who did what at an organisation. A line is written in the transaction of the change, so that neither is
there without the other."""

import getpass
import os
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select

from laelia.hub import tables


@dataclass(frozen=True, kw_only=True)
class By:
    """Who acts: `actor` for machines, `name` for readers, as it is now."""

    actor: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Line:
    id: int
    time: int
    actor_name: str
    action: str
    subject: str
    detail: dict[str, Any]

    @property
    def said(self) -> str:
        """The detail as one line of text."""
        return ", ".join(f"{name}: {value}" for name, value in self.detail.items())


HUB = By(actor="hub", name="the hub")
"""Who acts where nobody asked: the worker, by what a registry answered."""


def at_command() -> By:
    """Whoever typed a command: the account of the system, and of whom it was borrowed."""
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        name = str(os.getuid())
    return By(actor=f"command:{name}", name=name)


def note(
    tx: Connection, now: int, environment_id: int, by: By, action: str, subject: str, **detail: Any
) -> None:
    """Write a line. `detail` says what is new; what is secret must never be in it."""
    row = {"environment_id": environment_id, "time": now, "actor": by.actor, "actor_name": by.name}
    row |= {"action": action, "subject": subject, "detail": orjson.dumps(detail).decode() if detail else None}
    tx.execute(insert(tables.audit).values(row))


def lines(tx: Connection, environment_id: int, *, before: int | None = None, limit: int = 50) -> list[Line]:
    """The newest lines, or those before the one with this id."""
    c = tables.audit.c
    found = select(tables.audit).where(c.environment_id == environment_id).order_by(c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(c.id < before)
    return [
        Line(
            id=row.id, time=row.time, actor_name=row.actor_name, action=row.action, subject=row.subject,
            detail=orjson.loads(row.detail) if row.detail else {},
        )
        for row in tx.execute(found)
    ]  # fmt: skip
