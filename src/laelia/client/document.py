"""What a source says about one thing of its."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Document:
    """`id` is the source's own name for the thing; `attributes` are as sent: nothing in them is to be
    believed before it was looked at."""

    id: str
    attributes: Mapping[str, Any]
