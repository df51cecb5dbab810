"""The client of DataCite's REST API against the stand-in, and against answers that are none."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from laelia.client import datacite
from laelia.client.peer import Peer, Unavailable
from laelia.connectors.datacite_source import changes
from laelia.lib.http import Http

NOW = 1_790_899_800_000  # 2026-10-02, ten minutes after midnight UTC
ORIGIN = "https://doi.test"


class Source:
    """Answers with what it is given, one after the other, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers, self.asked = list(answers), list[str]()
        self.peer = Peer(Http(apps={ORIGIN: self}), ORIGIN, trusted=True)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        self.asked.append(environ["PATH_INFO"] + "?" + environ["QUERY_STRING"])
        status, body = self.answers.pop(0)
        start(f"{status} X", [("Content-Type", "application/json"), ("Retry-After", "9")])
        return [body if isinstance(body, bytes) else json.dumps(body).encode()]


def page(*dois: str, after: str | None = None, updated: str = "2026-10-01T00:00:00Z") -> tuple[int, Any]:
    data = [{"id": doi, "attributes": {"doi": doi.upper(), "updated": updated}} for doi in dois]
    return 200, {"data": data, "meta": {"total": 7}, "links": {"next": after} if after else {}}


def test_pages_are_followed_by_path_and_query_only() -> None:
    source = Source(
        page("10.5072/a", after="https://elsewhere.example/dois?page%5Bcursor%5D=x"), page("10.5072/b")
    )
    pages = list(datacite.carrying(source.peer, "0000-0002-1825-0097"))
    assert [[doi.id for doi in one.dois] for one in pages] == [["10.5072/a"], ["10.5072/b"]]
    assert source.asked[1] == "/dois?page%5Bcursor%5D=x"
    assert source.peer.reads == 2


def test_an_empty_page_ends_the_list_whatever_its_link_says() -> None:
    source = Source(page(after="https://doi.test/dois?x=1"))
    assert len(list(datacite.carrying(source.peer, "0000-0002-1825-0097"))) == 1


def test_what_people_type_is_no_query_syntax() -> None:
    source = Source(page())
    datacite.search(source.peer, 'title:(x) OR "y" *')
    assert "%5C%3A%5C%28x%5C%29" in source.asked[0]


@pytest.mark.parametrize("answer", [(500, b"oops"), (429, {}), (200, b"<html>"), (200, [1])])
def test_an_answer_that_is_none(answer: tuple[int, Any]) -> None:
    source = Source(answer)
    with pytest.raises(Unavailable) as caught:
        datacite.get(source.peer, "10.5072/a")
    assert caught.value.retry_after == (9 if answer[0] != 200 else None)


def test_a_hidden_doi_is_none() -> None:
    assert datacite.get(Source((404, {"errors": []})).peer, "10.5072/a") is None


def test_many_are_asked_for_fifty_at_a_time() -> None:
    source = Source(page("10.5072/n1"), page("10.5072/n59"))
    found = datacite.findable(source.peer, [f"10.5072/N{number}" for number in range(60)])
    assert set(found) == {"10.5072/n1", "10.5072/n59"}
    assert len(source.asked) == 2


def test_oddities_in_a_list_are_left_out() -> None:
    source = Source(
        (200, {"data": [None, 1, {}, {"id": 7, "attributes": {}}, {"id": "10.5072/X", "attributes": {}}]})
    )
    assert [doi.id for doi in datacite.search(source.peer, "x").dois] == ["10.5072/x"]


def test_changes_go_on_where_they_stopped() -> None:
    source = Source(
        page("10.5072/a", after="/dois?second", updated="2026-10-02T00:00:00.500Z"),
        page("10.5072/b", updated="2026-10-01T00:00:00Z"),
        page("10.5072/a", updated="2026-10-02T00:00:00.500Z"),
    )
    first, second = list(changes(source.peer, None, NOW))
    assert [doi.id for doi in first.documents] == ["10.5072/a"]
    again = list(changes(source.peer, second.position, NOW))
    assert "updated%3A%5B2026-10-02T00%3A00%3A00.500Z+TO+%2A%5D" in source.asked[2]
    assert again[0].position == second.position


def test_a_stopped_list_goes_on_at_its_page_and_starts_over_when_that_is_gone() -> None:
    source = Source(page("10.5072/a", after="/dois?second"), (400, {}), page("10.5072/a"))
    first = next(changes(source.peer, None, NOW))
    assert [one.documents[0].id for one in changes(source.peer, first.position, NOW)] == ["10.5072/a"]
    assert source.asked[1] == "/dois?second"
    assert source.asked[2].startswith("/dois?query=updated")
