"""Finding people by words, as the page does: all words have to be found, each as the beginning of one of the
person's own."""

import re
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, select
from tantivy import Occur, Query

from laelia.registry import tables
from laelia.registry.registers.texts import words
from laelia.registry.search import about
from laelia.registry.search.fields import AT, EXACT, NAMES, PLACES, TOPICS
from laelia.registry.search.reader import Reader
from laelia.registry.search.schema import schema

WORDS = 8
"""How many words of a query count."""
MOST = 1000
"""As many people are ranked and counted; who is not among them is found by more words."""
OFFERED = 8
"""Organisations that are offered to narrow what was found, where it is not yet."""
# Whole words of names go before begun ones, those before where she works, and that before on what.
WORTH = ((NAMES, 1000.0, 300.0), (PLACES, 100.0, 30.0), (TOPICS, 10.0, 3.0))

_email, _record = tables.email.c, tables.record.c


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One person who was found, with what everybody may know of her."""

    orcid: str
    name: str
    other_names: list[str]
    organisations: list[str]


@dataclass(frozen=True)
class Found:
    """`total` is MOST where there may be more; `places` are organisations where the first of them work, with
    how many do, the most frequent first; none where they are narrowed to one."""

    hits: list[Hit]
    total: int
    places: list[tuple[str, int]] = field(default_factory=list)


def find(reader: Reader, tx: Connection, text: str, start: int, count: int, at: str = "") -> Found:
    """The people who fit, from the `start`-th on, the best first; `at`: who work at this organisation. Who
    bears the words in her name stands before who works there, and that one before who works on it; equals in
    the order of their names. An e-mail address finds its owner where she shows it to everybody. Unready while
    the index is made."""
    places: list[tuple[str, int]] = []
    if "@" in text:
        found = _by_address(tx, text)
        shown, total = found[start : start + count], len(found)
    else:
        wanted = list(dict.fromkeys(words(text)))[:WORDS]
        if not wanted:
            return Found([], 0)
        best = reader.best(_query(wanted, at), start, count, MOST, near=not at)
        shown, total = [one["orcid"][0] for one in best.people], best.total
        places = Counter(place for one in best.near for place in one[AT]).most_common(OFFERED)
    # What is shown is read now: the index may be a moment older than what somebody just hid.
    known = about.of(tx, shown) if shown else {}
    return Found([_hit(known[orcid]) for orcid in shown if orcid in known], total, places)


def _hit(one: about.About) -> Hit:
    return Hit(orcid=one.orcid, name=one.shown, other_names=one.other_names, organisations=one.organisations)


def _query(wanted: list[str], at: str) -> Query:
    musts = [(Occur.Must, _begun(word)) for word in wanted]
    if at:
        place = Query.term_query(schema(), EXACT, AT + at.casefold())
        musts.append((Occur.Must, Query.const_score_query(place, 0.0)))
    return Query.boolean_query(musts)


def _begun(word: str) -> Query:
    """A word that begins so, in any of the fields; the best of them counts."""
    ways = []
    for place, whole, begun in WORTH:
        ways.append(Query.const_score_query(Query.term_query(schema(), place, word), whole))
        beginning = Query.regex_query(schema(), place, re.escape(word) + ".*")
        ways.append(Query.const_score_query(beginning, begun))
    return Query.disjunction_max_query(ways)


def _by_address(tx: Connection, text: str) -> list[str]:
    """Who shows this address to everybody."""
    wanted = (
        select(_email.orcid)
        .join(tables.record, _record.orcid == _email.orcid)
        .where(
            _email.folded == text.strip().lower(),
            _email.visibility == "public",
            _email.verified,
            *about.FOUND,
        )
    )
    return list(tx.execute(wanted).scalars())
