"""Loads organisations into a database, and looks at what is there then."""

import json
import pathlib
from typing import Any

from laelia.lib.clock import StoppedClock
from laelia.lib.database import Database
from laelia.registry import tables
from laelia.registry.bulk import organisations
from laelia.registry.bulk.organisations import Report


class Loader:
    def __init__(self, url: str, folder: pathlib.Path) -> None:
        self.url, self.database, self.folder = url, Database(url), folder
        self.clock = StoppedClock()

    def load(self, content: Any, name: str = "dump.json", **more: Any) -> Report:
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif not isinstance(content, pathlib.Path):
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        else:
            path = content
        self.clock.advance(1000)
        return organisations.load(self.database, self.clock, path, **more)

    def rows(self) -> list[dict[str, Any]]:
        with self.database.reading() as tx:
            wanted = tables.organisation.select().order_by(tables.organisation.c.id)
            return [dict(row) for row in tx.execute(wanted).mappings()]

    def ids(self) -> set[tuple[str, str]]:
        with self.database.reading() as tx:
            return {(row.source, row.value) for row in tx.execute(tables.organisation_id.select())}

    def words(self) -> list[str]:
        with self.database.reading() as tx:
            return sorted(row.word for row in tx.execute(tables.organisation_word.select()))


def tally(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.same, report.refused
