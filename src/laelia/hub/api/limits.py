"""How often one program may call: a bucket each, per process and in memory. Behind several processes each has
its own, so an operator divides the number by theirs."""

import threading
from math import ceil

from laelia.lib.clock import MINUTE, Clock


class Limits:
    """So many calls a minute, as many at once as a quarter of that; 0 is no limit."""

    def __init__(self, a_minute: int, clock: Clock) -> None:
        self._a_minute, self._clock = a_minute, clock
        self._most = max(a_minute / 4, 1.0)
        self._buckets: dict[int, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def wait(self, program_id: int) -> int | None:
        """Count a call. None if it may be made, else the seconds after which to come again."""
        if not self._a_minute:
            return None
        now = self._clock.now()
        with self._lock:
            left, then = self._buckets.get(program_id, (self._most, now))
            left = min(self._most, left + (now - then) * self._a_minute / MINUTE)
            if left < 1:
                self._buckets[program_id] = left, now
                return max(1, ceil((1 - left) * 60 / self._a_minute))
            self._buckets[program_id] = left - 1, now
            return None
