"""Holds answers to what OpenAPI says of them: status, error code, media type, headers, shape. Every answer
that a test of the API sees goes through here."""

import dataclasses
import re
from functools import lru_cache
from typing import Any

import jsonschema_rs
import orjson
from lxml import etree

from laelia.codec import xsd
from laelia.codec.openapi import Json
from laelia.lib.http import Response
from laelia.model.language import NAMESPACE, VERSIONS, Version
from laelia.registry.api.description.document import document
from laelia.registry.api.description.published import files
from laelia.registry.api.operation import PREFIXES
from laelia.registry.api.operations import OPERATIONS
from laelia.registry.app import Service
from laelia.registry.settings import Settings

_BASE = re.compile(r"(|/pub|/api)/v(2\.0|2\.1|3\.0)(/.*)")


class Described:
    """The description of one version through one of the APIs."""

    def __init__(self, version: Version, api: str | None, **settings: Any) -> None:
        self.version = version
        made: Json = document(OPERATIONS, version, api, Settings(**settings))
        self.document: Json = orjson.loads(orjson.dumps(made))
        # Literal paths come before those with a parameter.
        paths = sorted(self.document["paths"].items(), key=lambda pair: pair[0].count("{"))
        self._paths = [(_pattern(path), item) for path, item in paths]
        self._validators: dict[str, jsonschema_rs.Validator] = {}
        self.id_base = str(settings.get("id_base") or settings["public_url"])

    def operation(self, method: str, path: str) -> Json | None:
        """What is said of a request."""
        found = [item for pattern, item in self._paths if pattern.fullmatch(path) and method.lower() in item]
        return found[0][method.lower()] if found else None

    def response(self, operation: Json, status: int) -> Json | None:
        found: Json | None = operation["responses"].get(str(status))
        if found is not None and "$ref" in found:
            found = self.document["components"]["responses"][found["$ref"].rpartition("/")[2]]
        return found

    def wrong(self, operation: Json, answer: Response) -> str | None:
        """What an answer has that its operation does not name; None if it is as described."""
        said = self.response(operation, answer.status)
        if said is None:
            return f"the status {answer.status} is not named"
        for name, header in said.get("headers", {}).items():
            if header["required"] and name not in answer.headers:
                return f"there is no header {name}"
        content = said.get("content", {})
        if not content and not answer.body:
            return None
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kind not in content:
            return f"the media type {kind} is not named"
        if not answer.body:
            text = content[kind].get("schema", {}).get("type") == "string"
            return None if text else "there is no body"
        if "json" in kind:
            return self._wrong_json(said, content[kind], answer)
        return self._wrong_xml(said, answer) if "xml" in kind else None

    def _wrong_json(self, said: Json, form: Json, answer: Response) -> str | None:
        document = orjson.loads(answer.body)
        if "schema" in form:
            errors = list(self.validator(form["schema"]).iter_errors(document))
            if errors:
                return f"{errors[0].message} at {errors[0].instance_path}"
        if "x-error-codes" not in said or "response-code" not in document:
            return None
        return _wrong_code(said, answer, document["response-code"], document["error-code"])

    def _wrong_xml(self, said: Json, answer: Response) -> str | None:
        root = etree.fromstring(answer.body)
        if NAMESPACE not in root.tag or not (root.attrib or len(root)):
            return None  # no document of the model, or the empty one that says there is none
        schema = xml_schema(self.version.name, self.id_base, root.tag.partition("}")[0].rpartition("/")[2])
        if not schema.validate(root):
            return str(schema.error_log)
        if "x-error-codes" not in said:
            return None
        status, code = (root.findtext(f"{{*}}{name}") for name in ("response-code", "error-code"))
        return _wrong_code(said, answer, int(status or 0), int(code or 0))

    def validator(self, schema: Json) -> jsonschema_rs.Validator:
        key = orjson.dumps(schema).decode()
        if key not in self._validators:
            components = {"schemas": self.document["components"]["schemas"]}
            self._validators[key] = jsonschema_rs.validator_for({**schema, "components": components})
        return self._validators[key]


def _wrong_code(said: Json, answer: Response, status: int, code: int) -> str | None:
    if status != answer.status:
        return f"the body says {status}, the answer {answer.status}"
    return None if code in said["x-error-codes"] else f"the code {code} is not named"


def _pattern(path: str) -> re.Pattern[str]:
    # Beside iDs there are paths that are in another of the documents, or in none.
    return re.compile(re.sub(r"{\w+}", "[^/]+", path.replace("{orcid}", r"\d[^/]*")) + "/?")


@lru_cache
def xml_schema(version: str, id_base: str, namespace: str) -> etree.XMLSchema:
    """A namespace's schema as it is published, with what it imports."""
    known = files(version, id_base)

    class Files(etree.Resolver):
        def resolve(self, url: str, _id: str, context: object) -> object:
            return self.resolve_string(known[url.rpartition("/")[2]], context, base_url=url)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Files())
    return etree.XMLSchema(etree.parse(xsd.file_name(namespace, VERSIONS[version]), parser))


@lru_cache
def _described(version: str, api: str | None, settings: tuple[tuple[str, Any], ...]) -> Described:
    return Described(VERSIONS[version], api, **dict(settings))


def of(service: Service, path: str) -> tuple[Described, str] | None:
    """The description that covers a path below a version, and the rest of the path."""
    settings = dataclasses.replace(service.settings, anonymous_rate=service.limits.rate)
    found = _BASE.fullmatch(path.partition("?")[0])
    if found is None:
        return None
    names = ("public_url", "api_url", "pub_url", "id_base", "anonymous_rate", "version_dates")
    told = tuple((name, getattr(settings, name)) for name in names)
    return _described(found[2], dict(PREFIXES)[found[1]], told), found[3]


def check(service: Service, method: str, path: str, answer: Response) -> None:
    """Fails unless OpenAPI names this answer to a described operation."""
    found = of(service, path)
    operation = found[0].operation(method, found[1]) if found else None
    if found and operation:
        wrong = found[0].wrong(operation, answer)
        assert wrong is None, (
            f"{method} {path} is answered as OpenAPI does not say: {wrong}\n{answer.text[:1000]}"
        )
