"""What a notice keeps of a run: the change log forgets after thirty days, a notice lies for a year."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from laelia.registry.record import words

MOST = 200
"""Deeds that are kept with their titles; of more the number is known."""
LONGEST = 300


@dataclass
class Deed:
    """`what` became of an item by all the changes that are told of it; `seq` is the number of the last."""

    section: str
    put_code: int | None
    what: str
    title: str
    seq: int


@dataclass
class Noted:
    """The deeds of a run, and how many (what, section, n) there are beyond those."""

    deeds: list[Deed] = field(default_factory=list)
    more: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, section: str, put_code: int | None, kind: str, title: str, seq: int) -> None:
        """One more change, later than all before."""
        for deed in self.deeds:
            same = put_code is not None and (deed.section, deed.put_code) == (section, put_code)
            if same and (deed.what == "visibility") == (kind == "visibility"):
                deed.what, deed.seq = _joined(deed.what, kind), seq
                deed.title = title or deed.title
                return
        if len(self.deeds) < MOST:
            self.deeds.append(Deed(section, put_code, kind, title[:LONGEST], seq))
        else:
            self.more[kind, section] += 1

    def pairs(self, after: int = 0) -> Iterator[tuple[str, str]]:
        """(what, section) of each deed that was done after a number of the change log."""
        yield from ((deed.what, deed.section) for deed in self.deeds if deed.seq > after)
        yield from self.more.elements()

    def said(self, after: int = 0) -> str:
        """As it follows the name of who did it."""
        return words.done(self.pairs(after))

    def encode(self) -> bytes:
        deeds = [[one.section, one.put_code, one.what, one.title, one.seq] for one in self.deeds]
        return orjson.dumps({"deeds": deeds, "more": [[*key, n] for key, n in self.more.items()]})


def decode(body: bytes) -> Noted:
    said = orjson.loads(body)
    more = Counter({(what, section): n for what, section, n in said.get("more", ())})
    return Noted([Deed(*one) for one in said.get("deeds", ())], more)


def _joined(before: str, now: str) -> str:
    """What two changes of one item come to."""
    if before == "create":
        return "nothing" if now == "delete" else "create"
    if now == "create":
        return "create" if before == "nothing" else "update"
    return now
