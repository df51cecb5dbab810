"""What the record's page shows and what API 3.0 tells the same principal is the same, item by item and group
by group: for the owner, an individual she trusts, a stranger and nobody; before and after whatever is done to
it."""

import contextlib
import itertools
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import size
from laelia.model.problems import Duplicate
from laelia.model.sections import SECTIONS
from laelia.registry.web.editing.editors import EDITORS
from laelia.registry.web.showing import blocks
from registry.place import Place
from registry.web.agreeing import WATCHERS, Groups, agree, hidden, in_document
from registry.web.rich import Rich

_keys = itertools.count()
EACH = pytest.mark.parametrize("who", WATCHERS)
ACTIVITIES = [section.name for section in SECTIONS if section.part == "activities"]
LISTS = [section.name for section in SECTIONS if section.part == "person"]


@pytest.fixture
def rich(town: Place) -> Rich:
    made = Rich(town, str(next(_keys)))
    made.fill()
    return made


@pytest.fixture(scope="module")
def still(town: Place) -> Rich:
    """One that is only looked at."""
    made = Rich(town, "still")
    made.fill()
    return made


@EACH
def test_a_rich_record(still: Rich, who: str) -> None:
    groups = agree(still, who)
    assert set(groups) == {section.name for section in SECTIONS}
    sees_all = who in ("owner", "individual")
    for name in ACTIVITIES:
        # What holds two of them together is seen by the owner alone, and so is the group.
        assert sorted(map(len, groups[name])) == ([1, 1, 1, 2, 3] if sees_all else [1, 1, 1, 2]), name
    for name in LISTS:
        assert len(groups[name]) == (8 if sees_all else 5)


@pytest.mark.parametrize("who", ["stranger", "nobody", "owner"])
def test_nothing_hidden_is_anywhere_in_the_public_page(still: Rich, who: str) -> None:
    """Neither what is shown nor what programs read in it (JSON-LD)."""
    html = still.browser(who).open(still.place.at(f"/{still.owner.orcid}")).html
    assert "Thing" in html
    secrets = hidden(still)
    assert len(secrets) > len(SECTIONS)
    assert [one for one in secrets if one in html] == []


@pytest.mark.parametrize("order", [value for value, _ in blocks.orders()])
@pytest.mark.parametrize("who", ["individual", "nobody"])
def test_any_order(still: Rich, who: str, order: str) -> None:
    plain, _ = in_document(still.document(who), still.owner.orcid)
    sorted_so = agree(still, who, **{f"{block.name}-order": order for block in blocks.BLOCKS})
    assert {name: sorted(groups) for name, groups in sorted_so.items()} == {
        name: sorted(groups) for name, groups in plain.items()
    }


@pytest.mark.parametrize("order", ["newest", "title"])
@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_several_pages(still: Rich, who: str, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "PAGE", 2)
    page = still.page(who)
    assert len(page.all("//section[header/h2[@id='works']]//article")) == 2
    agree(still, who, **{f"{block.name}-order": order for block in blocks.BLOCKS})


@pytest.mark.parametrize("order", ["newest", "title", "oldest"])
def test_programs_read_the_works_that_the_page_shows(
    still: Rich, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "PAGE", 2)
    seen: set[str] = set()
    for number in ("1", "2"):
        page = still.page("nobody", **{"works": number, "works-order": order})
        shown = page.all("//section[header/h2[@id='works']]//article//h3")
        (block,) = page.all("//script")
        told = {work["name"] for work in orjson.loads(block.text)["@reverse"]["creator"]}
        assert told == {" ".join(one.text_content().split()) for one in shown}
        assert len(told) == 2
        assert not told & seen
        seen |= told


# ---- what the owner, or whom she trusts, does


def _groups(rich: Rich, name: str) -> list[tuple[int, ...]]:
    found: Groups = in_document(rich.document("owner"), rich.owner.orcid)[0]
    return found.get(name, [])


def _largest(rich: Rich, name: str) -> tuple[int, ...]:
    return max(_groups(rich, name), key=len)


def prefer(rich: Rich, who: str, name: str) -> None:
    last = _largest(rich, name)[-1]
    page = rich.page(who).form(f"/my-record/{name}/{last}", containing="Show this version").submit()
    assert "This version is shown from now on." in page.text
    assert next(group for group in _groups(rich, name) if last in group)[0] == last


def take_out(rich: Rich, who: str, name: str) -> None:
    last = _largest(rich, name)[-1]
    page = rich.page(who).form(f"/my-record/{name}/{last}", containing="Take out of the group").submit()
    assert "It stands by itself now." in page.text
    assert (last,) in _groups(rich, name)


def join(rich: Rich, who: str, name: str) -> None:
    ones = [group[0] for group in _groups(rich, name)][:3]
    block = blocks.BY_SECTION[name].name
    form = rich.page(who).form(f"many-{block}")
    body = {"chosen": [f"{name}-{one}" for one in ones], "do": "join", "back": form.value("back")}
    page = rich.act(who, "/my-record/many", **body)
    assert "They stand together now." in page.text, page.text[:300]
    assert any(set(ones) <= set(group) for group in _groups(rich, name))


def take_out_and_join_again(rich: Rich, who: str, name: str) -> None:
    group = _largest(rich, name)
    take_out(rich, who, name)
    page = rich.act(who, "/my-record/many", chosen=[f"{name}-{one}" for one in group], do="join")
    assert "They stand together now." in page.text
    assert any(set(group) <= set(found) for found in _groups(rich, name))


def hide(rich: Rich, who: str, name: str) -> None:
    group = _largest(rich, name)
    rich.page(who).form(f"/my-record/{name}/{group[0]}").submit("Only me")
    assert not any(group[0] in found for found in agree(rich, "nobody").get(name, []))


def show_all(rich: Rich, who: str, name: str) -> None:
    chosen = [f"{name}-{one}" for group in _groups(rich, name) for one in group]
    rich.act(who, "/my-record/many", chosen=chosen, do="public")
    assert sum(map(len, agree(rich, "nobody")[name])) == len(chosen)


def delete(rich: Rich, who: str, name: str) -> None:
    one = _largest(rich, name)[0]
    rich.page(who).form(f"/my-record/{name}/{one}", containing="Delete it").submit()
    assert not any(one in group for group in _groups(rich, name))


def delete_many(rich: Rich, who: str, name: str) -> None:
    group = _largest(rich, name)
    rich.act(who, "/my-record/many", chosen=[f"{name}-{one}" for one in group], do="delete")
    assert not any(set(group) & set(found) for found in _groups(rich, name))


def copy(rich: Rich, who: str, name: str) -> None:
    if EDITORS[name].form is None:
        return
    theirs = next(
        int(each.element.get("action").split("/")[-2])
        for each in rich.page(who).forms()
        if each.element.get("action", "").startswith(f"/my-record/{name}/")
        and each.element.get("action").endswith("/copy")
    )
    page = rich.page(who).form(f"/my-record/{name}/{theirs}/copy").submit()
    assert "This copy is yours to change" in page.text
    mine = int(page.url.split("/")[-2])
    group = next(group for group in _groups(rich, name) if mine in group)
    assert group[0] == mine
    assert theirs in group


ACTS: tuple[Callable[[Rich, str, str], None], ...] = (
    prefer, take_out, join, take_out_and_join_again, hide, show_all, delete, delete_many, copy,
)  # fmt: skip


# Each act once, by the two who may in turns; the random sequences below mix them.
@pytest.mark.parametrize(
    ("act", "who"),
    [
        pytest.param(act, who, id=act.__name__)
        for act, who in zip(ACTS, itertools.cycle(["owner", "individual"]), strict=False)
    ],
)
def test_after(rich: Rich, who: str, act: Callable[[Rich, str, str], None]) -> None:
    for name in ACTIVITIES:
        act(rich, who, name)
    for each in WATCHERS:
        agree(rich, each)


@pytest.mark.parametrize("who", ["owner", "individual"])
def test_after_arranging_lists(rich: Rich, who: str) -> None:
    for name in LISTS:
        before = [group[0] for group in _groups(rich, name)]
        page = rich.browser(who).open(rich.place.at(f"/my-record/edit/{name}"))
        listed = [int(one.get("data-put-code")) for one in page.all("//section[@data-put-code]")]
        assert listed == before
        moved = _button(page, before[-1], "Up")
        assert "Moved up." in moved.text
        _button(moved, before[0], "Down")
        page = rich.browser(who).open(rich.place.at(f"/my-record/edit/{name}"))
        _button(page, before[2], "Only me")
        page = rich.browser(who).open(rich.place.at(f"/my-record/edit/{name}"))
        _button(page, before[3], "Remove")
        now = [group[0] for group in _groups(rich, name)]
        expected = [before[1], before[0], before[2], *before[4:-2], before[-1], before[-2]]
        assert now == expected
    for each in WATCHERS:
        agree(rich, each)


def _button(page: Any, number: int, words: str) -> Any:
    section = page.all(f"//section[@data-put-code='{number}']")[0]
    for form in page.forms():
        inside = section in form.element.iterancestors()
        if inside and any(
            words in (b.text_content(), b.get("aria-label")) for b in form.element.iter("button")
        ):
            return form.submit(words)
    raise AssertionError(f"no button {words} beside {number}")


# ---- anything, in any order

_SOURCES = st.sampled_from(["owner", "individual", "first", "second", "on behalf"])
_SEEN = st.sampled_from(["public", "limited", "private"])
_IDS = st.lists(
    st.sampled_from(["a", "b", "c", "version-of a", "version-of b", "part-of c"]), max_size=3, unique=True
)
_NAMES = ("works", "employments", "fundings", "peer-reviews", "research-resources")
_ONE = st.tuples(_SOURCES, _SEEN, _IDS)
_ACT = st.tuples(
    st.sampled_from(["prefer", "part", "join", "delete", "public", "limited", "private", "copy", "many"]),
    st.lists(st.integers(0, 9), min_size=2, max_size=3),
    st.sampled_from(["owner", "individual"]),
)


@pytest.fixture(scope="module")
def anybody(town: Place) -> Rich:
    return Rich(town, "any")


@given(
    name=st.sampled_from(_NAMES), ones=st.lists(_ONE, min_size=2, max_size=6), acts=st.lists(_ACT, max_size=6)
)
@settings(max_examples=size(15, 400), deadline=None, suppress_health_check=list(HealthCheck))
def test_after_any_sequence(anybody: Rich, name: str, ones: Any, acts: Any) -> None:
    rich = anybody
    rich.clear()
    for who, visibility, ids in ones:
        _put(rich, name, who, visibility, ids)
    for do, numbers, who in acts:
        there = [one for group in _groups(rich, name) for one in group]
        if not there:
            break
        chosen = [there[number % len(there)] for number in numbers]
        _do(rich, who, name, do, chosen)
    for each in ("owner", "nobody"):
        agree(rich, each)
    agree(rich, "individual", **{f"{blocks.BY_SECTION[name].name}-order": "oldest"})


def _put(rich: Rich, name: str, who: str, visibility: str, ids: list[str]) -> None:
    with contextlib.suppress(Duplicate):  # the same source said it before
        rich.add(name, who, visibility, ids)


def _do(rich: Rich, who: str, name: str, do: str, chosen: list[int]) -> None:
    if do == "join":
        page = rich.act(who, "/my-record/many", do="join", chosen=[f"{name}-{one}" for one in chosen])
    elif do == "many":
        page = rich.act(who, "/my-record/many", do="limited", chosen=[f"{name}-{one}" for one in chosen])
    elif do == "copy":
        page = rich.act(who, f"/my-record/{name}/{chosen[0]}/copy")
        assert page.status in ((200,) if EDITORS[name].form is not None else (404,))
        return
    elif do in ("public", "limited", "private"):
        page = rich.act(who, f"/my-record/{name}/{chosen[0]}", visibility=do)
    else:
        page = rich.act(who, f"/my-record/{name}/{chosen[0]}", do=do)
    assert page.status == 200, page.text[:300]
