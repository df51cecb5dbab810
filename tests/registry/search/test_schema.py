"""What is found, as XML: by our schema as it is published, and by ORCID's own."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from lxml import etree

from registry.api.described import xml_schema
from registry.place import Place
from registry.search.asking import get

ANSWERS = (("2.0", "search"), ("2.1", "search"), ("3.0", "search"), ("3.0", "expanded-search"))


@pytest.fixture(scope="module")
def orcid(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A registry whose iDs begin as ORCID's do: its schemas demand that."""
    url = module_database("laelia.registry.migrations")
    place = Place(url, tmp_path_factory.mktemp("var"), id_base="https://orcid.org")
    place.person("Mary", "Anning", "mary@example.org")
    place.person("Joseph", "Anning", "joseph@example.org")
    place.service.search.work()
    yield place
    place.close()


@pytest.mark.parametrize(("version", "name"), ANSWERS)
@pytest.mark.parametrize("found", [2, 1, 0])
def test_an_answer_is_by_both_schemas(
    orcid: Place, shared_data: pathlib.Path, version: str, name: str, found: int
) -> None:
    query = {2: "family-name:anning", 1: "given-names:mary", 0: "family-name:nobody"}[found]
    answer = etree.fromstring(get(orcid, f"/v{version}/{name}", "application/xml", q=query).body)
    theirs = shared_data / "orcid" / "xsd" / f"record_{version}" / f"{name}-{version}.xsd"
    for schema in (xml_schema(version, "https://orcid.org", name), etree.XMLSchema(etree.parse(theirs))):
        schema.assertValid(answer)
    assert (answer.get("num-found"), len(answer)) == (str(found), found)


def test_more_than_the_schema_names_is_no_answer(orcid: Place) -> None:
    answer = etree.fromstring(get(orcid, "/v3.0/expanded-search", "application/xml", q="anning").body)
    etree.SubElement(answer[0], f"{{{etree.QName(answer).namespace}}}secret").text = "x"
    assert not xml_schema("3.0", "https://orcid.org", "expanded-search").validate(answer)
