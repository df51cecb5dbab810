"""Finding people by words.

All words have to be found, each as the beginning of one of the person's own. The engine is a plain indexed
query; whatever comes in its place answers the same call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, literal, select, union_all

from laelia.lib.hot import Hot
from laelia.lib.sql import one_of
from laelia.registry import tables
from laelia.registry.registers.texts import words
from laelia.registry.search import about

WORDS = 8
"""How many words of a query count."""
MOST = 1000
"""As many people are ranked and counted; who is not among them is found by more words."""
BROAD = 50_000
"""As many begun words are looked at for one word of the query, so that no query takes long."""
_LAST = "\U0010ffff"
_NAMES = Hot(
    select(tables.name).where(one_of(tables.name.c.orcid, "wanted"), tables.name.c.visibility == "public")
)

_word, _email, _record = tables.person_word.c, tables.email.c, tables.record.c


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One person who was found, with what everybody may know of her."""

    orcid: str
    name: str
    other_names: list[str]
    organisations: list[str]


def find(tx: Connection, text: str, start: int, count: int) -> tuple[list[Hit], int]:
    """The people who fit, from the `start`-th on, the best first, and how many there are (MOST, where there
    may be more). Who bears the words in her name stands before who works there or on that, and equals in the
    order of their names. An e-mail address finds its owner where she shows it to everybody."""
    orcids = _by_address(tx, text) if "@" in text else _ranked(tx, list(dict.fromkeys(words(text)))[:WORDS])
    shown = orcids[start : start + count]
    # What is shown is read now: words may be a moment older than what somebody just hid.
    known = about.of(tx, shown) if shown else {}
    return [_hit(known[orcid]) for orcid in shown if orcid in known], len(orcids)


def _hit(one: about.About) -> Hit:
    return Hit(orcid=one.orcid, name=one.shown, other_names=one.other_names, organisations=one.organisations)


def _by_address(tx: Connection, text: str) -> list[str]:
    """Who shows this address to everybody."""
    wanted = (
        select(_email.orcid)
        .join(tables.record, _record.orcid == _email.orcid)
        .where(
            _email.folded == text.strip().lower(),
            _email.visibility == "public",
            _email.verified,
            _record.state == "active",
            _record.claimed,
        )
    )
    return list(tx.execute(wanted).scalars())


def _ranked(tx: Connection, wanted: Sequence[str]) -> list[str]:
    """Who has all these words, from the rarest of them: the others are looked up for each who has that."""
    if not wanted:
        return []
    counts = {word: _count(tx, word) for word in wanted}
    rarest, *others = sorted(wanted, key=lambda word: (counts[word], -len(word)))
    if not counts[rarest]:
        return []
    begun = _begun(rarest)
    rank = func.min(_worth(begun.c, rarest))
    person = select(begun.c.orcid, rank.label("rank")).group_by(begun.c.orcid).subquery()
    statement = select(person.c.orcid)
    order: ColumnElement[Any] = person.c.rank
    for word in others:
        best = (
            select(func.min(_worth(_word, word)))
            .where(_word.orcid == person.c.orcid, *_begins(_word.word, word))
            .correlate(person)
            .scalar_subquery()
        )
        statement = statement.where(best.is_not(None))
        order = order + best
    ranked = statement.add_columns(order.label("worth")).order_by(order, person.c.orcid).limit(MOST)
    return _by_name(tx, {row.orcid: row.worth for row in tx.execute(ranked)})


def _by_name(tx: Connection, worth: Mapping[str, int]) -> list[str]:
    """The same people, those of one rank in the order of their names."""
    names = {row.orcid: row for row in _NAMES.all(tx, {"wanted": list(worth)})}

    def place(orcid: str) -> tuple[int, bool, list[str], str]:
        row = names.get(orcid)
        called = words(f"{row.family or ''} {row.given or ''}") if row is not None else []
        return worth[orcid], not called, called, orcid

    return sorted(worth, key=place)


def _count(tx: Connection, word: str) -> int:
    return int(tx.execute(select(func.count()).select_from(_begun(word))).scalar_one())


def _begun(word: str) -> Subquery:
    """The entries that begin so, names first, and no more than BROAD of either part."""
    parts = [
        select(_word.part, _word.word, _word.orcid)
        .where(_word.part == part, *_begins(_word.word, word))
        .order_by(_word.word, _word.orcid)
        .limit(BROAD)
        .subquery()
        for part in (about.NAMES, about.REST)
    ]
    return union_all(*(select(part) for part in parts)).subquery()


def _begins(column: ColumnElement[str], word: str) -> tuple[ColumnElement[bool], ...]:
    return column >= word, column <= word + _LAST


def _worth(entry: Any, word: str) -> ColumnElement[int]:
    """0 is best: a name that is just this word; then one that begins so; then the same elsewhere."""
    worth: ColumnElement[int] = entry.part * 2 + case((entry.word == word, literal(0)), else_=literal(1))
    return worth


__all__ = ["MOST", "Hit", "find"]
