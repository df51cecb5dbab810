"""The description of the API as a document: well-formed, with every status named, and with examples that do
what they show."""

import orjson
import pytest
import schemathesis

from laelia.codec import json, xml
from laelia.codec.openapi import Json
from laelia.model.language import VERSIONS, Entity, Version, shape
from laelia.model.sections import SECTIONS
from laelia.registry.api.description import examples
from laelia.registry.api.description.document import document
from laelia.registry.api.operation import PREFIXES
from laelia.registry.api.operations import OPERATIONS
from laelia.registry.registers import organisations
from laelia.registry.settings import Settings
from registry.api.described import Described
from registry.api.people import JSON, XML, Api

SITE = "https://registry.test"
EACH = pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
OF_EACH_API = pytest.mark.parametrize("api", [api for _, api in PREFIXES])


def made(version: Version, api: str | None = None) -> Json:
    return document(OPERATIONS, version, api, Settings(public_url=SITE))


@EACH
@OF_EACH_API
def test_it_is_openapi_and_names_every_operation(version: Version, api: str | None) -> None:
    loaded = schemathesis.openapi.from_dict(made(version, api))
    found = {(one.ok().method.upper(), one.ok().path) for one in loaded.get_all_operations()}
    assert found == {
        (one.method, one.path)
        for one in OPERATIONS
        if one.lives_in(version) and (api is None or api in one.apis)
    }


@EACH
@OF_EACH_API
def test_every_status_is_named_and_none_stands_for_all(version: Version, api: str | None) -> None:
    described = Described(version, api, public_url=SITE)
    for path, item in described.document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            assert "default" not in operation["responses"], (method, path)
            assert {"400", "401", "406", "413", "421", "500"} <= set(operation["responses"])
            for status in operation["responses"]:
                said = described.response(operation, int(status))
                assert said is not None
                assert said["description"]
                for form in said.get("content", {}).values():
                    assert described.validator(form.get("schema", {}))


@EACH
def test_operations_have_names_of_their_own(version: Version) -> None:
    names = [
        operation["operationId"]
        for item in made(version)["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    assert len(set(names)) == len(names)


@EACH
def test_scopes_and_security_are_told(version: Version) -> None:
    paths = made(version)["paths"]
    post, get = paths["/{orcid}/work"]["post"], paths["/{orcid}/works"]["get"]
    assert post["x-scopes"] == ["/orcid-works/create", "/orcid-works/update"]
    assert (post["security"], get["security"]) == ([{"bearer": []}], [{}, {"bearer": []}])
    at_member = made(version, "member")["paths"]
    assert at_member["/{orcid}/works"]["get"]["security"] == [{"bearer": []}]
    assert at_member["/status"]["get"]["security"] == [{}, {"bearer": []}]


def test_codes_are_those_of_the_version(api: Api) -> None:
    def codes(version: str, path: str, method: str, status: int) -> list[int]:
        described = Described(VERSIONS[version], None, public_url=SITE)
        operation = described.document["paths"][path][method]
        said = described.response(operation, status)
        assert said is not None
        return list(said["x-error-codes"])

    assert codes("2.0", "/{orcid}/works", "get", 403) == [9005, 9052]
    assert codes("3.0", "/{orcid}/works", "get", 403) == [9005]
    assert "403" not in made(VERSIONS["3.0"], "public")["paths"]["/{orcid}/works"]["get"]["responses"]
    assert 9026 in codes("2.1", "/{orcid}/peer-review", "post", 400)
    assert 9026 not in codes("3.0", "/{orcid}/peer-review", "post", 400)
    assert 9054 in codes("3.0", "/{orcid}/funding", "post", 400)


def test_too_many_requests_are_told_where_there_is_a_limit() -> None:
    limited = document(OPERATIONS, VERSIONS["3.0"], None, Settings(public_url=SITE, anonymous_rate=5))
    assert "429" in limited["paths"]["/{orcid}/works"]["get"]["responses"]
    assert "429" not in limited["paths"]["/{orcid}/work"]["post"]["responses"]
    assert "429" not in made(VERSIONS["3.0"])["paths"]["/{orcid}/works"]["get"]["responses"]


@EACH
def test_examples_are_valid_by_the_schemas_they_stand_beside(version: Version) -> None:
    described, seen = Described(version, None, public_url=SITE), 0
    for item in described.document["paths"].values():
        for method, operation in item.items():
            if method != "parameters" and "requestBody" in operation:
                form = operation["requestBody"]["content"][JSON]
                described.validator(form["schema"]).validate(form["example"])
                seen += 1
    assert seen >= 2 * sum(section.lives_in(version) for section in SECTIONS)


@EACH
@pytest.mark.parametrize("cls", examples.EXAMPLES)
def test_examples_can_be_read_in_both_forms(cls: type[Entity], version: Version) -> None:
    if shape(cls).since.order <= version.order:
        shown = examples.of(cls, version)
        assert shown is not None
        of_json = json.decode(cls, orjson.dumps(shown.json), version)
        assert of_json == xml.decode(cls, shown.xml.encode(), version)


@pytest.mark.parametrize("version", VERSIONS)
def test_examples_can_be_sent_in_both_forms(api: Api, version: str) -> None:
    with api.place.service.db.writing() as tx:
        known = ("ROR", "https://ror.org/04ers2y35")
        organisations.put(tx, api.now, organisations.Organisation(name="University of Bremen", ids=(known,)))
    scopes = ("/activities/update", "/person/update")
    both = [api.token(client.id, api.ada, *scopes) for client in (api.member_client, api.other_client)]
    for section in SECTIONS:
        if not section.lives_in(VERSIONS[version]):
            continue
        shown = examples.of(section.entity, VERSIONS[version])
        assert shown is not None, section.name
        path = f"/v{version}/{api.ada}/{section.item_path}"
        for who, body, kind in zip(both, (shown.json, shown.xml.encode()), (JSON, XML), strict=True):
            answer = api.ask("POST", path, who, body=body, kind=kind)
            assert answer.status == 201, (section.name, kind, answer.text)
