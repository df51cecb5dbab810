"""Ada has connected; whoever wants to looks at plans."""

import pytest

from hub.plans.room import Room
from hub.web.town import Town


@pytest.fixture
def room(town: Town) -> Room:
    return Room(town)
