"""What an operation can be answered with, status by status, as OpenAPI describes it."""

from collections.abc import Iterator

from laelia.codec.media import DOCUMENTS
from laelia.codec.openapi import Json
from laelia.model import problems as p
from laelia.model.language import V3_0, Entity, shape
from laelia.model.other import Error
from laelia.registry.api import refusals
from laelia.registry.api.description.subject import Subject
from laelia.registry.api.operation import Operation

Problem = type[p.Problem]

_OAUTH: Json = {
    "type": "object",
    "description": "How a token that is no good is told (RFC 6750 §3).",
    "properties": {
        "error": {"type": "string", "enum": ["invalid_token", "invalid_request"]},
        "error_description": {"type": "string"},
    },
    "required": ["error", "error_description"],
    "additionalProperties": False,
}
_NO_GOOD = "The access token is unknown, has expired or was revoked; or there is none, where one is needed."
_UNCHANGED = "What is there is what `If-None-Match` names."
_TOO_MANY = "Too many requests from one address without a token; after `Retry-After` seconds it may go on."


def answers(at: Subject, one: Operation) -> Json:
    """Every status with its bodies, in order."""
    found = {one.status: _success(at, one)}
    if at.is_tagged(one):
        tag = {"ETag": _header("Of what is there", True)}
        found[304] = at.shared(304, {"description": _UNCHANGED, "headers": {**tag, **_ageing(at)}})
    if at.settings.anonymous_rate and one.token and at.is_open(one):
        headers = {"Retry-After": _header("Seconds", True, {"type": "integer"}), **_ageing(at)}
        text = {"text/plain": {"schema": {"type": "string"}}}
        found[429] = at.shared(429, {"description": _TOO_MANY, "headers": headers, "content": text})
    for status, problems in _by_status(at, one).items():
        found[status] = at.shared(status, _refused(at, one, status, problems))
    return {str(status): found[status] for status in sorted(found)}


def _success(at: Subject, one: Operation) -> Json:
    changed = "As it is now" if one.method == "PUT" else one.summary
    made: Json = {"description": {201: "Added", 204: "Deleted"}.get(one.status, changed) + "."}
    headers = _ageing(at)
    if one.status == 201:
        headers["Location"] = _header("Where it is", True)
    elif at.is_tagged(one):
        always = one.tagged == "always"
        whose = "Of this answer" if always else "Of an answer without a token"
        headers["ETag"] = _header(f"{whose}: see `If-None-Match`", always)
    if headers:
        made["headers"] = headers
    if content := _content(at, one):
        made["content"] = content
        ns = one.xml if one.gives is None else shape(one.gives).ns
        if ns and any(kind in DOCUMENTS and kind.endswith("xml") for kind in content):
            made["description"] += f" XML is by {at.schema_of_xml(ns)}."
    return made


def _content(at: Subject, one: Operation) -> Json:
    """The forms of what is answered: an entity, or what the operation itself says."""
    content: Json = {}
    if one.status in (201, 204):
        return content
    for kind in (*one.offered, *(() if at.api == "member" else one.offered_publicly)):
        if kind in one.says:
            content[kind] = {"schema": one.says[kind]} if one.says[kind] else {}
        elif one.gives is not None and kind in DOCUMENTS:
            content[kind] = {"schema": _given(at, one, one.gives)} if kind.endswith("json") else {}
        elif not one.says:
            content[kind] = {"schema": {"type": "string"}} if kind.startswith("text/") else {}
    return content


def _given(at: Subject, one: Operation, gives: type[Entity]) -> Json:
    if one.or_gives is None:
        return at.schemas.answered(gives)
    schemas = at.schemas
    return {"anyOf": [schemas.answered(gives), schemas.answered(one.or_gives), schemas.empty(one.or_gives)]}


def _by_status(at: Subject, one: Operation) -> dict[int, list[Problem]]:
    """The problems of an operation in this version and API. A token may be no good everywhere."""
    found: dict[int, list[Problem]] = {401: []}
    ended: tuple[Problem, ...] = (p.RetiredVersion,) if at.life and one.token else ()
    for problem in dict.fromkeys((*refusals.EVERYWHERE, *one.problems, *ended)):
        if _can_happen(at, one, problem):
            found.setdefault(status_of(problem, one.method), []).append(problem)
    return found


def _can_happen(at: Subject, one: Operation, problem: Problem) -> bool:
    never = refusals.UNTIL_2_1 if at.version is V3_0 else refusals.SINCE_3
    other = {"public": refusals.ONLY_MEMBER, "member": refusals.ONLY_PUBLIC}.get(at.api or "", ())
    return problem not in never and problem not in other


def status_of(problem: Problem, method: str) -> int:
    """A record that has moved leads who reads to the other one."""
    return 301 if problem is p.Deprecated and method == "GET" else problem.http


def _refused(at: Subject, one: Operation, status: int, problems: list[Problem]) -> Json:
    lines = list(_told(at, status, problems))
    error = at.schemas.answered(Error)
    content: Json = {kind: {"schema": error} if kind.endswith("json") else {} for kind in DOCUMENTS}
    if status == 401:
        at.schemas.components["OAuthError"] = _OAUTH
        oauth = {"$ref": "#/components/schemas/OAuthError"}
        one_of = {"schema": {"anyOf": [oauth, error]} if problems else oauth}
        content = {**(content if problems else {}), "application/json": one_of}
    if status == 500:
        for kind, schema in one.fails.items():
            content[kind] = {"schema": {"anyOf": [error, schema]}}
    made: Json = {
        "description": lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines),
        "x-error-codes": sorted({problem.code for problem in problems}),
        "content": content,
    }
    if headers := {**dict(_headers(status, problems)), **_ageing(at)}:
        made["headers"] = headers
    return made


def _told(at: Subject, status: int, problems: list[Problem]) -> Iterator[str]:
    if status == 401:
        yield _NO_GOOD
    for problem in sorted(problems, key=lambda one: one.code):
        yield f"[{problem.code}]({at.settings.error_pages}/{problem.code}) {problem.developer}"


def _headers(status: int, problems: list[Problem]) -> Iterator[tuple[str, Json]]:
    if status == 401:
        yield "WWW-Authenticate", _header("Bearer, with the error", True)
    if p.Deprecated in problems:
        yield "Location", _header("The same at the record that is used now (9007)", status == 301)
    if p.RetiredVersion in problems:
        yield "Location", _header("The same in the version that is served instead", True)
    if p.MethodNotAllowed in problems:
        yield "Allow", _header("What may be asked here", True)


def _ageing(at: Subject) -> Json:
    """What every answer of a version that ends bears (RFC 9745, RFC 8594)."""
    if at.life is None:
        return {}
    return {
        "Deprecation": _header("Since when this version is deprecated", True),
        "Sunset": _header("When it ends", True),
    }


def _header(about: str, required: bool, schema: Json | None = None) -> Json:
    return {"description": f"{about}.", "required": required, "schema": schema or {"type": "string"}}
