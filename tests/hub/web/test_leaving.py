"""Disconnecting with what was added taken off first, with the real registry, also while it is away."""

from collections.abc import Iterator

import pytest

from hub.uploads.desk import Desk
from hub.web.test_wishes import ada, desk, items, keywords, number
from hub.web.town import Town
from laelia.lib.browser import Browser
from laelia.lib.clock import HOUR
from laelia.lib.http import HttpError

__all__ = ["ada", "desk"]


def test_leaving_takes_along_what_was_added(town: Town, desk: Desk, ada: Browser) -> None:
    keywords(desk, "moss", "fern")
    town.work()
    keywords(desk, "lichen")  # waits to be sent, and is not sent any more
    token = town.permission(town.ada, town.library).access_token
    page = ada.open(town.at("/library/disconnect")).form("disconnect").fill(what="remove").submit()
    assert "2 items were taken off your record, and the permission is revoked." in page.text
    assert town.place.status_of(token) == 401
    town.work()
    town.connect(ada, handle="library")
    town.work()
    assert desk.standing("keywords") == ["lichen"]
    page = items(town, ada, "gone")
    assert "You took it with you when you disconnected." in page.text
    page.form("again-" + number(town, "moss")).submit()
    town.work()
    assert sorted(desk.standing("keywords")) == ["lichen", "moss"]
    page = items(town, ada)
    assert "You took 1 item along" in page.text
    page = page.form("/library/bring-back").submit()
    assert "You took" not in page.text
    town.work()
    assert sorted(desk.standing("keywords")) == ["fern", "lichen", "moss"]


@pytest.fixture
def silent(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The registry takes no deletes and no revocations."""

    def down(*_: object, **__: object) -> None:
        raise HttpError("unreachable", "no route")

    with monkeypatch.context() as patch:
        for verb in ("get", "post", "request"):
            patch.setattr(town.hub.http, verb, down)
        yield patch


def test_leaving_waits_for_a_registry_that_is_away(
    town: Town, desk: Desk, ada: Browser, request: pytest.FixtureRequest
) -> None:
    keywords(desk, "moss")
    town.work()
    page = ada.open(town.at("/library/disconnect")).form("disconnect").fill(what="remove")
    patch = request.getfixturevalue("silent")
    page = page.submit()
    assert "1 item is still to be taken off your record" in page.text
    assert town.permission(town.ada, town.library).state == "active"
    patch.undo()
    page = page.form("/library/stay").submit()
    assert "You stay connected." in page.text
    town.clock.advance(HOUR)
    town.work()
    assert desk.standing("keywords") == ["moss"]
    assert town.permission(town.ada, town.library).state == "active"
    patch.setattr(town.hub.http, "request", _down)
    page = ada.open(town.at("/library/disconnect")).form("disconnect").fill(what="remove").submit()
    assert "You are leaving" in page.text
    patch.undo()
    codes = desk.codes("keywords")
    assert list(codes) == ["moss"]
    town.clock.advance(HOUR)
    town.work()
    assert town.permission(town.ada, town.library).state == "revoked"
    assert {row.state for row in town.rows("assertion")} == {"withdrawn"}
    assert not any(row.leaving for row in town.rows("wish"))


def _down(*_: object, **__: object) -> None:
    raise HttpError("unreachable", "no route")
