"""Hosts that leave calls unanswered, so that they don't hold up the calls to others.

A member may have a webhook on each of many records, all on one host. While that host is away each of them
would keep a caller busy until its time is up, one after the other.
"""

import threading

from laelia.lib.clock import MINUTE, Clock

LOST = 3
"""After so many unanswered calls in a row a host is put aside."""
ASIDE = MINUTE
SLOW = 2.0
"""Seconds: what fails faster holds up nobody, and does not count."""


class Hosts:
    """What one process knows. Of a host that was put aside one call in a minute finds out if it is back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lost: dict[str, tuple[int, int]] = {}  # how many calls in a row, and until when it is aside
        self._lock = threading.Lock()

    def may_call(self, host: str) -> bool:
        with self._lock:
            lost, until = self._lost.get(host, (0, 0))
            if lost < LOST:
                return True
            now = self._clock.now()
            if until > now:
                return False
            self._lost[host] = lost, now + ASIDE
            return True

    def answered(self, host: str) -> None:
        with self._lock:
            self._lost.pop(host, None)

    def unanswered(self, host: str, seconds: float) -> None:
        """A call to it failed after so many seconds."""
        if seconds >= SLOW:
            with self._lock:
                lost = self._lost.get(host, (0, 0))[0] + 1
                self._lost[host] = lost, self._clock.now() + ASIDE
