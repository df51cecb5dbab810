"""Not more calls a second than a service allows: a bucket that fills with time, shared by all threads."""

import threading
import time
from typing import Protocol


class Waiting(Protocol):
    """What a caller needs of a pace, whoever keeps it."""

    def wait(self) -> None: ...


class Pace:
    """`rate` calls a second, after `burst` at once; a rate of 0 is no limit. Of several processes each keeps
    its own: give each rate ÷ processes."""

    def __init__(self, rate: float, burst: int = 40) -> None:
        self._rate, self._burst, self._left, self._seen = rate, burst, float(burst), time.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may be made."""
        if self._rate <= 0:
            return
        with self._lock:
            now = time.monotonic()
            self._left = min(self._burst, self._left + (now - self._seen) * self._rate) - 1
            self._seen = now
            pause = -self._left / self._rate
        if pause > 0:
            time.sleep(pause)


_paces: dict[tuple[str, float], Pace] = {}
_lock = threading.Lock()


def pace_of(name: str, rate: float, burst: int = 40) -> Pace:
    """The one pace of this process for a service and client."""
    with _lock:
        return _paces.setdefault((name, rate), Pace(rate, burst))
