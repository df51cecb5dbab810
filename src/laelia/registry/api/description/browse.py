"""The description of the API as its page shows it: the same document, its references followed and its schemas
put into words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from markupsafe import Markup, escape

from laelia.codec.openapi import WHERE, Json
from laelia.model.language import VERSIONS, Version
from laelia.registry.api.operation import PREFIXES

TERMS = 6
"""So many terms of a vocabulary are shown at once; the rest on demand."""
COUNTLESS = 10**10
"""Larger limits say nothing to a reader."""
_NAMES = {None: "Both APIs", "public": "Public API", "member": "Member API"}
_KINDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}


@dataclass(frozen=True)
class Answer:
    """One answer; `name` is that of its place on the page where several operations share it."""

    status: str
    words: str
    name: str
    text: Markup
    codes: list[int]
    headers: list[tuple[str, bool]]
    """Names, and whether they always come."""
    body: Markup


@dataclass(frozen=True)
class Shown:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    text: Markup
    parameters: list[tuple[str, str, Markup, Markup]]
    """Name, where it stands, what it looks like, what it means."""
    takes: Markup | None
    answers: list[Answer]
    curl: str


@dataclass(frozen=True)
class Shape:
    """One schema, by keys: whether they are always there, and what they hold."""

    name: str
    text: Markup
    keys: list[tuple[str, bool, Markup]]


@dataclass(frozen=True)
class Described:
    """What is on the page."""

    title: str
    text: Markup
    version: str
    path: str
    errors: str
    """Below which each error code has a page."""
    groups: dict[str, list[Shown]]
    answers: list[Answer]
    shapes: list[Shape]
    links: list[tuple[str, str, bool]]
    """The pages of the other versions and APIs: words, address, and whether it is this one."""


def described(document: Json, version: Version, api: str | None, errors: str) -> Described:
    reader, info = _Reader(document), document["info"]
    groups: dict[str, list[Shown]] = {tag["name"]: [] for tag in document["tags"]}
    for tag, one in reader.operations():
        groups[tag].append(one)
    prefix = next(prefix for prefix, named in PREFIXES if named == api)
    components = document["components"]
    return Described(
        title=info["title"],
        text=marked(info["description"]),
        version=version.name,
        path=f"{prefix}/v{version}",
        errors=errors,
        groups=groups,
        answers=sorted(
            (_answer(name.partition("-")[0], name, one) for name, one in components["responses"].items()),
            key=lambda answer: answer.status,
        ),
        shapes=[_shape(name, one) for name, one in components["schemas"].items()],
        links=[
            *((_NAMES[named], f"{each}/v{version}", named == api) for each, named in PREFIXES),
            *((other, f"{prefix}/v{other}", other == version.name) for other in reversed(VERSIONS)),
        ],
    )


@dataclass(frozen=True)
class _Reader:
    document: Json

    def operations(self) -> Iterator[tuple[str, Shown]]:
        for path, item in self.document["paths"].items():
            shared = item.get("parameters", [])
            for method, said in item.items():
                if method != "parameters":
                    yield said["tags"][0], self._shown(method.upper(), path, said, shared)

    def _shown(self, method: str, path: str, said: Json, shared: list[Json]) -> Shown:
        body = said.get("requestBody", {})
        form = body.get("content", {}).get("application/json")
        return Shown(
            id=said["operationId"],
            method=method,
            path=path,
            summary=said["summary"],
            text=marked(said["description"]),
            parameters=[
                (each["name"], each["in"], in_words(each["schema"]), marked(each.get("description", "")))
                for each in map(self._followed, [*shared, *said.get("parameters", [])])
            ],
            takes=Markup("{} · {}").format(in_words(form["schema"]), marked(body["description"]))
            if form
            else None,
            answers=[
                _answer(status, each.get("$ref", "").rpartition("/")[2], self._followed(each))
                for status, each in said["responses"].items()
            ],
            curl=self._curl(method, path, said, form.get("example") if form else None),
        )

    def _followed(self, part: Json) -> Json:
        found: Any = self.document if "$ref" in part else part
        for key in part.get("$ref", "#").split("/")[1:]:
            found = found[key]
        made: Json = found
        return made

    def _curl(self, method: str, path: str, said: Json, example: Json | None) -> str:
        """A line for the shell; what only the caller knows are variables."""
        where = self.document["servers"][0]["url"] + re.sub(r"{(\w+)}", lambda m: f"${m[1].upper()}", path)
        bodies = (self._followed(each).get("content") for each in said["responses"].values())
        content: Json = next(filter(None, bodies), {})
        wanted = "application/json" if "application/json" in content else next(iter(content), "*/*")
        parts = ["curl -i" if method == "GET" else f"curl -i -X {method}", f"-H 'Accept: {wanted}'"]
        if {} not in said["security"]:
            parts.append('-H "Authorization: Bearer $TOKEN"')
        if "requestBody" in said:
            parts.append("-H 'Content-Type: application/json'")
            parts.append(f"-d '{orjson.dumps(example).decode()}'" if example else "-d @body.json")
        return " ".join([*parts, f'"{where}"'])


def _answer(status: str, name: str, said: Json) -> Answer:
    forms = said.get("content", {}).values()  # XML has its own schemas
    looks = list(dict.fromkeys(in_words(form["schema"]) for form in forms if "schema" in form))
    return Answer(
        status=status,
        words=HTTPStatus(int(status)).phrase,
        name=name,
        text=marked(said["description"]),
        codes=said.get("x-error-codes", []),
        headers=[(header, each["required"]) for header, each in said.get("headers", {}).items()],
        body=Markup("; ").join(one for one in looks if sum(one in other for other in looks) == 1),
    )


def _shape(name: str, schema: Json) -> Shape:
    must = schema.get("required", [])
    keys = [(key, key in must, in_words(inner)) for key, inner in schema.get("properties", {}).items()]
    return Shape(name, marked(schema.get("description", "")), keys)


def in_words(schema: Json) -> Markup:
    """A schema in words, with links to the shapes it names."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(WHERE)
        return Markup('<a href="#{0}">{0}</a>').format(name)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return Markup(" or ").join(in_words(each) for each in schema[key])
    if "const" in schema:
        return Markup("<code>{}</code>").format(orjson.dumps(schema["const"]).decode())
    if "enum" in schema:
        return _terms(schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        inner = in_words(schema["items"]) if "items" in schema else Markup("nothing")
        return Markup("list of {}{}").format(inner, _limits(schema, "Items"))
    if kind == "object":
        keys = [
            Markup("<code>{}</code>: {}").format(name, in_words(inner))
            for name, inner in schema.get("properties", {}).items()
        ]
        return Markup("{{ {} }}").format(Markup(", ").join(keys))
    kinds = kind if isinstance(kind, list) else [kind]
    words = " or ".join(_KINDS.get(str(each), "anything") for each in kinds)
    return Markup("{}{}").format(words, _facets(schema))


def _terms(terms: list[str]) -> Markup:
    spelled = [Markup("<code>{}</code>").format(term) for term in terms]
    if len(spelled) <= TERMS:
        return Markup(" or ").join(spelled)
    words = Markup("<details><summary>one of {}</summary>{}</details>")
    return words.format(len(spelled), Markup(", ").join(spelled))


def _facets(schema: Json) -> Markup:
    said = []
    if schema.get("pattern") == r"\S":
        said.append(Markup("not blank"))
    elif "pattern" in schema:
        said.append(Markup("<code>{}</code>").format(schema["pattern"]))
    if schema.get("maximum", COUNTLESS) < COUNTLESS:
        said.append(Markup("from {} to {}").format(schema.get("minimum", 0), schema["maximum"]))
    if "maxLength" in schema:
        said.append(Markup("at most {} characters").format(schema["maxLength"]))
    return Markup("").join(Markup(", {}").format(each) for each in said)


def _limits(schema: Json, what: str) -> str:
    least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
    told = [f"at least {least}" if least else "", f"at most {most}" if most is not None else ""]
    return "".join(f", {each}" for each in told if each)


def marked(text: str) -> Markup:
    """The little Markdown that descriptions use: links, code, paragraphs, lists of lines."""
    lines = [line for line in text.split("\n") if line]
    if len(lines) < 2:
        return _line(text)
    listed = lines[0].startswith("- ")
    each = Markup("<li>{}</li>") if listed else Markup("<p>{}</p>")
    made = Markup("").join(each.format(_line(line.removeprefix("- "))) for line in lines)
    return Markup("<ul>{}</ul>").format(made) if listed else made


def _line(text: str) -> Markup:
    plain = str(escape(text))
    linked = re.sub(r"\[([^\]]+)\]\(((?:https?:/)?/[^)\s]+)\)", r'<a href="\2">\1</a>', plain)
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", linked))  # noqa: S704 (escaped above)
