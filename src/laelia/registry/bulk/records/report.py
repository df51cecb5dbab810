"""What a load did, and what it refused and why: counted, and each refusal told while the load goes on."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

REASONS = {
    "unreadable": "the file or the archive can't be read",
    "no-file": "a member of an archive that is no plain file",
    "outside": "a member whose name leads out of the archive",
    "too-large": "more than is taken in one document",
    "broken": "neither XML nor JSON, or not well-formed, or with a document type or entities of its own",
    "unknown": "no document of a record",
    "no-orcid": "nothing says whose it is",
    "check-digit": "no iD: its check digit is wrong",
    "contradiction": "it says one thing here and another there",
    "no-put-code": "an item without a put-code",
    "twice": "a put-code or an address stands in one document twice",
    "value": "a value that can't be kept",
    "address": "an e-mail address that belongs to another record",
    "state": "the record here is locked, closed or merged into another",
    "invalid": "not refused: it is not valid by its schema, and only what is understood is kept",
    "older": "not refused: what is here is of a later date and stays",
}
"""Why something is refused or noted, by the word that reports carry."""

NOTED = ("invalid", "older")


class Refused(Exception):
    """A file, a document or a part of one that is not taken. `reason` is one of REASONS, `place` where in the
    document."""

    def __init__(self, reason: str, said: str, place: str = "") -> None:
        super().__init__(said)
        assert reason in REASONS
        self.reason, self.said, self.place = reason, said, place


@dataclass
class Done:
    """What one document did to one record: `record` is added, changed or same, or None where the document was
    of a part. Items are counted by what became of them; `refused` and `noted` are parts of the document."""

    orcid: str
    record: str | None = None
    items: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    noted: list[Refused] = field(default_factory=list)


Told = Callable[[dict[str, Any]], None]


def _unheard(line: dict[str, Any]) -> None:
    return


@dataclass
class Report:
    """`tell` is called with each refusal and note as it comes: file, place, reason, said, and the iD if it is
    known."""

    tell: Told = _unheard
    documents: int = 0
    records: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, done: Done) -> None:
        """A document was stored."""
        self.documents += 1
        if done.record is not None:
            self.records[done.record] += 1
        self.items += done.items
        for one in (*done.refused, *done.noted):
            self.refuse(name, one, done.orcid)

    def refuse(self, name: str, one: Refused, orcid: str | None = None) -> None:
        (self.noted if one.reason in NOTED else self.refused)[one.reason] += 1
        line = {"file": name, "place": one.place, "reason": one.reason, "said": one.said, "orcid": orcid}
        self.tell({key: value for key, value in line.items() if value})

    def summary(self) -> dict[str, Any]:
        return {
            "documents": self.documents,
            "records": {kind: self.records[kind] for kind in ("added", "changed", "same")},
            "items": {kind: self.items[kind] for kind in ("added", "changed", "same", "removed")},
            "refused": dict(sorted(self.refused.items())),
            "noted": dict(sorted(self.noted.items())),
        }
