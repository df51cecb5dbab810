"""What is different between two contents of an item, field by field, in the words of the registry's JSON."""

import json
from collections.abc import Iterator
from typing import Any

Line = tuple[str, str | None, str | None]
"""A field, what stood in it and what comes to stand in it; None where there is nothing."""
_SKIPPED = frozenset(
    {"put-code", "path", "visibility", "source", "created-date", "last-modified-date", "display-index"}
)


def difference(before: str | None, after: str | None) -> list[Line]:
    """Of two items as 3.0 JSON; None is nothing at all."""
    old, new = _fields(before), _fields(after)
    names = list(dict.fromkeys([*old, *new]))
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _fields(item: str | None) -> dict[str, str]:
    return dict(_flat((), json.loads(item))) if item else {}


def _flat(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, str]]:
    if (text := _text(value)) is not None:
        if text:
            yield " ".join(path) or "value", text
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in _SKIPPED:
                # A wrapper says nothing that its one field does not say.
                yield from _flat(path if path and path[-1] == name else (*path, name), inner)
    else:
        for number, inner in enumerate(value, 1):
            yield from _flat((*path, str(number)) if len(value) > 1 else path, inner)


def _text(value: Any) -> str | None:
    """What is one value to a reader: a text, a date, an identifier; None for what has parts."""
    if value is None:
        return ""
    if not isinstance(value, dict | list):
        return str(value)
    if isinstance(value, list):
        return "" if not value else None
    if set(value) <= {"value", "lang"} and "value" in value:
        return _text(value["value"])
    if "year" in value:
        parts = (value.get(name) for name in ("year", "month", "day"))
        return "-".join(str(part["value"]) for part in parts if part)
    if "external-id-type" in value and "external-id-value" in value:
        relation = value.get("external-id-relationship")
        named = f"{value['external-id-type']} {_text(value['external-id-value'])}"
        return f"{named} ({relation})" if relation else named
    return None
