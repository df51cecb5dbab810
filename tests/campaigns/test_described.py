"""schemathesis asks the API whatever its description allows, and what it does not: nothing may be answered
that the description does not name, and nothing may fail."""

import copy
import pathlib
import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from campaigns import proof
from campaigns.asking import CHECKS, SEED, Tally, fixed, pairs
from campaigns.bodies import documents
from campaigns.ground import Ground, Turn, fitting, turns
from conftest import size
from laelia.codec.media import DOCUMENTS
from laelia.codec.openapi import Json
from laelia.lib.http import Headers, Response
from laelia.model.language import V3_0, VERSIONS, Version
from laelia.model.sections import SECTIONS, Section
from registry.api import described
from registry.api.people import JSON, XML

pytestmark = pytest.mark.soak

WHO = (
    "member",
    "member",
    "member",
    "member",
    "nobody",
    "nobody",
    "writer",
    "other",
    "client",
    "public",
    "bad",
)


@pytest.fixture
def ground(tmp_path: pathlib.Path) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


class Findings(Tally):
    def __init__(self, ground: Ground, version: Version) -> None:
        super().__init__()
        self.ground, self.version = ground, version

    def take(self, label: str, method: str, path: str, answer: Response, request: str) -> None:
        """Hold an answer to our own reading of the description."""
        self.statuses[answer.status] += 1
        found = described.of(self.ground.place.service, path)
        assert found is not None
        operation = found[0].operation(method, found[1])
        if operation is not None and (said := found[0].wrong(operation, answer)):
            self.note(label, said, request)
        if answer.status >= 500:
            self.note(label, f"fails: {answer.text}", request)


# One API alone says what both say together but for a few statuses: it is asked less.
EACH = [(version, "") for version in VERSIONS.values()]
ONE_ALONE = [(V3_0, "/pub"), (V3_0, "/api")]


@pytest.mark.parametrize(("version", "prefix"), [*EACH, *ONE_ALONE], ids=str)
def test_nothing_is_answered_that_is_not_described(ground: Ground, version: Version, prefix: str) -> None:
    begun, findings = time.monotonic(), Findings(ground, version)
    examples, base = size(1, 20) if prefix else size(3, 200), f"{prefix}/v{version}"
    schema = schemathesis.openapi.from_dict(
        _in_one_form(ground.api.ask("GET", f"{base}/openapi.json").json())
    )
    schema.app = ground.place.service.wsgi
    for found in schema.get_all_operations():
        for mode in GenerationMode:
            _try(findings, found.ok(), mode, examples)
    for section in SECTIONS:
        if section.lives_in(version) and not prefix:
            _try_xml(findings, section, examples)
    assert not findings.wrong, "\n\n".join(f"{what}\n{how}" for what, how in findings.wrong.items())
    asked, kinds = sum(findings.statuses.values()), ", ".join(map(str, sorted(findings.statuses)))
    lines = [
        f"{base}: {asked} requests in {time.monotonic() - begun:.0f} seconds (seed {SEED}), answered with "
        f"{kinds}; 0 answers that are not described, 0 of them 5xx."
    ]
    proof.tell(f"described-{base.strip('/').replace('/', '-')}", lines)


def _in_one_form(document: Json) -> Json:
    """What is sent in one media type: the others are the same bytes under another name."""
    made = copy.deepcopy(document)
    for item in made["paths"].values():
        for method, operation in item.items():
            if method != "parameters" and "requestBody" in operation:
                content = operation["requestBody"]["content"]
                operation["requestBody"]["content"] = {JSON: {"schema": content[JSON]["schema"]}}
    return made


def _try(findings: Findings, operation: Any, mode: GenerationMode, examples: int) -> None:
    ground = findings.ground
    offered = list(operation.definition.raw["responses"].get("200", {}).get("content", {}))

    @fixed(f"{operation.label} {mode}", examples)
    @given(case=operation.as_strategy(generation_mode=mode), turn=turns(*WHO))
    def ask(case: Any, turn: Turn) -> None:
        case.path_parameters = ground.settle(operation.path, case.path_parameters or {}, turn)
        if turn.fit:
            case.body = fitting(case.body, case.path_parameters.get("put_code"))
        headers = turn.headers(offered)
        if token := ground.token(operation.path, turn):
            headers["Authorization"] = f"Bearer {token}"
        raw = case.call(headers=headers)
        answer = Response(raw.status_code, Headers(pairs(raw.headers)), raw.content)
        request = case.as_curl_command(headers=headers)
        findings.take(operation.label, operation.method.upper(), raw.request.path_url, answer, request)
        try:
            case.validate_response(raw, checks=CHECKS)
        except FailureGroup as failed:
            findings.note(operation.label, "; ".join(str(one) for one in failed.exceptions), request)
        refused = (
            b'"error-code":9047' in answer.body and b"U+" not in answer.body
        )  # no schema names the characters
        if mode is GenerationMode.POSITIVE and refused:
            findings.note(operation.label, f"what fits is refused: {answer.text}", request)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, (
            operation.label
        )  # where anything may be sent, nothing is wrong


def _try_xml(findings: Findings, section: Section, examples: int) -> None:
    """XML has no schema in OpenAPI: documents are made from the declarations."""
    ground, version = findings.ground, findings.version
    place, one = ground.place, f"/{{orcid}}/{section.item_path}"

    @fixed(section.name, examples)
    @given(data=documents(section.entity, version), turn=turns("member"), change=st.booleans())
    def ask(data: bytes, turn: Turn, change: bool) -> None:
        method, path = ("PUT", one + "/{put_code}") if change else ("POST", one)
        given = ground.settle(path, {"orcid": ground.api.ada, "put_code": 1}, turn)
        url = f"/v{version}" + path.format(**given)
        body = data.replace(b'put-code="1"', f'put-code="{given["put_code"]}"'.encode())
        token = ground.tokens[turn.who]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": XML, **turn.headers(DOCUMENTS)}
        answer = place.http.request(method, place.at(url), headers=headers, content=body)
        findings.take(f"{method} {path}, XML", method, url, answer, repr(body))

    ask()
