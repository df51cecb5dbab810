"""One record while a document is loaded onto it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from laelia.registry.bulk.records.parts import Parts
from laelia.registry.bulk.records.report import Done, Refused


@dataclass
class Loading:
    """`row` is the record's, locked, as it was before; `changed` and `works` are what has come of it so
    far."""

    tx: Connection
    now: int
    parts: Parts
    row: Row[Any]
    done: Done
    changed: bool = False
    works: int = 0

    @property
    def orcid(self) -> str:
        return self.parts.orcid

    @property
    def times(self) -> dict[str, int]:
        """Dates of what tells none: those of the record document, or this moment."""
        moment = self.now if self.parts.date is None else self.parts.date
        return {"created": moment, "modified": moment}

    @property
    def replaces(self) -> bool:
        """Whether what came by load and is not in this document goes: it is a whole, valid record document of
        a later date than what was loaded before, all of which could be taken."""
        parts, before = self.parts, self.row.loaded
        later = parts.date is not None and before is not None and parts.date > before
        return later and parts.breach is None and not parts.refused

    def gone(self, row: Any) -> bool:
        """Whether this goes, which such a document does not tell of. What is not public stays: a document may
        be of what everybody may see."""
        date = self.parts.date or 0
        return bool(row.loaded and row.visibility == "public" and row.modified <= date)

    def note_older(self, place: str) -> None:
        said = "what is here is of a later date, and stays"
        self.done.noted.append(Refused("older", said, place))
