"""The proof that someone was erased: what went, by table, when and by whom. Nothing in it is hers."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select

from laelia.hub import tables
from laelia.hub.erasing.rows import Counts
from laelia.hub.organisations import Environment
from laelia.hub.organisations.audit import By


@dataclass(frozen=True)
class Proof:
    """`said` is what is handed out; its `digest` is the SHA-256 of all else in it, as `body` writes it."""

    number: int
    time: int
    by: str
    said: dict[str, Any]


def body(said: dict[str, Any]) -> bytes:
    """The bytes of which the digest is made: JSON with sorted keys and no spaces, without the digest."""
    rest = {name: value for name, value in said.items() if name != "digest"}
    return orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)


def file_proof(
    tx: Connection, now: int, place: Environment, by: By, counts: Counts, *, withdrawn: int, registry: str
) -> Proof:
    said: dict[str, Any] = {
        "erased": datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="seconds"),
        "by": by.name,
        "organisation": place.organisation_name,
        "environment": place.name,
        "registry": place.site_url,
        "permission": registry,
        "withdrawn": withdrawn,
        "deleted": _plain(counts.deleted),
        "cleared": _plain(counts.cleared),
    }
    said["digest"] = hashlib.sha256(body(said)).hexdigest()
    row = {"environment_id": place.id, "time": now, "by": by.name, "proof": orjson.dumps(said).decode()}
    number = tx.execute(insert(tables.erasure).values(row).returning(tables.erasure.c.id)).scalar_one()
    return Proof(int(number), now, by.name, said)


def _plain(counts: Counter[str]) -> dict[str, int]:
    return {str(table): count for table, count in sorted(counts.items()) if count}


def proofs(tx: Connection, environment_id: int) -> list[Proof]:
    """The newest first."""
    c = tables.erasure.c
    found = select(tables.erasure).where(c.environment_id == environment_id).order_by(c.id.desc())
    return [Proof(row.id, row.time, row.by, orjson.loads(row.proof)) for row in tx.execute(found)]


def proof(tx: Connection, environment_id: int, number: int) -> Proof | None:
    return next((one for one in proofs(tx, environment_id) if one.number == number), None)
