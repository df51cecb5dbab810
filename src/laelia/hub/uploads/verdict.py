"""A verdict on one row, whatever the row is about: how it is kept, and how a row that says what another one
said is found."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.connectors.files.sheet import Row as FileRow
from laelia.connectors.files.words import Said
from laelia.hub import tables
from laelia.hub.uploads.stored import told
from laelia.lib.database import update_by_id


@dataclass
class Verdict:
    """`item` is what the row asks for, as text: what was shown is what is taken over."""

    row: Row[Any]
    said: list[Said]
    notes: list[Said]
    person_id: int | None = None
    section: str | None = None
    key: str | None = None
    item: str | None = None
    removes: bool = False
    verdict: str = ""

    @property
    def digest(self) -> str | None:
        if self.said or self.key is None:
            return None
        return hashlib.sha256(f"{self.person_id}\t{self.section}\t{self.key}".encode()).hexdigest()[:32]

    @property
    def hash(self) -> str | None:
        return hashlib.sha256(self.item.encode()).hexdigest() if self.item else None

    def values(self) -> dict[str, Any]:
        good = not self.said and not self.verdict
        verdict = self.verdict or ("wrong" if self.said else "note" if self.notes else "ok")
        every = [*self.said, *self.notes]
        return {
            "verdict": verdict, "said": told(every) if every else None,
            "person_id": self.person_id, "section": self.section, "key": self.key,
            "digest": self.digest if good else None, "hash": self.hash if good else None,
            "item": self.item if good else None, "removes": self.removes,
        }  # fmt: skip


def keep(tx: Connection, number: int, verdicts: Sequence[Verdict]) -> None:
    """Write them to their rows, once those that stand twice in the file are found."""
    if not verdicts:
        return
    _find_duplicates(tx, number, verdicts)
    update_by_id(tx, tables.upload_row, {each.row.id: each.values() for each in verdicts})


def still_open(tx: Connection, ids: list[int]) -> set[int]:
    """Those that nobody else has judged meanwhile."""
    c = tables.upload_row.c
    return set(
        tx.execute(select(c.id).where(c.id.in_(ids), c.verdict.is_(None), c.outcome.is_(None))).scalars()
    )


def file_row(row: Row[Any]) -> FileRow:
    """The row as it stood in its file."""
    document = json.loads(row.document) if row.document else None
    return FileRow(row.number, json.loads(row.cells), row.extra, document)


def _find_duplicates(tx: Connection, number: int, verdicts: Sequence[Verdict]) -> None:
    """The same thing for the same person twice in a file: the first counts. Said again in the same words it
    is a duplicate, in others a mistake."""
    c = tables.upload_row.c
    digests = [each.digest for each in verdicts]
    wanted = {one for one in digests if one}
    earlier = select(c.digest, c.number, c.hash, c.removes).where(
        c.upload_id == number, c.digest.in_(wanted), c.verdict.in_(("ok", "note"))
    )
    seen = {row.digest: (row.number, row.hash, row.removes) for row in tx.execute(earlier)}
    for each, digest in zip(verdicts, digests, strict=True):
        if digest is None:
            continue
        if digest not in seen:
            seen[digest] = (each.row.number, each.hash, each.removes)
            continue
        first, content, removes = seen[digest]
        if (content, removes) == (each.hash, each.removes):
            each.verdict = "duplicate"
            each.notes = [Said("duplicate", "", {"row": str(first)})]
        else:
            each.said.append(Said("same-key", "id", {"row": str(first)}))
