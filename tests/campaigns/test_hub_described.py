"""schemathesis asks the hub's API whatever its description allows, and what it does not: nothing may be
answered that the description does not name, and nothing may fail."""

import pathlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
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
from conftest import NewDatabase, size
from hub.api.desk import BACK, HR, Desk, HrSite
from hub.staff.desk import BY
from hub.web.town import Town
from laelia.hub import tables
from laelia.hub.api import Limits
from laelia.hub.organisations import programs
from laelia.lib.http import Headers, Response
from laelia.model.sections import SECTIONS

pytestmark = pytest.mark.soak

SITE = "http://localhost"
LONG = 86_400
WHO = ("both",) * 6 + ("reader", "writer", "old", "other", "bad", "nobody")
"""Whose token goes along; `other` is another organisation's program."""


@dataclass(frozen=True)
class Turn:
    """What is decided beside a generated request: who asks, and of whom."""

    who: str
    local_id: str
    place: int
    same: bool
    tag: str | None

    def headers(self) -> dict[str, str]:
        return {} if self.tag is None else {"If-None-Match": self.tag, "If-Match": self.tag}


turns = st.builds(
    Turn, who=st.sampled_from(WHO), local_id=st.sampled_from(["HR-7", "HR-7", " HR-8", "HR-9", "new"]),
    place=st.integers(0, 7), same=st.sampled_from([True, True, True, False]),
    tag=st.sampled_from([None] * 4 + ["*", '"known"']),
)  # fmt: skip


class Ground:
    """A desk where something is there of everything: people in several states, assertions and sessions."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.town.hub.limits = Limits(0, desk.town.clock)  # the clock stands still, and so would all calls
        desk.connected()
        for local_id in ("HR-8", "HR-9"):
            desk.hub.put_person(local_id, email=f"{local_id}@library.example")
            desk.hub.put(local_id, "keywords", "k0", {"content": "engines"})
        desk.hub.put("HR-7", "keywords", "k0", {"content": "looms"})
        self.sessions = [desk.hub.connect("HR-8", BACK).id for _ in range(3)]
        now, closed = desk.town.clock.now(), tables.person.c.local_id == "HR-9"
        with desk.town.hub.db.writing() as tx:
            tx.execute(tables.person.update().where(closed).values(state="closed"))
            other, _secret = programs.add(tx, now, BY, desk.town.datacite, name="Other")
            self.tokens = {
                "both": programs.issue(tx, now, desk.program, ["read", "write"], LONG),
                "reader": programs.issue(tx, now, desk.program, ["read"], LONG),
                "writer": programs.issue(tx, now, desk.program, ["write"], LONG),
                "old": programs.issue(tx, now, desk.program, ["read", "write"], -1),
                "other": programs.issue(tx, now, other, ["read", "write"], LONG),
                "bad": "no-such-token",
                "nobody": "",
            }

    def settle(self, parameters: dict[str, Any], turn: Turn) -> dict[str, Any]:
        """Parameters of a path, mostly made those of something that is there."""
        there = {
            "local_id": turn.local_id,
            "section": "keywords" if turn.place < 4 else SECTIONS[turn.place].name,
            "key": f"k{turn.place % 2}",
            "session": self.sessions[turn.place % 3],
        }
        return {name: there[name] if turn.same else value for name, value in parameters.items()}


@pytest.fixture
def ground(new_database: NewDatabase, tmp_path: pathlib.Path) -> Iterator[Ground]:
    town = Town(new_database, tmp_path, apps={HR: HrSite()}, site=SITE)
    yield Ground(Desk(town, HrSite()))
    town.close()


class Findings(Tally):
    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground

    def take(self, label: str, method: str, url: str, answer: Response, request: str) -> None:
        """Hold an answer to our own reading of the description."""
        self.statuses[answer.status] += 1
        try:
            self.ground.desk.described.hold(method, url, answer)
        except AssertionError as failed:
            self.note(label, str(failed), request)


def test_nothing_is_answered_that_is_not_described(ground: Ground) -> None:
    begun, findings = time.monotonic(), Findings(ground)
    schema = schemathesis.openapi.from_dict(ground.desk.described.document)
    schema.app = ground.desk.town.hub.wsgi
    for found in schema.get_all_operations():
        for mode in GenerationMode:
            _try(findings, found.ok(), mode, size(2, 200))
    assert not findings.wrong, "\n\n".join(f"{what}\n{how}" for what, how in findings.wrong.items())
    asked, kinds = sum(findings.statuses.values()), ", ".join(map(str, sorted(findings.statuses)))
    lines = [
        f"the hub's: {asked} requests in {time.monotonic() - begun:.0f} seconds (seed {SEED}), answered with "
        f"{kinds}; 0 answers that are not described, 0 of them 5xx."
    ]
    proof.tell("described-hub", lines)


def _try(findings: Findings, operation: Any, mode: GenerationMode, examples: int) -> None:
    ground = findings.ground

    @fixed(f"{operation.label} {mode}", examples)
    @given(case=operation.as_strategy(generation_mode=mode), turn=turns)
    def ask(case: Any, turn: Turn) -> None:
        case.path_parameters = ground.settle(case.path_parameters or {}, turn)
        if isinstance(case.body, dict) and turn.same and mode is GenerationMode.POSITIVE:
            there: dict[str, str | None] = {"local_id": turn.local_id, "return_url": BACK, "unit": None}
            there |= {"hint": None, "email": f"{turn.place}@library.example"}
            case.body |= {name: value for name, value in there.items() if name in case.body}
        headers = turn.headers()
        if token := ground.tokens[turn.who]:
            headers["Authorization"] = f"Bearer {token}"
        raw = case.call(headers=headers)
        answer = Response(raw.status_code, Headers(pairs(raw.headers)), raw.content)
        request = case.as_curl_command(headers=headers)
        findings.take(operation.label, operation.method.upper(), raw.request.url, answer, request)
        try:
            case.validate_response(raw, checks=list(CHECKS))
        except FailureGroup as failed:
            findings.note(operation.label, "; ".join(str(one) for one in failed.exceptions), request)
        if mode is GenerationMode.POSITIVE and b"#not-json" in answer.body:
            findings.note(operation.label, f"what fits is refused: {answer.text}", request)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.label  # where anything may be sent
