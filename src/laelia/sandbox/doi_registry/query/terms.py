"""What is searchable of a DOI: each text of its metadata by its path, exactly and as words."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from laelia.sandbox.doi_registry.metadata.attributes import Attributes, snake

# An index entry of PostgreSQL holds 2,700 bytes; nobody asks for a longer text by its exact value.
_LONGEST = 500


def fold(text: str) -> str:
    """The words in lower case without accents, each with a space on both sides: ' eating dog food '."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " " + " ".join(re.findall(r"[^\W_]+", plain)) + " "


def terms(doi: str, attributes: Attributes) -> list[dict[str, Any]]:
    """The rows of one DOI for the table `term`, without its id."""
    found = {("uid", doi)}
    found |= set(_leaves("", attributes))
    return [
        {"field": field, "exact": text if len(text) <= _LONGEST else None, "folded": fold(text)}
        for field, text in sorted(found)
    ]


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{snake(key)}" if path else snake(key), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(path, inner)
    elif value is not None:
        # PostgreSQL's text can't hold a null character, JSON's can.
        yield path, str(value).replace("\x00", "")
