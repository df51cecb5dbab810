"""What a connector reads from, and what it hands over of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from laelia.client.document import Document
from laelia.client.peer import Peer

DAY = 86_400_000


@dataclass(frozen=True)
class Source:
    """One service, and the part of it that an organisation draws from: `narrowed` holds values for names that
    the connector lists as `narrows`, `token` an account's, where it has one."""

    peer: Peer
    narrowed: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None


@dataclass(frozen=True)
class Batch:
    """Documents read at once, and the position to go on from when they are filed."""

    documents: Sequence[Document]
    position: str


@dataclass(frozen=True)
class Hits:
    """The best matches of a search, and how many there are in all as far as the source tells."""

    documents: Sequence[Document]
    total: int


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says of other versions of its thing, by their keys: all it names, those it comes after,
    those that come after it, and those that stand for the thing whatever its version. `moment` orders what
    is not ordered so."""

    linked: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    moment: str = ""


def milliseconds(moment: object) -> int:
    """The time of a source's own writing; 0 where it can't be read."""
    try:
        read = datetime.fromisoformat(moment if isinstance(moment, str) else "")
    except ValueError:
        return 0
    return round((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1000)
