"""A registry in which Ada has left traces wherever somebody can."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from registry.closing.life import Life
from registry.notify.conftest import RECEIVER, Receiver
from registry.place import Place


@pytest.fixture
def life(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Life]:
    receiver = Receiver()
    place = Place(
        new_database("laelia.registry.migrations"),
        tmp_path / "var",
        outside={RECEIVER: receiver},
        private_webhooks=True,
    )
    yield Life(place, receiver)
    place.close()
