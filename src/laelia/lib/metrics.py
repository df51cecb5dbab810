"""What this process counts for Prometheus. Labels say which process, and never whom anything was about."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Histogram

from laelia.lib.process import name

HERE = CollectorRegistry()
"""The counts of this process alone."""

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_CALLS = Histogram(
    "laelia_call_seconds", "Calls to other services, by the class of the status; none: no answer.",
    ("process", "service", "method", "status"), registry=HERE, buckets=_SECONDS,
)  # fmt: skip
_REQUESTS = Histogram(
    "laelia_request_seconds", "Requests that were answered, by route.",
    ("process", "method", "route", "status"), registry=HERE, buckets=_SECONDS,
)  # fmt: skip


@contextmanager
def call(service: str, method: str) -> Iterator[list[int]]:
    """Time a call; the caller puts the status into the list when it knows it."""
    began, status = perf_counter(), list[int]()
    try:
        yield status
    finally:
        answered = kind(status[0]) if status else "none"
        _CALLS.labels(name(), service, method, answered).observe(perf_counter() - began)


def request(method: str, route: str, status: int, seconds: float) -> None:
    _REQUESTS.labels(name(), method, route, kind(status)).observe(seconds)


def kind(status: int) -> str:
    """200 → 2xx."""
    return f"{status // 100}xx"
