"""Assertions by key: put, changed, withdrawn and looked at, one or many at a time."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from laelia.client.hub.shapes import KEY_MOST, Assertion, Assertions, Bulk, BulkItem, Result, Results
from laelia.hub.api import filing, states, whom
from laelia.hub.api.access import place
from laelia.hub.api.filing import Wanted
from laelia.hub.api.operation import (
    CURSOR,
    SINCE,
    SIZE,
    Operation,
    Query,
    answer,
    check_unchanged,
    parsed,
    sent,
    since,
    size,
)
from laelia.hub.api.problems import ApiProblem
from laelia.hub.people.whom import plain
from laelia.lib.web.core import Call, Reply

ONE = "/people/{local_id}/assertions/{section}/{key:path}"
KEPT = "w"
"""A cursor that begins so is among what waits for people to come; that follows what the ledger has."""


def put(call: Call) -> Reply:
    section = filing.section_of(call.params["section"])
    who, key = whom.person(call), _key(call)
    filing.check_open(who)
    item = filing.read(section, parsed(call))
    check_unchanged(call, states.one(call.tx, who, section.name, key))
    [outcome] = filing.put_all(call.tx, call.now, place(call), [Wanted(who, section.name, key, item)])
    return answer(call, _one(call, who), 201 if outcome == "added" else 200)


def get(call: Call) -> Reply:
    filing.section_of(call.params["section"])
    return answer(call, _one(call, whom.person(call)))


def withdraw(call: Call) -> Reply:
    who = whom.person(call)
    before = _one(call, who)
    check_unchanged(call, before)
    filing.withdraw(call.tx, call.now, place(call), who, before.section, before.key)
    after = states.one(call.tx, who, before.section, before.key)
    if after is None:  # it waited for her, and is gone
        before.state, before.said, before.wanted = "withdrawn", states.STATES["withdrawn"], False
        before.reason = filing.BY_PROGRAM
    return answer(call, after or before)


def of_person(call: Call) -> Reply:
    return _page(call, whom.person(call))


def of_all(call: Call) -> Reply:
    return _page(call, None)


def put_many(call: Call) -> Reply:
    """Each line has its own verdict, and good ones go on."""
    lines, at = sent(call, Bulk).assertions, place(call)
    named = [plain(line.local_id) for line in lines]
    people = whom.people_of(call.tx, at.id, named, hold=True)
    results = [
        Result(local_id=local_id, section=one.section, key=one.key, verdict="")
        for local_id, one in zip(named, lines, strict=True)
    ]
    good: list[tuple[Result, Wanted]] = []
    seen: set[tuple[str, str, str]] = set()
    for number, (line, result) in enumerate(zip(lines, results, strict=True)):
        try:
            name = (result.local_id, line.section, line.key)
            if name in seen:
                raise ApiProblem("twice", place=f"/assertions/{number}")
            seen.add(name)
            wanted = _wanted(call, line, people.get(result.local_id), f"/assertions/{number}")
        except ApiProblem as problem:
            result.verdict = "wrong"
            result.problem = problem.told(call.url(f"/{at.handle}/api"))
            continue
        if wanted is None:
            result.verdict = "withdrawn"
        else:
            good.append((result, wanted))
    outcomes = filing.put_all(call.tx, call.now, at, [wanted for _, wanted in good])
    for (result, _), outcome in zip(good, outcomes, strict=True):
        result.verdict = outcome
    counts = dict(sorted(Counter(one.verdict for one in results).items()))
    return answer(call, Results(results=results, counts=counts))


def _wanted(call: Call, line: BulkItem, who: Row[Any] | None, at: str) -> Wanted | None:
    """What a line puts; None once it has withdrawn."""
    section = filing.section_of(line.section)
    _check_key(line.key, f"{at}/key")
    if who is None:
        raise ApiProblem("no-person", place=f"{at}/local_id")
    if line.withdraw:
        if line.item is not None:
            raise ApiProblem("invalid", "A line puts an item or withdraws one.", place=f"{at}/item")
        if not filing.withdraw(call.tx, call.now, place(call), who, section.name, line.key):
            raise ApiProblem("no-assertion", place=f"{at}/key")
        return None
    if line.item is None:
        raise ApiProblem("invalid", "There is no item.", place=f"{at}/item")
    filing.check_open(who, f"{at}/local_id")
    return Wanted(who, section.name, line.key, filing.read(section, line.item, f"{at}/item"))


def _page(call: Call, who: Row[Any] | None) -> Reply:
    state, modified, most = call.arg("state"), since(call), size(call)
    if state and state not in states.STATES:
        raise ApiProblem("invalid", f"state is one of {', '.join(states.STATES)}.", place="state")
    behind, after = _cursor(call)
    narrowed: dict[str, Any] = {"state": state, "modified": modified}
    found: list[tuple[str, Assertion]] = []
    if not behind and (who is None or who.orcid is not None):
        rows = states.ledger(
            call.tx, place(call).id, after=after, limit=most + 1, orcid=who.orcid if who else None, **narrowed
        )
        found += [(str(number), told) for number, told in rows]
    if len(found) <= most:
        rows = states.kept(
            call.tx, place(call).id, after=after if behind else 0, limit=most + 1 - len(found),
            person_id=who.id if who else None, **narrowed,
        )  # fmt: skip
        found += [(f"{KEPT}{number}", told) for number, told in rows]
    more = found[most - 1][0] if len(found) > most else None
    return answer(call, Assertions(assertions=[told for _, told in found[:most]], next=more))


def _cursor(call: Call) -> tuple[bool, int]:
    given = call.arg("cursor", "0")
    number = given.removeprefix(KEPT)
    if not number.isdecimal() or len(number) > 15:
        raise ApiProblem("invalid", "The cursor is not one of ours.", place="cursor")
    return given.startswith(KEPT), int(number)


def _key(call: Call) -> str:
    return _check_key(call.params["key"], "key")


def _check_key(key: str, at: str) -> str:
    """Whichever way it comes in."""
    if not 1 <= len(key) <= KEY_MOST or not key.isprintable():
        said = f"A key has up to {KEY_MOST} characters that can be printed."
        raise ApiProblem("invalid", said, place=at)
    return key


def _one(call: Call, who: Row[Any]) -> Assertion:
    found = states.one(call.tx, who, call.params["section"], _key(call))
    if found is None:
        raise ApiProblem("no-assertion")
    return found


def _state(values: Iterable[str]) -> Query:
    return Query("state", "Only those in this state.", {"type": "string", "enum": list(values)})


_LISTED: dict[str, Any] = {
    "method": "GET", "scope": "read", "gives": Assertions, "statuses": {200: "A page of assertions."},
    "query": (_state(states.STATES), SINCE, SIZE, CURSOR), "conditional": True,
}  # fmt: skip
operations = [
    Operation(
        path="/people/{local_id}/assertions", handle=of_person, summary="List what is asserted of a person",
        about="What programs asserted; not what came from files and sources.",
        kinds=("no-person", "invalid"), **_LISTED,
    ),
    Operation(
        path="/assertions", handle=of_all, summary="List what is asserted of everybody",
        about="With `modified_since` a local system follows what became of its items.", kinds=("invalid",),
        **_LISTED,
    ),
    Operation(
        method="PUT", path=ONE, scope="write", handle=put, takes="item", gives=Assertion,
        summary="Assert an item, or change it",
        about="The body is the item as ORCID 3.0 JSON. The same key is the same item: sent again in the same "
        "words nothing happens. It is judged by the rules of the registry's API. Of someone who has not "
        "connected yet it waits. What she declined is kept up to date and not sent.",
        statuses={200: "It was there; changed, if it says something else.", 201: "It is new."},
        kinds=("not-json", "item", "no-person", "no-section", "gone", "changed", "invalid"),
    ),
    Operation(
        method="GET", path=ONE, scope="read", handle=get, gives=Assertion, summary="See how far an item is",
        about="With the item and the registry's last answers.", statuses={200: "The assertion."},
        kinds=("no-person", "no-section", "no-assertion", "invalid"), conditional=True,
    ),
    Operation(
        method="DELETE", path=ONE, scope="write", handle=withdraw, gives=Assertion,
        summary="Withdraw an item",
        about="What stands on the record is taken off it; what never got there is closed.",
        statuses={200: "It is wanted no more."},
        kinds=("no-person", "no-assertion", "changed", "invalid"),
    ),
    Operation(
        method="PUT", path="/assertions", scope="write", handle=put_many, takes=Bulk, gives=Results,
        summary="Assert and withdraw up to 1,000 items",
        about="Each line has its own verdict, and good ones go on beside wrong ones.",
        statuses={200: "The verdicts, in the order of the lines."}, kinds=("not-json", "invalid", "orcid"),
    ),
]  # fmt: skip
