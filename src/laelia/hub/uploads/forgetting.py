"""A person who is erased, in the files that were handed in: rows that say something of her are emptied,
whether they were taken, refused, or are from before she was known."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, update

from laelia.hub import tables
from laelia.hub.people.spelled import Words
from laelia.lib.texts import plain

BATCH = 500
_c = tables.upload_row.c
_NOTHING = dict.fromkeys(
    ("document", "item", "said", "person_id", "key", "digest", "hash", "assertion_id"), None
)


def forget_person(
    tx: Connection, environment_id: int, ids: Sequence[int], words: Words, local_id: str | None = None,
    names: Sequence[tuple[str, str]] = (),
) -> int:  # fmt: skip
    """No row keeps what it said of the person of these numbers, nor one that names her by a word, by her
    local id or by given and family names. Returns how many rows that were; what was not filed yet is not
    filed any more."""
    by_name = Words((), (local_id or "", *(part for each in names for part in each)))
    perhaps: list[ColumnElement[bool]] = [_c.person_id.in_(ids)]
    perhaps += [words.perhaps(_c.cells), words.perhaps(_c.said)] if words else []
    perhaps += [_c.person_id.is_(None) & by_name.perhaps(_c.cells, alone=True)] if by_name else []
    looked = select(
        _c.id, _c.person_id, _c.cells, _c.said, _c.verdict, tables.upload.c.headers, tables.upload.c.columns
    ).join(tables.upload, tables.upload.c.id == _c.upload_id)
    rows = looked.where(_c.environment_id == environment_id, or_(*perhaps))
    hers = [
        row.id
        for row in tx.execute(rows.execution_options(yield_per=BATCH))
        if row.person_id in ids
        or words.found(_plain(row.cells))
        or words.found(_plain(row.said or "[]"))
        or (row.person_id is None and _names_her(row, local_id, names))
    ]
    for at in range(0, len(hers), BATCH):
        some = update(tables.upload_row).where(_c.id.in_(hers[at : at + BATCH]))
        tx.execute(some.values(cells="[]", outcome="erased", **_NOTHING))
    _rename(tx, environment_id, words)
    return len(hers)


def _plain(kept: str) -> str:
    """The text as it was before it was kept as JSON."""
    return json.dumps(json.loads(kept), ensure_ascii=False)


def _names_her(row: Any, local_id: str | None, names: Sequence[tuple[str, str]]) -> bool:
    """By the column that is her local id or her name: what stands in another may be anything's. Who has a
    local id or an address of her own is a namesake, unless the row is wrong and nobody knows."""
    told = dict(zip(json.loads(row.headers), json.loads(row.cells), strict=False))
    columns = json.loads(row.columns)

    def cell(*names: str) -> str:
        return plain(next((told[columns[name]] for name in names if told.get(columns.get(name))), ""))

    if local_id and _same(cell("local-id"), local_id):
        return True
    if row.verdict != "wrong" and (cell("local-id") or cell("email")):
        return False
    given, family = cell("given-names", "first-name"), cell("family-names", "last-name")
    return any(_same(given, hers[0]) and _same(family, hers[1]) for hers in names)


def _same(cell: str, word: str) -> bool:
    return Words((), (word,)).is_one(cell)


def _rename(tx: Connection, environment_id: int, words: Words) -> None:
    """Files that are called after her."""
    c = tables.upload.c
    if not words:
        return
    called = select(c.id, c.name).where(c.environment_id == environment_id, words.perhaps(c.name))
    for row in tx.execute(called).all():
        stem, dot, ending = row.name.rpartition(".")
        if (name := f"{words.without(stem)}{dot}{ending}") != row.name:
            tx.execute(update(tables.upload).where(c.id == row.id).values(name=name))
