"""How a service declares its settings and how they are read.

One frozen dataclass per service is the whole declaration: name, type, default, a sentence for the docs,
secret or not. `load` takes the environment as a mapping; nothing in this package reads `os.environ` by
itself.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

S = TypeVar("S")

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


class SettingsError(Exception):
    """A setting is missing, unknown or not understood; the message names it and says what to do."""


class Row(NamedTuple):
    """One line of the table of settings in the docs."""

    name: str
    type: str
    default: str
    doc: str
    secret: bool


def setting(default: Any = MISSING, doc: str = "", secret: bool = False) -> Any:
    """Declare one field of a settings dataclass; without a default the setting is required."""
    metadata = {"doc": doc, "secret": secret}
    return dataclasses.field(default=default, metadata=metadata, repr=not secret)


def load(declaration: type[S], prefix: str, environ: Mapping[str, str], **overrides: Any) -> S:
    """Read settings from `PREFIX_NAME` or, for a secret kept in a file, `PREFIX_NAME_FILE`.

    Overrides that are None count as not given, so that command line options can be handed on as they are.
    An unknown name that starts with the prefix is an error, since a mistyped setting must not be ignored.
    """
    fields = _fields(declaration)
    hints = typing.get_type_hints(declaration)
    known = {prefix + name.upper(): name for name in fields}
    values: dict[str, Any] = {}
    for variable, text in environ.items():
        if not variable.startswith(prefix):
            continue
        if variable in known:
            name = known[variable]
            values[name] = _convert(variable, text, hints[name])
        elif variable.endswith("_FILE") and variable[:-5] in known:
            if variable[:-5] in environ:
                raise SettingsError(f"{variable} and {variable[:-5]} are both set; keep one of them.")
            name = known[variable[:-5]]
            values[name] = _convert(variable, _file(variable, text), hints[name])
        else:
            raise SettingsError(f"{variable} is not a setting. Known are: {', '.join(sorted(known))}.")
    for name, value in overrides.items():
        if name not in fields:
            raise SettingsError(f"{name} is not a setting of {prefix.rstrip('_')}.")
        if value is not None:
            values[name] = value
    for name, field in fields.items():
        if name not in values and field.default is MISSING:
            raise SettingsError(f"{prefix}{name.upper()} must be set: {field.metadata.get('doc', '')}")
    return declaration(**values)


def describe(declaration: type[Any], prefix: str) -> list[Row]:
    """The settings as rows for the docs, in the order of their declaration."""
    hints = typing.get_type_hints(declaration)
    rows = []
    for name, field in _fields(declaration).items():
        default = "required" if field.default is MISSING else _spell(field.default)
        meta = field.metadata
        rows.append(
            Row(
                prefix + name.upper(),
                _type_name(hints[name]),
                default,
                meta.get("doc", ""),
                meta.get("secret", False),
            )
        )
    return rows


def _fields(declaration: type[Any]) -> dict[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(declaration)}


def _file(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{variable}: the file {path} can't be read ({error.strerror}).") from None


def _convert(variable: str, text: str, hint: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        if text == "":
            return None
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
        origin = typing.get_origin(hint)
    if origin is tuple:
        return tuple(text.replace(",", " ").split())
    if hint is bool:
        if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        raise SettingsError(f"{variable} must be true or false, not {text!r}.")
    if hint is int:
        try:
            return int(text)
        except ValueError:
            raise SettingsError(f"{variable} must be a whole number, not {text!r}.") from None
    if hint is Path:
        return Path(text)
    if hint is str:
        return text
    raise TypeError(f"{variable}: settings of type {hint} are not supported")


def _spell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value)


def _type_name(hint: Any) -> str:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _type_name(next(part for part in typing.get_args(hint) if part is not type(None)))
    if origin is tuple:
        return "list, separated by spaces or commas"
    return {bool: "true or false", int: "number", Path: "path", str: "text"}[hint]
