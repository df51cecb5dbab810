"""ORCID's samples and what ORCID's own classes made of them, read where they lie."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from laelia.codec.xml_reader import local
from laelia.model.language import VERSIONS, Entity, Version, entities, shape

DATA = Path(os.environ.get("LAELIA_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
ORCID = DATA / "orcid"
HERE = ORCID.is_dir()

ROOTS: dict[str, type[Entity]] = {f"{shape(cls).ns}:{shape(cls).name}": cls for cls in entities()}
"""Root elements of documents."""

FOREIGN = ("notification-custom", "search-", "common-", "credit-name", "test-credit-name")
"""Documents that no API reads or writes as such: notices of the registry itself, results of a search, and
parts of documents."""


def xml_documents(folder: str, wanted: Callable[[Path], bool] = lambda _: True) -> list[object]:
    """(version, path) for every document of an entity that is declared, as parameters of a test."""
    found: list[object] = []
    for version in VERSIONS.values():
        for path in sorted((ORCID / folder / version.name).rglob("*.xml")):
            if not path.name.startswith(FOREIGN) and wanted(path):
                found.append(pytest.param(version, path, id=f"{version.name}-{path.parent.name}-{path.name}"))
    return found or [pytest.param(None, None, marks=pytest.mark.skip(reason=f"no samples in {ORCID}"))]


def entity_of(root: etree._Element) -> type[Entity]:
    name = local(root)
    return ROOTS["group-id:group-id-records" if name == "group-id:group-id" else name]  # its name in a draft


def without_tolerated(root: etree._Element) -> etree._Element:
    """The document without what schemas let stand in external ids, countries, history, and nobody keeps."""
    common = "{http://www.orcid.org/ns/common}"
    for country in root.iter(f"{common}country"):
        country.attrib.pop("visibility", None)
    for history in root.iter("{http://www.orcid.org/ns/history}history"):
        history.attrib.pop("visibility", None)
    for x in root.iter(f"{common}external-id"):
        x.attrib.clear()
        for child in list(x):
            if child.tag in {f"{common}{name}" for name in ("created-date", "last-modified-date", "source")}:
                x.remove(child)
    return root


_ELSEWHERE = {
    "client": "client_{v}/client-{v}.xsd",
    "group-id": "group-id-{v}/group-id-{v}.xsd",
    "notification": "notification_{v}/notification-permission-{v}.xsd",
    "summary": "summary_{v}/summary-{v}.xsd",
    "external-identifier": "record_{v}/person-external-identifier-{v}.xsd",
}


def orcid_schema(version: Version, root: etree._Element) -> etree.XMLSchema:
    """ORCID's own schema of the document's namespace."""
    ns = local(root).split(":")[0]
    path = _ELSEWHERE.get(ns, f"record_{{v}}/{ns}-{{v}}.xsd").format(v=version.name)
    return etree.XMLSchema(etree.parse(ORCID / "xsd" / path))


def valid_for_xerces() -> set[str]:
    """Samples the data's README calls valid (its Xerces column), by path below the data folder."""
    rows = (ORCID / "README.md").read_text().splitlines() if HERE else []
    cells = [
        [cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("| samples/")
    ]
    return {row[0] for row in cells if row[5] == "valid"}


def is_request(path: Path) -> bool:
    """A document a client might send: strict reading of a bulk takes no errors."""
    return "<error:error" not in path.read_text()
