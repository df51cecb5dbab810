"""JSON in the indented form ORCID answers `application/vnd.orcid+json` with."""

from typing import Any

import orjson


def pretty(data: bytes) -> bytes:
    """Two spaces, ` : ` between key and value, lists of objects opened on one line."""
    return _write(orjson.loads(data), "").encode()


def _write(value: Any, indent: str) -> str:
    inner = indent + "  "
    if type(value) is dict:
        if not value:
            return "{ }"
        pairs = (f"{inner}{_plain(key)} : {_write(x, inner)}" for key, x in value.items())
        return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"
    if type(value) is list:
        return "[ " + ", ".join(_write(x, indent) for x in value) + " ]" if value else "[ ]"
    return _plain(value)


def _plain(value: Any) -> str:
    return orjson.dumps(value).decode()
