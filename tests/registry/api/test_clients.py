"""What everybody may know of a client: name and description, in every version and form."""

import itertools
import pathlib

from lxml import etree

from registry.api.people import FORMS, JSON, NOBODY, NS, VERSIONS, XML, Api, told


def test_a_client_is_shown_to_everybody_in_every_version_and_form(
    api: Api, shared_data: pathlib.Path
) -> None:
    client = api.place.member("Bee & Wasp Library", description="Keeps <bees>.")
    for version, form, prefix in itertools.product(VERSIONS, FORMS, ("", "/pub")):
        answer = api.ask("GET", f"{prefix}/v{version}/client/{client.id}", accept=form)
        assert answer.status == 200
        if form == JSON:
            assert list(answer.json().items()) == [
                ("name", "Bee & Wasp Library"),
                ("description", "Keeps <bees>."),
            ]
            continue
        root = etree.fromstring(answer.body)
        assert root.findtext(NS % ("client", "name")) == "Bee & Wasp Library"
        assert root.findtext(NS % ("client", "description")) == "Keeps <bees>."
        folder = shared_data / "orcid" / "xsd" / f"client_{version}"
        schema = etree.XMLSchema(etree.parse(folder / f"client-{version}.xsd"))
        assert schema.validate(root), schema.error_log


def test_a_client_without_description_has_an_empty_one(api: Api) -> None:
    path = f"/v3.0/client/{api.member_client.id}"
    assert api.ask("GET", path).json() == {"name": "Bee Library", "description": ""}
    assert (
        etree.fromstring(api.ask("GET", path, accept=XML).body).find(NS % ("client", "description"))
        is not None
    )


def test_who_may_and_what_is_not_there(api: Api) -> None:
    client = api.member_client.id
    alone = api.token(client, None, "/group-id-record/read")
    table = [
        # who, name of the API, status and code of a client that is there, and of one that is not
        (NOBODY, "", (200, None), (404, 9027)),
        (NOBODY, "/pub", (200, None), (404, 9027)),
        (NOBODY, "/api", (401, None), (401, None)),
        (api.public, "", (200, None), (404, 9027)),
        (api.public, "/api", (401, 9017), (401, 9017)),
        (api.reader, "", (200, None), (404, 9027)),
        (api.member, "/api", (200, None), (404, 9027)),
        (alone, "", (403, 9038), (403, 9038)),
        (alone, "/pub", (200, None), (404, 9027)),
        ("no-such-token", "", (401, None), (401, None)),
    ]
    for version, form, (who, prefix, there, missing) in itertools.product(VERSIONS, FORMS, table):
        for name, expected in ((client, there), ("APP-NOBODY0000000000", missing)):
            answer = api.ask("GET", f"{prefix}/v{version}/client/{name}", who, accept=form)
            assert (answer.status if expected[0] == 200 else told(answer)) == (
                200 if expected[0] == 200 else expected
            ), (version, form, who, prefix, name)
    assert "APP-NOBODY" in api.ask("GET", "/v3.0/client/APP-NOBODY").json()["developer-message"]
    assert api.ask("GET", "/v3.0/client/%00").status == 404


def test_a_client_that_was_deactivated_keeps_its_name(api: Api) -> None:
    api.place.set_client(api.other_client, state="deactivated")
    assert api.ask("GET", f"/v3.0/client/{api.other_client.id}").json()["name"] == "Other Library"


def test_head_preflight_and_rate(api: Api) -> None:
    path = f"/v3.0/client/{api.member_client.id}"
    assert (api.ask("HEAD", path).status, api.ask("HEAD", path).body) == (200, b"")
    assert api.ask("OPTIONS", path).status == 204
    assert api.ask("GET", path).headers["access-control-allow-origin"] == "*"
    api.place.service.limits.rate, api.place.service.limits.burst = 1, 1
    assert [api.ask("GET", path).status for _ in range(4)][-1] == 429
    assert api.ask("GET", path, api.reader).status == 200
