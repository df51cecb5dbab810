"""Histories that once ended badly, cut down to the steps they needed."""

from typing import Any

import pytest

from hub.histories.steps import Step
from hub.histories.test_histories import ground, lived
from hub.histories.world import Ground

__all__ = ["ground"]

FOUND = {
    "an item with no identifier, whose add was lost, was edited and withdrawn before anybody read": [
        Step("crash", 0, 974, 435),
        Step("assert", 0, 3, 0),
        Step("work", 0, 4061, 0),
        Step("edit", 0, 0, 9562),
        Step("withdraw", 0, 0, 2446),
    ],
    "what she removed was taken back by its source and brought again": [
        Step("assert", 0, 0, 0),
        Step("work", 0, 0, 0),
        Step("user deletes", 0, 0, 1),
        Step("withdraw", 0, 0, 1),
        Step("work", 0, 0, 0),
        Step("assert", 0, 0, 1),
    ],
    "what she declined was filed for the iD that hers became before she permitted it": [
        Step("assert", 0, 0, 0),
        Step("work", 0, 0, 0),
        Step("user deletes", 0, 0, 1),
        Step("look", 0, 0, 0),
        Step("move", 0, 0, 0),
        Step("assert", 0, 0, 1),
    ],
    "what she declined was taken back by its source and brought again": [
        Step("assert", 0, 0, 0),
        Step("work", 0, 0, 0),
        Step("user deletes", 0, 0, 1),
        Step("look", 0, 0, 0),
        Step("withdraw", 0, 0, 1),
        Step("work", 0, 0, 0),
        Step("assert", 0, 0, 1),
    ],
    "what was to go went with a record that became another, and nobody was told": [
        Step("assert", 0, 6177, 7579),
        Step("work", 0, 5613, 0),
        Step("withdraw", 0, 9747, 2150),
        Step("move", 0, 3281, 5440),
    ],
    "an item whose add was lost was withdrawn, and its delete lost as well": [
        Step("assert", 0, 7216, 1345),
        Step("weather", 0, 8788, 5026),
        Step("work", 0, 1230, 0),
        Step("weather", 1, 1797, 2200),
        Step("withdraw", 0, 2227, 5452),
        Step("look", 0, 8893, 9978),
    ],
    "she connected with another iD of hers, and got what she had declined, before the two were one": [
        Step("assert", 0, 0, 0),
        Step("work", 0, 0, 0),
        Step("user deletes", 0, 0, 1),
        Step("look", 0, 0, 0),
        Step("move", 0, 0, 0),
        Step("grant", 0, 0, 0),
        Step("assert", 0, 0, 1),
        Step("work", 0, 0, 0),
    ],
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(ground: Ground, name: str, monkeypatch: Any) -> None:
    lived(ground, FOUND[name], monkeypatch)
