"""What integrators build against is served, whole, and says what is enforced."""

import pytest
from lxml import etree

from laelia.model.language import VERSIONS
from registry.api.people import Api


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("prefix", "server", "writes"), [("", "", True), ("/pub", "/pub", False), ("/api", "/api", True)]
)
def test_openapi_is_served_for_each_version_and_api(
    api: Api, version: str, prefix: str, server: str, writes: bool
) -> None:
    answer = api.ask("GET", f"{prefix}/v{version}/openapi.json")
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    made = answer.json()
    assert [one["url"] for one in made["servers"]] == [f"https://registry.test{server}/v{version}"]
    paths = made["paths"]
    assert {"/{orcid}/record", "/{orcid}/works", "/{orcid}/work/{put_code}"} <= set(paths)
    assert ("/{orcid}/work" in paths) is writes


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("prefix", ["", "/pub", "/api"])
def test_who_comes_with_a_browser_gets_a_page(api: Api, version: str, prefix: str) -> None:
    at = f"{prefix}/v{version}"
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", None):
        answer = api.ask("GET", f"{at}/", accept=accept)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert ("Add a work" in answer.text) is (prefix != "/pub")
        assert f'href="{at}/openapi.json"' in answer.text
        assert api.ask("GET", "/errors/9016", accept="text/html").status == 200
        assert "/errors/9016" in answer.text
    answer = api.ask("GET", at)
    assert (answer.status, answer.headers["location"]) == (302, f"{at}/openapi.json")


@pytest.mark.parametrize("version", VERSIONS)
def test_where_the_description_was_leads_to_where_it_is(api: Api, version: str) -> None:
    answer = api.ask("GET", f"/resources/{version}/openapi.json")
    assert (answer.status, answer.headers["location"]) == (301, f"/v{version}/openapi.json")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schemas_are_listed_and_compile_from_what_is_served(api: Api, version: str) -> None:
    class Served(etree.Resolver):
        def resolve(self, url: str, _id: str, context: object) -> object:
            answer = api.ask("GET", f"/resources/{version}/xsd/{url.rsplit('/', 1)[-1]}")
            assert answer.status == 200, url
            return self.resolve_string(answer.text, context, base_url=url)

    listed = api.ask("GET", f"/resources/{version}/xsd").json()["xsd"]
    assert f"/resources/{version}/xsd/work-{version}.xsd" in listed
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Served())
    for path in listed:
        etree.XMLSchema(etree.parse(path.rpartition("/")[2], parser))
    link = api.ask("GET", f"/v{version}/openapi.json").json()["externalDocs"]["url"]
    assert link == f"https://registry.test/resources/{version}/xsd"


def test_an_unknown_version_says_which_there_are(api: Api) -> None:
    answer = api.ask("GET", "/resources/9.9/openapi.json")
    assert answer.status == 404
    assert "3.0" in answer.text
