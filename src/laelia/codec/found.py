"""Results of a search as bytes: `search` in every version, `expanded-search` and `csv-search` since 3.0.

Nobody found is `null` in the JSON of 3.0 and an empty list before it, as clients of ORCID's know it.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from laelia.codec.scalar import write_uri
from laelia.codec.xml_writer import escape
from laelia.model.language import NAMESPACE, V3_0, Version

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who was found, with what everybody may know of her. Lists are in her own order."""

    orcid: str
    given_names: str | None = None
    family_names: str | None = None
    credit_name: str | None = None
    other_names: Sequence[str] = ()
    emails: Sequence[str] = ()
    current_institutions: Sequence[str] = ()
    past_institutions: Sequence[str] = ()

    @property
    def institutions(self) -> list[str]:
        """Current and past ones, each once, in the order of the alphabet."""
        return sorted({*self.current_institutions, *self.past_institutions})


Spelled = tuple[str, str]
"""The URI of an iD, and the host in it."""


def search_json(version: Version, total: int, found: Sequence[tuple[Person, Spelled]], pretty: bool) -> bytes:
    results = [
        {"orcid-identifier": {"uri": write_uri(uri, version), "path": one.orcid, "host": host}}
        for one, (uri, host) in found
    ]
    return _json({"result": _none(results) if version is V3_0 else results, "num-found": total}, pretty)


def search_xml(version: Version, total: int, found: Sequence[tuple[Person, Spelled]]) -> bytes:
    spaces = "".join(f' xmlns:{name}="{NAMESPACE}{name}"' for name in ("search", "common"))
    lines = [f'<search:search num-found="{total}"{spaces}>']
    for one, (uri, host) in found:
        parts = {"uri": write_uri(uri, version), "path": one.orcid, "host": host}
        inside = (f"            <common:{k}>{escape(v)}</common:{k}>" for k, v in parts.items())
        lines += ["    <search:result>", "        <common:orcid-identifier>", *inside,
                  "        </common:orcid-identifier>", "    </search:result>"]  # fmt: skip
    return _xml([*lines, "</search:search>"])


# Name → value of a person; the order of the schema. Lists are repeated elements in XML.
EXPANDED: Mapping[str, Any] = {
    "orcid-id": lambda one: one.orcid,
    "given-names": lambda one: one.given_names,
    "family-names": lambda one: one.family_names,
    "credit-name": lambda one: one.credit_name,
    "other-name": lambda one: list(one.other_names),
    "email": lambda one: list(one.emails),
    "institution-name": lambda one: one.institutions,
}
EXPANDED_LISTS = frozenset({"other-name", "email", "institution-name"})
"""Those that may stand several times."""


def expanded_json(total: int, found: Sequence[Person], pretty: bool) -> bytes:
    results = [{name: value(one) for name, value in EXPANDED.items()} for one in found]
    return _json({"expanded-result": _none(results), "num-found": total}, pretty)


def expanded_xml(total: int, found: Sequence[Person]) -> bytes:
    name = "expanded-search"
    lines = [f'<{name}:{name} num-found="{total}" xmlns:{name}="{NAMESPACE}{name}">']
    for one in found:
        lines.append(f"    <{name}:expanded-result>")
        for key, value in EXPANDED.items():
            told = value(one)
            for text in told if isinstance(told, list) else [told] if told is not None else []:
                lines.append(f"        <{name}:{key}>{escape(text)}</{name}:{key}>")
        lines.append(f"    </{name}:expanded-result>")
    return _xml([*lines, f"</{name}:{name}>"])


# Columns in ORCID's order. `given-and-family-names` can be asked for and is always empty, as there.
COLUMNS: Mapping[str, Any] = {
    "orcid": lambda one: one.orcid,
    "email": lambda one: one.emails,
    "given-names": lambda one: one.given_names,
    "family-name": lambda one: one.family_names,
    "given-and-family-names": lambda one: None,
    "current-institution-affiliation-name": lambda one: one.current_institutions,
    "past-institution-affiliation-name": lambda one: one.past_institutions,
    "credit-name": lambda one: one.credit_name,
    "other-names": lambda one: one.other_names,
}


def columns(asked: str) -> list[str]:
    """Those of the columns that are asked for and there are; all where none is."""
    chosen = [name for name in asked.replace(",", " ").split() if name in COLUMNS]
    return list(dict.fromkeys(chosen)) or list(COLUMNS)


def to_csv(names: Sequence[str], found: Sequence[Person]) -> bytes:
    """A line of names and one for each person; several values of a column stand in one cell, with commas, and
    a comma within one has a backslash before it."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(names)
    lines.writerows([_cell(COLUMNS[name](one)) for name in names] for one in found)
    return out.getvalue().encode()


def _cell(value: str | Sequence[str] | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return ",".join(each.replace("\\", "\\\\").replace(",", "\\,") for each in value)


def _none(results: list[Any]) -> list[Any] | None:
    return results or None


def _json(told: Mapping[str, Any], pretty: bool) -> bytes:
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 if pretty else 0)


def _xml(lines: Sequence[str]) -> bytes:
    return (_DECLARATION + "\n".join(lines) + "\n").encode()


def _object(**properties: Any) -> dict[str, Any]:
    told = {name.replace("_", "-"): schema for name, schema in properties.items()}
    return {"type": "object", "properties": told, "required": list(told), "additionalProperties": False}


_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_MAYBE: dict[str, Any] = {"anyOf": [_TEXT, {"type": "null"}]}
_NUMBER: dict[str, Any] = {"type": "integer"}


def _several(each: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": each}, {"type": "null"}]}


SEARCH_SCHEMA = _object(
    result=_several(_object(orcid_identifier=_object(uri=_TEXT, path=_TEXT, host=_TEXT))), num_found=_NUMBER
)
EXPANDED_SCHEMA = _object(
    expanded_result=_several(
        _object(
            orcid_id=_TEXT, given_names=_MAYBE, family_names=_MAYBE, credit_name=_MAYBE, other_name=_TEXTS,
            email=_TEXTS, institution_name=_TEXTS,
        )
    ),
    num_found=_NUMBER,
)  # fmt: skip
"""The answers as JSON Schema."""
