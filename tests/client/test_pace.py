"""The pace lets a burst through and then holds calls to their rate."""

import time

from laelia.client.pace import Pace, pace_of


def test_after_the_burst_calls_keep_to_the_rate() -> None:
    pace = Pace(rate=100, burst=5)
    begun = time.monotonic()
    for _ in range(15):
        pace.wait()
    assert time.monotonic() - begun >= 0.09


def test_a_rate_of_none_never_waits() -> None:
    pace = Pace(rate=0)
    begun = time.monotonic()
    for _ in range(1000):
        pace.wait()
    assert time.monotonic() - begun < 0.5


def test_one_for_each_service() -> None:
    assert pace_of("a", 24) is pace_of("a", 24)
    assert pace_of("a", 24) is not pace_of("b", 24)
