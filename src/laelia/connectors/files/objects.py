"""JSON: a list of objects whose keys are the columns. The NZ ORCID Hub's form is read as well: an object with
`records`, whose items stand whole, each with the people (`invitees`) on whose records it belongs."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from laelia.connectors.files import yaml_objects
from laelia.connectors.files.delimited import decoded
from laelia.connectors.files.sheet import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    Refused,
    Row,
    Sheet,
    counted,
    header,
)
from laelia.connectors.files.sheet import row as one_row

PEOPLE = "invitees"
DEEPEST = 6
OF_PEOPLE = ("identifier", "email", "first-name", "last-name", "ORCID-iD", "put-code", "visibility")
_LISTS = ("records", "rows")
_TERMS = ("type", "relationship", "role", "visibility", "sequence")
"""Keys that end so hold terms, which older documents spell as constants."""


def objects(data: bytes, *, as_yaml: bool = False) -> Sheet:
    """`as_yaml`: the same objects, written as YAML."""
    text, encoding, _ = decoded(data)
    try:
        found = yaml_objects.loaded(text) if as_yaml else orjson.loads(text)
    except (orjson.JSONDecodeError, yaml_objects.NoYaml) as error:
        raise Refused("broken", format="YAML" if as_yaml else "JSON", detail=f"{error}.") from None
    task = None
    if isinstance(found, dict):
        task = found.get("task-type") or found.get("kind")
        found = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    if not isinstance(found, list):
        raise Refused("no-list")
    if not found:
        raise Refused("empty")
    for place, one in enumerate(found):
        if not isinstance(one, dict):
            raise Refused("no-object", row=place + 1)
    whole = any(PEOPLE in one for one in found)
    names = header(list(OF_PEOPLE) if whole else _columns(found))
    rows = _whole(found) if whole else _flat(found, names)
    sheet = Sheet(
        "json", names, counted(rows), encoding=encoding, task=task if isinstance(task, str) else None
    )
    return sheet


def _columns(found: list[dict[str, Any]]) -> list[str]:
    names: dict[str, None] = {}
    for one in found:
        for name in flat(one):
            names.setdefault(name)
            if len(names) > MOST_COLUMNS:
                raise Refused("too-many-columns", most=MOST_COLUMNS)
    return list(names)


def flat(one: Mapping[str, Any], above: str = "", depth: int = 0) -> dict[str, str]:
    """Scalars under their keys; what stands in an object under the names of both, and of a list the first."""
    found: dict[str, str] = {}
    for key, value in one.items():
        name = f"{above}{key}"
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, Mapping):
            found[name] = _scalar(value)
        elif set(value) == {"value"}:  # how the registry's own documents write a text
            found[name] = _scalar(value["value"])
        elif depth < DEEPEST:
            found.update(flat(value, f"{name}-", depth + 1))
    return found


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        value = int(value)
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _flat(found: list[dict[str, Any]], names: list[str]) -> Iterator[Row | None]:
    for place, one in enumerate(found):
        cells = flat(one)
        yield one_row(place + 1, [cells.get(name, "") for name in names], len(names))


def _whole(found: list[dict[str, Any]]) -> Iterator[Row | None]:
    for place, one in enumerate(found):
        people = one.get(PEOPLE)
        document = {name: terms(name, value) for name, value in one.items() if name != PEOPLE}
        for who in people if isinstance(people, list) else []:
            told = flat(who) if isinstance(who, Mapping) else {}
            cells = [told.get(name, "") for name in OF_PEOPLE]
            yield Row(place + 1, [cell[:MOST_CHARACTERS].strip() for cell in cells], document=document)


def terms(name: str, value: Any) -> Any:
    """The document with its terms as 3.0 spells them: `DATA_SET` → `data-set`."""
    if isinstance(value, dict):
        return {key: terms(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [terms(name, inner) for inner in value]
    if isinstance(value, str) and name.endswith(_TERMS) and value.isupper():
        return value.lower().replace("_", "-")
    return value
