"""What integrators build against is served, whole, and says what is enforced."""

import pytest
from lxml import etree

from laelia.model.language import VERSIONS
from registry.api.people import Api


@pytest.mark.parametrize("version", VERSIONS)
def test_openapi_names_every_path_of_works(api: Api, version: str) -> None:
    answer = api.place.http.get(api.place.at(f"/resources/{version}/openapi.json"))
    assert answer.status == 200
    paths = answer.json()["paths"]
    assert {"/{orcid}/record", "/{orcid}/works", "/{orcid}/work", "/{orcid}/work/{put_code}"} <= set(paths)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_compiles_from_what_is_served(api: Api, version: str) -> None:
    class Served(etree.Resolver):
        def resolve(self, url: str, _id: str, context: object) -> object:
            answer = api.place.http.get(api.place.at(f"/resources/{version}/xsd/{url.rsplit('/', 1)[-1]}"))
            assert answer.status == 200, url
            return self.resolve_string(answer.text, context, base_url=url)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Served())
    etree.XMLSchema(etree.parse(f"xsd/work-{version}.xsd", parser))


def test_an_unknown_version_says_which_there_are(api: Api) -> None:
    answer = api.place.http.get(api.place.at("/resources/9.9/openapi.json"))
    assert answer.status == 404
    assert "3.0" in answer.text
