"""GET /dois: filters, pages, cursors, and who sees what."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from laelia.lib.http import Response
from sandbox.doi_registry.people import OTHER, OWNER, SITE


def _follow(registry: Any, first: dict[str, str], who: Any = None) -> list[str]:
    """Every DOI of every page, by links.next alone."""
    answer: Response = registry.get("/dois", who, params=first)
    found: list[str] = []
    for _ in range(1000):
        assert answer.status == 200, answer.text
        found += [entry["id"] for entry in answer.json()["data"]]
        address = answer.json()["links"].get("next")
        if address is None:
            return found
        assert address.startswith(SITE)
        answer = registry.get(address.removeprefix(SITE), who)
    raise AssertionError("the pages do not end")


def test_everyone_sees_findable_ones_and_an_owner_its_own(registry: Any) -> None:
    registry.publish("10.5072/public")
    registry.send("PUT", "/dois/10.5072/hidden", {"doi": "10.5072/hidden"})
    assert registry.found() == ["10.5072/public"]
    assert registry.found(who=OTHER) == ["10.5072/public"]
    assert set(registry.found(who=OWNER)) == {"10.5072/public", "10.5072/hidden"}
    assert registry.found(who=OWNER, state="draft") == ["10.5072/hidden"]
    assert registry.found(who=OWNER, state="draft,findable") == registry.found(who=OWNER)
    assert registry.found(state="draft") == ["10.5072/public"]
    assert registry.get("/dois", OWNER, params={"state": "lost"}).status == 400


@pytest.mark.parametrize(
    ("parameters", "finds"),
    [
        ({"client-id": "demo.repo"}, True),
        ({"client_id": "DEMO.REPO"}, True),
        ({"client-id": "other.repo"}, False),
        ({"provider-id": "demo"}, True),
        ({"prefix": "10.5072"}, True),
        ({"prefix": "10.1234"}, False),
        ({"ids": "10.1/x,https://doi.org/10.5072/GOOD"}, True),
        ({"ids": "10.1/x"}, False),
        ({"user-id": "0009-0011-0000-0000"}, True),
        ({"user-id": "https://orcid.org/0009-0011-0000-0000"}, True),
        ({"user-id": "0000-0003-1419-2405"}, False),
        ({"resource-type-id": "dataset"}, True),
        ({"resource-type-id": "journal-article"}, False),
        ({"schema-version": "4"}, True),
        ({"schema-version": "3"}, False),
        ({"created": "2026"}, True),
        ({"created": "2020,2025"}, False),
        ({"published": "2026"}, True),
    ],
)
def test_filters(registry: Any, parameters: dict[str, str], finds: bool) -> None:
    registry.publish("10.5072/good")
    assert registry.found(**parameters) == (["10.5072/good"] if finds else [])


def test_a_filter_that_is_not_offered_is_refused_not_ignored(registry: Any) -> None:
    assert registry.get("/dois", params={"has-citations": "1"}).status == 400
    assert registry.get("/dois", params={"created": "soon"}).status == 400
    assert registry.get("/dois", params={"disable-facets": "true", "mailto": "a@b.test"}).status == 200


def test_pages_by_number(registry: Any) -> None:
    for number in range(7):
        registry.publish(f"10.5072/n{number}")
    answer = registry.get("/dois", params={"page[size]": "3"}).json()
    assert answer["meta"] == {"total": 7, "totalPages": 3, "page": 1}
    assert [e["id"] for e in answer["data"]] == ["10.5072/n6", "10.5072/n5", "10.5072/n4"]
    assert _follow(registry, {"page[size]": "3"}) == [f"10.5072/n{n}" for n in reversed(range(7))]
    assert _follow(registry, {"page[size]": "3", "sort": "name"}) == [f"10.5072/n{n}" for n in range(7)]
    counts = registry.get("/dois", params={"page[size]": "0"}).json()
    assert counts["data"] == []
    assert counts["meta"]["total"] == 7
    deep = registry.get("/dois", params={"page[size]": "1000", "page[number]": "99"}).json()
    assert deep["meta"]["page"] == 10
    assert registry.get("/dois", params={"page[size]": "many", "page[number]": "-1"}).status == 200


def test_sparse_fields_and_details(registry: Any) -> None:
    registry.publish("10.5072/good")
    sparse = registry.get("/dois", params={"fields[dois]": "doi,titles"}).json()["data"][0]
    assert set(sparse["attributes"]) == {"doi", "titles"}
    assert "xml" not in registry.get("/dois").json()["data"][0]["attributes"]
    assert "xml" in registry.get("/dois", params={"detail": "true"}).json()["data"][0]["attributes"]


@pytest.mark.parametrize(
    "cursor", ["x", "MQ", "!!", "LDA", "é", "MTIz", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5LGE"]
)
def test_a_cursor_that_was_not_given_is_refused(registry: Any, cursor: str) -> None:
    answer = registry.get("/dois", params={"page[cursor]": cursor})
    assert answer.status == 400
    assert "page[cursor]" in answer.json()["errors"][0]["title"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    size=st.integers(1, 6),
    sort=st.sampled_from(["", "created", "-created", "updated", "-updated", "name", "-name", "published"]),
    steps=st.lists(st.integers(0, 12), max_size=8),
)
def test_a_cursor_shows_every_doi_once(registry: Any, size: int, sort: str, steps: list[int]) -> None:
    for number in steps:
        registry.clock.advance(number % 2)
        registry.publish(f"10.5072/c{number}")
    whole = registry.found()
    walked = _follow(registry, {"page[cursor]": "1", "page[size]": str(size), "sort": sort})
    assert sorted(walked) == sorted(whole)
    if sort == "-updated":
        assert walked == whole


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 4), changes=st.lists(st.lists(st.integers(0, 9), max_size=3), max_size=6))
def test_who_walks_by_updated_sees_the_last_state_of_all(
    registry: Any, size: int, changes: list[list[int]]
) -> None:
    """DOIs change between the pages; at the end the follower holds for each what the registry holds."""
    for number in range(10):
        registry.publish(f"10.5072/f{number}")
    seen: dict[str, str] = {}
    given_ = {"sort": "updated", "page[cursor]": "1", "page[size]": str(size), "query": "updated:[2000 TO *]"}
    answer = registry.get("/dois", params=given_)
    for _ in range(200):
        for entry in answer.json()["data"]:
            seen[entry["id"]] = entry["attributes"]["updated"]
        for number in changes.pop() if changes else []:
            registry.publish(f"10.5072/f{number}")
        address = answer.json()["links"].get("next")
        if address is None and not changes:
            latest = max(seen.values())
            answer = registry.get("/dois", params=given_ | {"query": f"updated:[{latest} TO *]"})
            if len(answer.json()["data"]) == 1:
                break
        elif address is not None:
            answer = registry.get(address.removeprefix(SITE))
    everything = registry.get("/dois", params={"page[size]": "1000"}).json()["data"]
    assert seen == {entry["id"]: entry["attributes"]["updated"] for entry in everything}
