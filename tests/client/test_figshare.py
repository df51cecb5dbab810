"""The client of Figshare's API against the stand-in, and against answers that are none."""

import json
import pathlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import NewDatabase
from laelia.client import figshare
from laelia.client.document import Document
from laelia.client.figshare import Within
from laelia.client.pace import Pace
from laelia.client.peer import Peer, Unavailable
from laelia.lib.http import Http
from sandbox.repository.neighbours import ADA, BOB, WHOLE, World

ORIGIN = "https://figshare.test/v2"
OWN = "/v2/account/articles"


class Script:
    """Answers with what it is given, one after the other, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, Any, dict[str, str]]) -> None:
        self.answers, self.asked = list(answers), list[tuple[str, dict[str, Any], str | None]]()
        self.peer = Peer(Http(apps={"https://figshare.test": self}), ORIGIN, trusted=True)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked = json.loads(sent) if sent else {}
        self.asked.append((environ["PATH_INFO"], asked, environ.get("HTTP_X_CURSOR")))
        status, body, headers = self.answers.pop(0)
        start(f"{status} X", [("Content-Type", "application/json"), *headers.items()])
        return [body if isinstance(body, bytes) else json.dumps(body).encode()]


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: pathlib.Path) -> Iterator[World]:
    made = World(new_database, tmp_path)
    yield made
    made.close()


def peer_of(world: World) -> Peer:
    return Peer(world.http, "https://repository.test/v2", trusted=True)


def publish(world: World, token: str, **more: Any) -> int:
    api = world.api(token)
    made = api("POST", OWN, {**WHOLE, "is_metadata_record": True, **more}).json()["entity_id"]
    assert api("POST", f"{OWN}/{made}/publish").status == 201
    return int(made)


def numbers(pages: Iterator[list[Document]]) -> list[int]:
    return [int(one.id) for page in pages for one in page]


def test_what_a_harvester_asks_the_stand_in(world: World) -> None:
    ada, bob = world.token(), world.token(BOB)
    first = publish(world, ada, group_id=7)
    world.clock.advance(2 * 86_400_000)
    second = publish(
        world, bob, title="Another: title (with signs)", authors=[{"name": "B", "orcid_id": BOB[0]}]
    )
    third = publish(world, bob, title="Both", authors=[{"id": 1}, {"id": 2}])
    peer = peer_of(world)
    assert numbers(figshare.newest(peer)) == [third, second, first]
    assert numbers(figshare.newest(peer, orcids=[ADA[0]])) == [third, first]
    assert numbers(figshare.newest(peer, orcids=[ADA[0], BOB[0]])) == [third, second, first]
    assert numbers(figshare.newest(peer, words='title: (signs" NOT')) == [second]
    yesterday = datetime.fromtimestamp(world.clock.now() / 1000 - 86_400, UTC).strftime("%Y-%m-%d")
    assert numbers(figshare.newest(peer, since=yesterday)) == [third, second]
    assert numbers(figshare.newest(peer, within=Within(group=7))) == [first]
    assert numbers(figshare.newest(peer, orcids=[BOB[0]], within=Within(group=7))) == []
    assert numbers(figshare.newest(peer, within=Within(institution=1))) == [third, second, first]
    assert numbers(figshare.newest(peer, within=Within(token=ada))) == [first]
    assert figshare.account(peer, ada)["last_name"] == "Author"
    assert [one.id for one in figshare.by_doi(peer, f"10.5072/laelia.{second}")] == [str(second)]
    whole = figshare.get(peer, str(first))
    assert whole is not None
    assert whole.attributes["authors"][0]["orcid_id"] == ADA[0]
    assert figshare.get(peer, "999") is None
    assert figshare.get(peer, "../account") is None
    with pytest.raises(Unavailable) as refused:
        figshare.account(peer, "no token")
    assert (refused.value.status, bool(refused.value.said)) == (401, True)


def test_pages_are_followed_by_cursor(world: World) -> None:
    token = world.token()
    made = [publish(world, token, title=f"Number {number}") for number in range(5)]
    assert numbers(figshare.newest(peer_of(world), size=2)) == made[::-1]
    assert numbers(figshare.newest(peer_of(world), size=5)) == made[::-1]


def test_paging_in_both_ways() -> None:
    rows = [{"id": number} for number in range(1, 6)]
    script = Script((200, rows[:2], {"X-Cursor": "c1"}), (200, rows[2:4], {}), (200, rows[4:], {}))
    assert numbers(figshare.newest(script.peer, size=2)) == [1, 2, 3, 4, 5]
    paging = [
        {name: asked.get(name) for name in ("page", "page_size", "limit")} for _, asked, _ in script.asked
    ]
    assert paging == [
        {"page": 1, "page_size": 2, "limit": None},
        {"page": None, "page_size": None, "limit": 2},
        {"page": 3, "page_size": 2, "limit": None},
    ]
    assert [cursor for _, _, cursor in script.asked] == [None, "c1", None]


def test_a_list_that_goes_in_a_circle_ends() -> None:
    again = (200, [{"id": 1}, {"id": 2}], {"X-Cursor": "same"})
    script = Script(again, again, again)
    assert numbers(figshare.newest(script.peer, size=2)) == [1, 2]
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((422, {"message": "too far", "code": "X", "data": None}, {}), "too far"),
        ((400, {"message": "locked", "errcode": "FigshareAPIException"}, {}), "locked"),
        ((429, {}, {"Retry-After": "9"}), None),
        ((500, b"<html>", {}), None),
        ((200, {"message": "a list was expected"}, {}), "no JSON of the expected form"),
        ((200, b"<html>", {}), "no JSON of the expected form"),
    ],
)
def test_an_answer_that_is_none(answer: tuple[int, Any, dict[str, str]], said: str | None) -> None:
    with pytest.raises(Unavailable) as caught:
        list(figshare.newest(Script(answer).peer))
    assert (caught.value.status, caught.value.said) == (answer[0], said)
    assert caught.value.retry_after == (9 if answer[0] == 429 else None)
    assert "Figshare" in str(caught.value)


def test_odd_rows_are_left_out() -> None:
    odd = [{"id": 1}, {"id": True}, {"id": "2"}, {}, None, [], {"id": -1}]
    assert numbers(figshare.newest(Script((200, odd, {})).peer)) == [1]


def test_calls_wait_for_their_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("laelia.client.pace.time.sleep", waited.append)
    script = Script(*[(404, {}, {})] * 3)
    script.peer.pace = Pace(figshare.RATE, burst=1)
    for number in "123":
        assert figshare.get(script.peer, number) is None
    assert len(waited) == 2
    assert all(0.9 < pause <= 2 for pause in waited)
