"""How fast anybody may ask without a token: a bucket for each address, per process and in memory.

`rate` requests a second are let through for good and `burst` more at once; the rest is 429 with
Retry-After. Behind several processes each has its own buckets, so that an operator divides the rate by
their number.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from laelia.lib.web.call import TEXT, Call, Reply

MOST = 100_000


class Limits:
    """A rate of 0 is no limit."""

    def __init__(self, rate: int, burst: int) -> None:
        self.rate, self.burst = rate, burst
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def allows(self, environ: Mapping[str, Any]) -> bool:
        """Count this request; False when its address has asked too often."""
        if not self.rate:
            return True
        address, now = str(environ.get("REMOTE_ADDR", "")), time.monotonic()
        full = float(self.rate + self.burst)
        with self._lock:
            left, then = self._buckets.get(address, (full, now))
            left = min(full, left + (now - then) * self.rate)
            if left < 1:
                self._buckets[address] = (left, now)
                return False
            if len(self._buckets) >= MOST:
                self._buckets.clear()
            self._buckets[address] = (left - 1, now)
            return True


def limited(handle: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """The handler, for who asks without a token only as often as the rate allows."""

    def counted(call: Call) -> Reply:
        anonymous = getattr(call.who, "kind", "anonymous") == "anonymous"
        return too_many() if anonymous and not call.service.limits.allows(call.req.env) else handle(call)

    return counted


def too_many() -> Reply:
    """What ORCID answers in plain text, with the time after which to come again."""
    said = "Too many requests from this address. Please ask more slowly, or with an access token.\n"
    return Reply(429, said.encode(), {"Retry-After": "1", "Cache-Control": "no-store"}, TEXT)
