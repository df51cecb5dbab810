"""Schemas of JSON (JSON Schema 2020-12, as OpenAPI 3.1 takes it) from the same declarations as the codecs.

An entity has two: what is answered has every key, null where there is nothing, and no limits of length, since
a text may have come in through another version or a load; what is sent may leave keys out and is held to the
limits. Readers take a little more than is written here, as ORCID's do: one member for a list, bare text for
{"value": …}, a number for text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from laelia.codec.scalar import FIRST, LAST
from laelia.model.language import (
    V2_0,
    V3_0,
    Entity,
    Field,
    Scalar,
    Version,
    describe,
    is_entity,
    json_keys,
    shape,
)
from laelia.model.other import Error
from laelia.model.vocabulary import Vocabulary

Json = dict[str, Any]

WHERE = "#/components/schemas/"
LARGEST = 10**18 - 1
"""The largest whole number that is read."""
_LIMITS: dict[Any, Json] = {
    int: {"maximum": LARGEST},
    Scalar.INDEX: {"minimum": -LARGEST, "maximum": LARGEST},
    Scalar.INSTANT: {"minimum": FIRST, "maximum": LAST},
}


@dataclass
class Schemas:
    """The schemas of one version: those that were asked for, with all they are made of, in `components`."""

    version: Version
    components: Json = field(default_factory=dict)

    def answered(self, cls: type[Entity]) -> Json:
        """A reference to what an answer looks like."""
        return self._reference(cls, False)

    def sent(self, cls: type[Entity]) -> Json:
        """A reference to what a request may look like."""
        return self._reference(cls, True)

    def empty(self, cls: type[Entity]) -> Json:
        """A reference to an answer that has all keys of the entity and says nothing: there is none."""
        nothing: Json = {f.key: {"type": "null"} for _, f in json_keys(cls, self.version)}
        self.components[f"No{cls.__name__}"] = _closed(nothing, list(nothing))
        return {"$ref": f"{WHERE}No{cls.__name__}"}

    def _reference(self, cls: type[Entity], sent: bool) -> Json:
        name = f"{cls.__name__}Request" if sent else cls.__name__
        if name not in self.components:
            self.components[name] = {}  # it may hold itself
            self.components[name] = self._object(cls, sent)
        return {"$ref": WHERE + name}

    def _object(self, cls: type[Entity], sent: bool) -> Json:
        pairs = json_keys(cls, self.version)
        latest = dict(describe(cls, V3_0))
        property_of = self._sent if sent else self._answered
        made: Json = {"type": "object"}
        if cls.__doc__:
            made["description"] = " ".join(cls.__doc__.split())
        # What only 2.x requires may be missing from what was written through 3.0.
        made["properties"] = {f.key: property_of(f, latest.get(name, f).required) for name, f in pairs}
        must = [f.key for _, f in pairs if not sent or (f.required and f.type is not bool)]
        if must:
            made["required"] = must
        made["additionalProperties"] = False
        if sent and shape(cls).exclusive:
            made["allOf"] = [_not_both(*pair) for pair in shape(cls).exclusive]
        return made

    # ---- answers

    def _answered(self, f: Field, required: bool) -> Json:
        if f.type is Scalar.NONE:
            return {"type": "array", "maxItems": 0} if f.many else {"type": "null"}
        if f.is_list:
            members = self._members(f, sent=False)
            if f.many or f.json_flat:
                return members
            inside = _closed({str(f.each): members}, [str(f.each)])
            return inside if f.required else _or_null(inside)
        if is_entity(f.type):
            made = self.answered(f.type)
        else:
            made = self._written(f)
            if f.wrap:
                marks: Json = {"transient": {"const": True}} if f.transient else {}
                made = _closed({"value": made, **marks}, ["value", *marks])
        return made if required else _or_null(made)

    def _written(self, f: Field) -> Json:
        if isinstance(f.type, Vocabulary):
            if f.type.free_since_3 and self.version is V3_0:
                return {"type": "string"}
            spelled = (f.type.spell(term, self.version, "json") for term in f.type.terms)
            return {"type": "string", "enum": list(dict.fromkeys(term for term in spelled if term))}
        return _plain(f) or {"type": "string"}

    # ---- requests

    def _sent(self, f: Field, _: bool) -> Json:
        required = f.required and f.type is not bool
        if f.type is Scalar.NONE:
            return {"type": ["array", "null"], "maxItems": 0} if f.many else {"type": "null"}
        if f.is_list:
            members = self._members(f, sent=True)
            if not (f.many or f.json_flat):
                needed = [str(f.each)] if f.least else []
                members = _closed({str(f.each): members if needed else _or_null(members)}, needed)
            return members if required else _or_null(members)
        if is_entity(f.type):
            made = self.sent(f.type)
        else:
            made = self._read(f)
            if f.wrap:
                marks: Json = {"transient": {"type": "boolean"}} if f.transient else {}
                inside = made if required else _or_null(made)
                made = _closed({"value": inside, **marks}, ["value"] if required else [])
        return made if required else _or_null(made)

    def _read(self, f: Field) -> Json:
        if isinstance(f.type, Vocabulary):
            return {"type": "string", "enum": list(f.type.readable(self.version, "json"))}
        plain = _plain(f)
        if plain is not None:
            return {**plain, **(_LIMITS.get(f.type, {}) if plain["type"] == "integer" else {})}
        made: Json = {"type": "string"}
        if f.max:
            made["maxLength"] = f.max
        if f.low is not None and f.high is not None:
            made["pattern"] = _between(f.low, f.high)
        elif f.type is Scalar.ID_URI:
            made["pattern"] = f"^{self._scheme(str(f.pattern))}$"
        elif f.pattern:
            made["pattern"] = f"^{f.pattern}$"
        elif not f.blank:
            made["pattern"] = r"\S"
        return made

    def _scheme(self, pattern: str) -> str:
        """The pattern of an iD's URI with the scheme of the version (`scalar.read_uri`)."""
        if self.version is V2_0:
            return pattern.replace("https?://", "http://", 1)
        loopback = r"http://(localhost|127\.0\.0\.1|\[::1\])(?=[:/])"
        return pattern.replace(r"https?://[^?#\s]+", rf"(https://[^?#\s]+|{loopback}[^?#\s]*)", 1)

    def _members(self, f: Field, *, sent: bool) -> Json:
        one = self.sent if sent else self.answered
        if f.choice:
            # Nobody sends errors: they stand in the place of what failed.
            kinds = [
                (key, k) for k, (_, key) in zip(f.type, f.choice, strict=True) if not sent or k is not Error
            ]
            tagged = [_closed({key: one(k)}, [key]) for key, k in kinds]
            return {"type": "array", "items": tagged[0] if len(tagged) == 1 else {"oneOf": tagged}}
        made: Json = {"type": "array", "items": one(f.type)}
        if sent and f.least:
            made["minItems"] = f.least
        if sent and f.most is not None:
            made["maxItems"] = f.most
        return made


def _closed(properties: Json, required: list[str]) -> Json:
    made: Json = {"type": "object", "properties": properties}
    if required:
        made["required"] = required
    return {**made, "additionalProperties": False}


def _not_both(one: str, other: str) -> Json:
    there = {"type": "object"}
    return {"not": {"properties": {one: there, other: there}, "required": [one, other]}}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _plain(f: Field) -> Json | None:
    """What is no text and no term; None for those."""
    if f.json_text:
        return {"type": "string", "pattern": "^-?[0-9]{1,18}$"}
    if f.type is bool:
        return {"type": "boolean"}
    if f.type is Scalar.INSTANT:
        return {"type": "integer", "description": "Milliseconds since 1970-01-01 UTC"}
    if f.type is int:
        return {"type": "integer", "minimum": 0}
    return {"type": "integer"} if f.type is Scalar.INDEX else None


def _between(low: int, high: int) -> str:
    """A pattern of the numbers from `low` to `high`, all with as many digits as `high`."""
    return f"^({_digits([f'{n:0{len(str(high))}}' for n in range(low, high + 1)])})$"


def _digits(numbers: list[str]) -> str:
    """A pattern of just these numbers of one length, given in order: digits with the same tails share one."""
    tails: dict[str, list[str]] = {}
    for text in numbers:
        if text:
            tails.setdefault(text[0], []).append(text[1:])
    heads: dict[str, str] = {}
    for digit, rest in tails.items():
        pattern = _digits(rest)
        heads[pattern] = heads.get(pattern, "") + digit
    parts = [(f"[{d[0]}-{d[-1]}]" if len(d) > 1 else d, rest) for rest, d in heads.items()]
    return "|".join(f"{digit}({rest})" if "|" in rest else digit + rest for digit, rest in parts)
