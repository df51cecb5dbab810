"""A search as the parameters of a request ask for it (Solr's names), and its answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tantivy import Occur, Query

from laelia.codec.found import Person
from laelia.registry.search.asking import Edismax, Unasked, bounds, edismax, lucene
from laelia.registry.search.asking.edismax import weights
from laelia.registry.search.fields import DATES, ORCID, place_of
from laelia.registry.search.reader import Reader, Sorting
from laelia.registry.search.schema import schema

# A plain value holds no quotation mark: a text that could be read in two ways here is tried in all of them,
# which for thirty values takes minutes.
_LOCAL = re.compile(r"\{!(\w+)((?:\s+\w+=(?:'[^']*'|\"[^\"]*\"|[^\s}'\"]*))*)\s*\}(.*)", re.DOTALL)
_PAIR = re.compile(r"(\w+)=(?:'([^']*)'|\"([^\"]*)\"|([^\s}'\"]*))")
SORTED = {"orcid": ORCID, **{name: place_of(name) for name in DATES}}
"""By what answers can be sorted, beside `score`, and the fields of the index."""


@dataclass(frozen=True)
class Answer:
    total: int
    people: list[Person]


def answer(reader: Reader, asked: Mapping[str, str], start: int, rows: int, now: int) -> Answer:
    """Unasked for what can't be read, Unready while there is no index."""
    query, how = _local(asked)
    if how.get("defType", "lucene") not in ("lucene", "edismax", "dismax"):
        raise Unasked(f"There is no parser {how['defType'][:40]}; there are lucene and edismax.")
    if how.get("defType", "lucene") == "lucene":
        found = lucene(query, schema(), now)
    else:
        found = edismax(query, _edismax(how), schema(), now)
    if how.get("fq"):
        narrowed = Query.const_score_query(lucene(how["fq"], schema(), now), 0.0)
        found = Query.boolean_query([(Occur.Must, found), (Occur.Must, narrowed)])
    told = reader.find(found, start, rows, sorting(how.get("sort", "")))
    return Answer(told.total, [_person(one) for one in told.people])


def sorting(text: str) -> Sorting | None:
    """`profile-last-modified-date desc`; nothing or `score desc` is the order in which people fit, which is
    not to be had the other way round."""
    parts = text.split()
    if not parts or parts == ["score", "desc"] or parts == ["score"]:
        return None
    if "," in text or len(parts) > 2 or parts[-1] not in ("asc", "desc", parts[0]):
        raise Unasked("Sort by one field, as in: profile-last-modified-date desc.")
    if parts[0] == "score":
        raise Unasked("By score people stand from who fits best: score desc.")
    if parts[0] not in SORTED:
        raise Unasked(f"Nothing is sorted by {parts[0][:40]}; sort by score, {', '.join(SORTED)}.")
    return Sorting(SORTED[parts[0]], parts[-1] == "desc")


def _local(asked: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The query, and the parameters with those that stand before it (`{!edismax qf=$names}`) in their
    place."""
    query, how = asked.get("q", "").strip(), dict(asked)
    found = _LOCAL.fullmatch(query)
    if found is None:
        return query, how
    how["defType"] = found[1]
    for name, single, double, plain in _PAIR.findall(found[2]):
        value = single or double or plain
        how[name] = asked.get(value[1:], "") if value.startswith("$") else value
    return how.get("v", "") or found[3], how


def _edismax(how: Mapping[str, str]) -> Edismax:
    return Edismax(
        fields=weights(how.get("qf", "")),
        phrases=weights(how.get("pf", "")),
        least=how.get("mm", ""),
        lifts=(how["bq"],) if how.get("bq") else (),
        tie=bounds.number(how.get("tie") or 0, "tie", most=1),
    )


def _person(one: Mapping[str, list[str]]) -> Person:
    def first(name: str) -> str | None:
        return next(iter(one[name]), None)

    return Person(
        orcid=one["orcid"][0],
        given_names=first("given-names"),
        family_names=first("family-name"),
        credit_name=first("credit-name"),
        other_names=one["other-names"],
        emails=one["email"],
        current_institutions=one["current-institution-affiliation-name"],
        past_institutions=one["past-institution-affiliation-name"],
    )
