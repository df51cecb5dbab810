"""How schemathesis is asked to ask: the same questions every time, and what every answer is held to."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
SEED = int(os.environ.get("LAELIA_SEED", "1"))


def fixed(name: str, examples: int) -> Callable[[Any], Any]:
    """The same examples every time, others for each name. What fails is told as it is: what a request does
    depends on those before, so that hypothesis can't make it smaller."""
    how = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: seed(crc32(f"{SEED} {name}".encode()))(how(test))


class Tally:
    """What was asked, and what was answered as nobody said."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.wrong: dict[str, str] = {}

    def note(self, label: str, said: str, request: str) -> None:
        """The first request shows what is wrong."""
        self.wrong.setdefault(f"{label}: {said}", request)


def pairs(headers: Any) -> Iterator[tuple[str, str]]:
    for name, values in headers.items():
        for value in values:
            yield name, value
