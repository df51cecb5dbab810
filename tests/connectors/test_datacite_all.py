"""Every DataCite document at hand, JSON and XML of all kernels, becomes a work that ORCID's own schema takes,
and no term of the lists is left without a decision."""

import pathlib
from typing import Any

import pytest
from lxml import etree

from codec.documents import DATA, orcid_schema
from connectors.test_datacite import assert_sendable, attributes_of, made, written
from laelia.codec import xml
from laelia.connectors import datacite
from laelia.connectors.datacite_terms import ADDRESSES, DESCRIPTIONS, ID_TYPES, NEXT_DATES, RELATIONS, ROLES
from laelia.connectors.datacite_types import GENERAL
from laelia.connectors.item import Setting
from laelia.model.identifiers import IDENTIFIER_TYPES
from laelia.model.language import V3_0
from laelia.model.vocabularies import WORK_ROLE, WORK_TYPE
from laelia.model.work import Work
from laelia.sandbox.doi_registry.foreign import read_xml
from laelia.sandbox.doi_registry.metadata import vocabularies

FILES = sorted((DATA / "datacite").glob("*/*.*ml")) + sorted((DATA / "datacite").glob("json/*.json"))


def read(path: pathlib.Path) -> dict[str, Any]:
    if path.suffix == ".json":
        return attributes_of(path)
    document = read_xml(path.read_bytes(), path.name)
    return {**document.attributes, "doi": document.doi, "state": document.state}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_document_is_a_work_of_orcid(path: pathlib.Path, shared_data: pathlib.Path) -> None:
    work = datacite.work(read(path), Setting())
    assert isinstance(work, Work), work
    assert_sendable(work)
    document = etree.fromstring(xml.encode(work, V3_0))
    orcid_schema(V3_0, document).assertValid(document)
    assert work.title is not None
    assert work.title.title
    assert (work.external_ids[0].type, work.external_ids[0].relationship) == ("doi", "self")
    assert work.journal_title not in {work.title.title, publisher_of(read(path))}


def publisher_of(attributes: dict[str, Any]) -> object:
    said = attributes.get("publisher")
    return (said.get("name") if isinstance(said, dict) else said) or "-"


@pytest.mark.parametrize(
    "path", sorted((DATA / "datacite" / "xml").glob("10.*.xml")), ids=lambda path: path.name
)
def test_what_the_xml_says_by_itself(path: pathlib.Path, shared_data: pathlib.Path) -> None:
    """An expectation made without the connector: read off the XML element by element."""
    root = etree.fromstring(path.read_bytes())
    ns = {"d": etree.QName(root).namespace}

    def texts(query: str) -> list[str]:
        return [" ".join((one.text or "").split()) for one in root.iterfind(query, ns)]

    work = datacite.work(read(path), Setting())
    assert isinstance(work, Work)
    assert work.external_ids[0].value == texts("d:identifier")[0].lower()
    untyped = [one for one in root.iterfind("d:titles/d:title", ns) if not one.get("titleType")]
    if untyped and "<" not in (untyped[0].text or ""):
        assert work.title is not None
        assert (work.title.title or "").split() == (untyped[0].text or "").replace("&amp;", "&").split()
    issued = [one.text for one in root.iterfind("d:dates/d:date", ns) if one.get("dateType") == "Issued"]
    expected = (issued or texts("d:publicationYear"))[0] or ""
    if expected[:4].isdigit() and 1900 <= int(expected[:4]) <= 2100:
        assert (written(work) or "")[:4] == expected[:4]
    general = root.find("d:resourceType", ns)
    if general is not None and general.get("resourceTypeGeneral") == "Dataset":
        assert work.type == "data-set"
    # One record writes a list of people into one creator.
    creators = [name for one in texts("d:creators/d:creator/d:creatorName") for name in one.split(";")]
    assert len([one for one in work.contributors if role_of(one) == "author"]) == len(creators)


def role_of(one: Any) -> str | None:
    return one.attributes.role if one.attributes else None


def test_every_term_of_the_lists_is_decided() -> None:
    assert set(GENERAL) >= vocabularies.RESOURCE_TYPES
    assert set(GENERAL.values()) <= set(WORK_TYPE.terms)
    assert set(RELATIONS) <= vocabularies.RELATION_TYPES
    assert {*ID_TYPES, *ADDRESSES} == vocabularies.RELATED_ID_TYPES
    assert set(ID_TYPES.values()) <= set(IDENTIFIER_TYPES)
    assert set(ROLES) <= vocabularies.CONTRIBUTOR_TYPES
    assert set(ROLES.values()) <= set(WORK_ROLE.terms)
    assert set(NEXT_DATES) <= vocabularies.DATE_TYPES
    assert set(DESCRIPTIONS) <= vocabularies.DESCRIPTION_TYPES


@pytest.mark.parametrize("kind", sorted(vocabularies.RELATED_ID_TYPES))
def test_versions_and_hosts_of_every_type_of_identifier(kind: str) -> None:
    values = {
        "DOI": "10.5072/other", "ISSN": "2366-5017", "EISSN": "2366-5017", "LISSN": "2366-5017",
        "ISBN": "978-3-16-148410-0", "PMID": "123456", "arXiv": "2101.00001",
        "bibcode": "2020ApJ...900..100A", "RRID": "RRID:AB_123456", "Handle": "20.500.1/x",
    }  # fmt: skip
    one = {"relatedIdentifierType": kind, "relatedIdentifier": values.get(kind, "https://example.org/x-1")}
    for relation, relationship in (("IsVersionOf", "version-of"), ("IsPartOf", "part-of")):
        work = made(relatedIdentifiers=[one | {"relationType": relation}])
        others = [(each.type, each.relationship) for each in work.external_ids[1:]]
        assert others == ([] if kind in ADDRESSES else [(ID_TYPES[kind], relationship)])
        assert_sendable(work)
    assert len(made(relatedIdentifiers=[one | {"relationType": "Cites"}]).external_ids) == 1


def test_contributors_have_their_roles_and_stand_once() -> None:
    def person(name: str, kind: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "contributorType": kind, "nameType": "Personal", **more}

    work = made(
        creators=[{"name": "Lovelace, Ada"}],
        contributors=[
            person("Lovelace, Ada", "ProjectLeader"),
            person("Hopper, Grace", "Editor"),
            person("Hopper, Grace", "Supervisor"),
            person("Hamilton, Margaret", "HostingInstitution"),
            person("A House", "Editor", nameType="Organizational"),
            person("Johnson, Katherine", "DataCurator"),
        ],
    )
    assert [(one.credit_name, role_of(one)) for one in work.contributors] == [
        ("Ada Lovelace", "author"),
        ("Grace Hopper", "editor"),
        ("Katherine Johnson", "http://credit.niso.org/contributor-roles/data-curation/"),
    ]
    assert_sendable(work)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en", "en"),
        ("eng", "en"),
        ("de-AT", "de"),
        ("ger", "de"),
        ("zh-Hant", "zh_TW"),
        ("he", "iw"),
        ("xx", None),
    ],
)
def test_languages(said: str, code: str | None) -> None:
    assert made(language=said).language_code == code
