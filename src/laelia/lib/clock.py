"""Time as integers: milliseconds since 1970 UTC, always asked of a clock that was passed in."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    def now(self) -> int:
        """Milliseconds since 1970 UTC."""


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


class StoppedClock:
    """A clock for tests: it moves only when told to."""

    def __init__(self, start_ms: int = 1_767_225_600_000) -> None:
        self._now = start_ms
        self._lock = threading.Lock()

    def now(self) -> int:
        return self._now

    def advance(self, ms: int) -> None:
        with self._lock:
            self._now += ms


class ShiftedClock:
    """Real time plus an offset that is asked for each time, so that every process of a sandbox agrees."""

    def __init__(self, offset: Callable[[], int]) -> None:
        self._offset = offset

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self._offset()
