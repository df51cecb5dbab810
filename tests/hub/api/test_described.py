"""The description is made of the table, and says all of it."""

import re
from typing import Any

import jsonschema_rs
import orjson

from hub.api.desk import BACK, BASE, Desk, refused
from laelia.client.hub import gone
from laelia.hub.api import OPERATIONS, problems
from laelia.hub.api.operation import BASE as ROOT
from laelia.hub.app import ROUTES
from laelia.hub.callbacks import EVENTS
from laelia.lib.web.core import OPEN


def test_every_route_is_in_it_and_every_reference_leads_somewhere(desk: Desk) -> None:
    document = desk.described.document
    assert document["openapi"] == "3.1.0"
    routed = {
        (route.method, re.sub(r"{(\w+):\w+}", r"{\1}", route.path.removeprefix(ROOT)))
        for route in ROUTES
        if route.path.startswith(f"{ROOT}/") and route.access != OPEN
    }
    described = {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert routed == described
    assert len(described) == len(OPERATIONS) > 13
    schemas = document["components"]["schemas"]
    wanted = set(re.findall(r'"#/components/schemas/(\w+)"', orjson.dumps(document).decode()))
    assert wanted <= set(schemas)
    for schema in schemas.values():
        jsonschema_rs.meta.validate(schema)
    names = [operation["operationId"] for operation in _operations(document)]
    assert len(set(names)) == len(names)
    for operation in _operations(document):
        [scope] = operation["security"][0]["program"]
        assert scope in ("read", "write")
        assert {"401", "403", "429"} <= set(operation["responses"])
    assert document["servers"] == [{"url": desk.town.at(BASE)}]


def test_it_is_open_and_known_by_its_tag(desk: Desk) -> None:
    answer = desk.town.everyone.get(desk.town.at(f"{BASE}/openapi.json"))
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == desk.described.document
    assert desk.town.everyone.get(desk.town.at("/nobody/api/v1/openapi.json")).status == 404


def test_the_page_shows_calls_refusals_and_events(desk: Desk) -> None:
    answer = desk.town.everyone.get(desk.town.at("/library/api"))
    assert answer.status == 200
    for one in OPERATIONS:
        assert one.shown in answer.text
    for kind in problems.KINDS:
        assert f'id="{kind}"' in answer.text
    for event in EVENTS:
        assert event in answer.text


def test_every_refusal_is_explained() -> None:
    for one in OPERATIONS:
        assert set(one.kinds) <= set(problems.KINDS), one.name


def test_the_client_has_a_method_for_every_call(desk: Desk) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    desk.hub.invite("HR-7")
    session = desk.hub.connect("HR-7", BACK)
    desk.hub.session(session.id)
    desk.hub.cancel(session.id)
    desk.hub.put("HR-7", "keywords", "k", {"content": "engines"})
    desk.hub.assertion("HR-7", "keywords", "k")
    lists = [desk.hub.people(), desk.hub.assertions(), desk.hub.assertions("HR-7"), desk.hub.records()]
    assert [len(list(each)) for each in lists] == [1, 1, 1, 1]
    desk.hub.withdraw("HR-7", "keywords", "k")
    assert [one.verdict for one in desk.hub.put_all([gone("HR-7", "keywords", "k")])] == ["wrong"]
    desk.hub.person("HR-7")
    desk.hub.record("HR-7")
    desk.hub.status()
    called = {name for name, status in desk.described.seen if status < "300"}
    assert called == {operation["operationId"] for operation in _operations(desk.described.document)}


def test_what_may_go_wrong_anywhere_is_named_everywhere(desk: Desk) -> None:
    huge = b"x" * (11 << 20)
    for method, path in (("GET", "/people"), ("GET", "/people/HR-7"), ("POST", "/people/HR-7/invite"),
                         ("DELETE", "/connect-sessions/s"), ("GET", "/status")):  # fmt: skip
        assert refused(desk.raw(method, path, huge), "too-large")["status"] == 413


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for item in document["paths"].values() for key, one in item.items() if key != "parameters"]
