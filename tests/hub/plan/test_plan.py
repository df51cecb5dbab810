"""The plan converges, touches nothing of others, and does not depend on the order of what it is given."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import size
from laelia.hub.plan import Action, Answer, Shown, Wanted, plan

IDS = st.frozensets(st.sampled_from([("doi", f"10.5072/{n}") for n in "abcdef"]), min_size=1, max_size=2)
HASH = st.sampled_from(["one", "two"])


@st.composite
def rows(draw: st.DrawFn) -> list[Wanted]:
    keys = draw(st.lists(st.sampled_from("klmnopqr"), unique=True, max_size=6))
    codes = draw(st.lists(st.none() | st.integers(1, 9), min_size=len(keys), max_size=len(keys)))
    codes = [None if code in codes[:place] else code for place, code in enumerate(codes)]
    return [
        Wanted(
            key=key,
            ids=draw(IDS),
            hash=draw(HASH),
            wanted=draw(st.booleans()),
            put_code=code,
            sent_hash=draw(st.none() | HASH),
            sending_hash=draw(st.none() | HASH),
            deleting=draw(st.booleans()),
            state=draw(st.sampled_from(["pending", "sending", "sent", "declined", "refused", "failed"])),
            ask=draw(st.none() | st.just("unlike-name")),
        )
        for key, code in zip(keys, codes, strict=True)
    ]


SHOWN = st.lists(
    st.builds(Shown, put_code=st.integers(1, 12), ids=IDS, own=st.booleans()),
    max_size=8,
    unique_by=lambda item: item.put_code,
)
ANSWERS: st.SearchStrategy[dict[str, Answer]] = st.dictionaries(
    st.sampled_from("klmnopqr"), st.sampled_from(["yes", "no", "again"])
)


def carry_out(
    actions: list[Action], wanted: list[Wanted], shown: list[Shown]
) -> tuple[list[Wanted], list[Shown]]:
    """What ledger and record look like once everything worked."""
    ledger = {row.key: row for row in wanted}
    record = {item.put_code: item for item in shown}
    next_code = 100
    for action in actions:
        row = ledger[action.key]
        if action.kind == "delete":
            assert action.put_code is not None
            del record[action.put_code]
            ledger[row.key] = replace(row, put_code=None, sent_hash=None, sending_hash=None)
        elif action.kind == "adopt":
            ledger[row.key] = replace(row, put_code=action.put_code, sent_hash=row.sending_hash, state="sent")
        elif action.kind in ("add", "update"):
            code = action.put_code or next_code
            next_code += 1
            others = [one for one in record.values() if one.own and one.put_code != action.put_code]
            clash = [one for one in others if one.ids & row.ids]
            assert not clash, "the registry would answer 9021"
            record[code] = Shown(put_code=code, ids=row.ids)
            ledger[row.key] = replace(row, put_code=code, sent_hash=row.hash, state="sent")
        elif action.reason == "declined" and action.put_code not in record:
            ledger[row.key] = replace(row, state="declined", put_code=None)
    return list(ledger.values()), list(record.values())


@pytest.mark.soak
@settings(max_examples=size(400, 5000), deadline=None)
@given(rows(), SHOWN, ANSWERS)
def test_carrying_it_out_leaves_nothing_to_write(
    wanted: list[Wanted], shown: list[Shown], answers: dict[str, Answer]
) -> None:
    wanted, shown = without_own_clashes(wanted, shown)
    first = plan(wanted, shown, answers)
    after, record = carry_out(first, wanted, shown)
    unasked = {key: answer for key, answer in answers.items() if answer != "again"}
    again = plan(after, record, unasked)
    assert not any(action.writes for action in again), (first, again)


def without_own_clashes(wanted: list[Wanted], shown: list[Shown]) -> tuple[list[Wanted], list[Shown]]:
    """A registry never shows two items of one source with one identifier."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for item in shown:
        if item.own and item.ids & seen:
            continue
        if item.own:
            seen |= item.ids
        kept.append(item)
    return wanted, kept


@pytest.mark.soak
@settings(max_examples=size(150, 1500), deadline=None)
@given(rows(), SHOWN, ANSWERS)
def test_items_of_others_are_never_named(
    wanted: list[Wanted], shown: list[Shown], answers: dict[str, Answer]
) -> None:
    foreign = {item.put_code for item in shown if not item.own}
    for action in plan(wanted, shown, answers):
        if action.kind in ("adopt", "update", "delete"):
            assert action.put_code not in foreign
        assert not foreign & set(action.put_codes)


@pytest.mark.soak
@settings(max_examples=size(150, 1500), deadline=None)
@given(rows(), SHOWN, ANSWERS, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    wanted: list[Wanted], shown: list[Shown], answers: dict[str, Answer], shuffler: random.Random
) -> None:
    expected = plan(wanted, shown, answers)
    shuffler.shuffle(wanted)
    shuffler.shuffle(shown)
    assert plan(wanted, shown, answers) == expected


@pytest.mark.soak
@settings(max_examples=size(100, 1000), deadline=None)
@given(rows(), SHOWN, ANSWERS)
def test_every_row_is_decided_and_no_put_code_twice(
    wanted: list[Wanted], shown: list[Shown], answers: dict[str, Answer]
) -> None:
    actions = plan(wanted, shown, answers)
    assert {action.key for action in actions} == {row.key for row in wanted}
    written = [action.put_code for action in actions if action.writes and action.put_code is not None]
    assert len(written) == len(set(written))


DOI = frozenset({("doi", "10.5072/a")})
ROW = Wanted(key="doi:10.5072/a", ids=DOI, hash="new")


def only(
    wanted: Wanted, shown: list[Shown], answer: Answer | None = None
) -> list[tuple[str, int | None, str | None]]:
    answers: dict[str, Answer] = {} if answer is None else {wanted.key: answer}
    return [(one.kind, one.put_code, one.reason) for one in plan([wanted], shown, answers)]


def test_each_single_case() -> None:
    item = Shown(put_code=7, ids=DOI)
    assert only(ROW, []) == [("add", None, None)]
    assert only(ROW, [replace(item, own=False)]) == [("add", None, None)]
    assert only(replace(ROW, put_code=7, sent_hash="new"), [item]) == [("keep", 7, None)]
    assert only(replace(ROW, put_code=7, sent_hash="old"), [item]) == [("update", 7, None)]
    assert only(ROW, [item]) == [("adopt", 7, None), ("update", 7, None)]
    assert only(replace(ROW, sending_hash="new"), [item]) == [("adopt", 7, None)]
    assert only(replace(ROW, sending_hash="new"), []) == [("add", None, None)]
    assert only(replace(ROW, put_code=7, sent_hash="new"), []) == [("keep", 7, "declined")]
    assert only(replace(ROW, put_code=7, sent_hash="new", deleting=True), []) == [("add", None, None)]
    assert only(replace(ROW, state="declined"), []) == [("keep", None, "declined")]
    assert only(replace(ROW, state="declined"), [], "again") == [("add", None, None)]
    assert only(replace(ROW, state="refused"), []) == [("keep", None, "refused")]
    assert only(replace(ROW, ask="unlike-name"), []) == [("ask", None, "unlike-name")]
    assert only(replace(ROW, ask="unlike-name"), [], "yes") == [("add", None, None)]
    assert only(replace(ROW, ask="unlike-name"), [], "no") == [("keep", None, "not-hers")]
    assert only(replace(ROW, wanted=False, put_code=7), [item]) == [("delete", 7, None)]
    assert only(replace(ROW, wanted=False, put_code=7), []) == [("keep", None, "gone")]
    assert only(replace(ROW, wanted=False, sending_hash="x"), [item]) == [("delete", 7, None)]
    both = [item, Shown(put_code=8, ids=DOI)]
    assert plan([ROW], both, {})[0].put_codes == (7, 8)


def test_the_second_that_names_an_identifier_waits() -> None:
    other = replace(ROW, key="doi:other")
    assert [one.kind for one in plan([ROW, other], [], {})] == ["add", "conflict"]
    stands = replace(other, put_code=7, sent_hash="new")
    planned = plan([ROW, stands], [Shown(put_code=7, ids=DOI)], {})
    assert [(one.kind, one.put_codes) for one in planned] == [("keep", ()), ("conflict", (7,))]


def test_only_exactly_what_a_lost_add_left_behind_is_deleted() -> None:
    lost = replace(
        ROW, key="k", wanted=False, sending_hash="new", ids=frozenset({("doi", "b"), ("doi", "c")})
    )
    own = [Shown(put_code=1, ids=frozenset({("doi", "a"), ("doi", "c")})), Shown(put_code=2, ids=lost.ids)]
    assert only(lost, own) == [("delete", 2, None)]
    assert only(lost, own[:1]) == [("keep", None, "gone")]
    assert only(replace(lost, sending_hash=None), own) == [("keep", None, "gone")]
