"""One assertion about one person, as a form gives it: a file of one row, judged and filed like any other, so
that what the columns say holds for both. A row that is wrong leaves nothing behind."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from laelia.codec import json as codec
from laelia.connectors.files.cells import cells_of
from laelia.connectors.files.kinds import KINDS
from laelia.connectors.files.words import Said
from laelia.hub import tables
from laelia.hub.settings import Hub
from laelia.hub.uploads.filing import confirm, file
from laelia.hub.uploads.keys import PREFIX, file_key
from laelia.hub.uploads.results import lines
from laelia.hub.uploads.stored import FORM, remove, upload
from laelia.hub.uploads.verdicts import CONNECTOR, check
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME


def put(
    hub: Hub, environment_id: int, kind: str, cells: Mapping[str, str], *, by: str
) -> tuple[bool, tuple[Said, ...]]:
    """Judge what the cells say, by the columns of the kind, and file it if it is good; returns whether it
    was, and what is said of it. Call it with no transaction open."""
    number = _store(hub, environment_id, kind, cells, by)
    good = False
    try:
        check(hub, environment_id, number)
        with hub.db.reading() as tx:
            one = upload(tx, environment_id, number)
            assert one is not None
            [line] = lines(tx, one)
        good = line.verdict in ("ok", "note")
        if good:
            with hub.db.writing() as tx:
                confirm(tx, hub.clock.now(), environment_id, number)
            file(hub, environment_id, number)
    finally:
        if not good:
            with hub.db.writing() as tx:
                remove(tx, number)
    return good, line.said


def _store(hub: Hub, environment_id: int, kind: str, cells: Mapping[str, str], by: str) -> int:
    now, headers = hub.clock.now(), [column.name for column in KINDS[kind].columns]
    assert set(cells) <= set(headers)
    given = [cells.get(name, "").strip() for name in headers]
    with hub.db.writing() as tx:
        made = insert(tables.upload).values(
            environment_id=environment_id, name=FORM, format=FORM, headers=json.dumps(headers), notes="[]",
            kind=kind, maker="", columns=json.dumps({name: name for name in headers}), state="stored",
            rows=1, by=by, created=now, modified=now,
        )  # fmt: skip
        number = int(tx.execute(made.returning(tables.upload.c.id)).scalar_one())
        tx.execute(
            insert(tables.upload_row).values(
                environment_id=environment_id, upload_id=number, position=1, number=1,
                cells=json.dumps(given), extra=False, removes=False,
            )
        )  # fmt: skip
    return number


def asserted(tx: Connection, environment_id: int, orcid: str) -> list[Row[Any]]:
    """What came by file or form about this person and is still wanted, the newest first."""
    c = tables.assertion.c
    mine = select(tables.assertion).where(
        c.environment_id == environment_id, c.orcid == orcid, c.connector == CONNECTOR, c.wanted
    )
    return list(tx.execute(mine.order_by(c.id.desc())))


def shown(row: Row[Any]) -> tuple[dict[str, str], bool]:
    """The cells of such an assertion, with its key, and whether they say all that it holds."""
    assert row.key.startswith(PREFIX)
    item = codec.decode(BY_NAME[row.section].entity, row.item.encode(), V3_0, strict=False)
    cells = cells_of(row.section, item)
    return {**cells, "id": file_key(row.key)}, _ids_of(item) <= 1


def _ids_of(item: Any) -> int:
    """A form has room for one identifier."""
    held = getattr(item, "external_ids", None) or getattr(item, "review_identifiers", None) or []
    return len(held)
