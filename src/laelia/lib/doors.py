"""Whether this thread stands in a transaction. Apart from lib/database, so that the HTTP client, which must
refuse to call then, needs no database library."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Depth(threading.local):
    value = 0


_depth = _Depth()


def in_transaction() -> bool:
    """Whether this thread has a transaction open, in any database."""
    return _depth.value > 0


@contextmanager
def counted() -> Iterator[None]:
    """Around an open transaction."""
    _depth.value += 1
    try:
        yield
    finally:
        _depth.value -= 1
