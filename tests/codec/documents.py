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

OTHER_SECTIONS = (
    "distinctions",
    "educations",
    "employments",
    "fundings",
    "invited-positions",
    "memberships",
    "peer-reviews",
    "qualifications",
    "research-resources",
    "services",
)
"""Sections whose items come with later work: their lists are emptied before a comparison."""

ROOTS: dict[str, type[Entity]] = {
    f"{shape(cls).ns}:{shape(cls).name}": cls for cls in entities() if shape(cls).name not in OTHER_SECTIONS
}
"""Root elements of the documents that are declared as yet."""


def xml_documents(folder: str, wanted: Callable[[Path], bool] = lambda _: True) -> list[object]:
    """(version, path) for every document of an entity that is declared, as parameters of a test."""
    found: list[object] = []
    for version in VERSIONS.values():
        for path in sorted((ORCID / folder / version.name).rglob("*.xml")):
            if local(etree.parse(path).getroot()) in ROOTS and wanted(path):
                found.append(pytest.param(version, path, id=f"{version.name}-{path.parent.name}-{path.name}"))
    return found or [pytest.param(None, None, marks=pytest.mark.skip(reason=f"no samples in {ORCID}"))]


def entity_of(root: etree._Element) -> type[Entity]:
    return ROOTS[local(root)]


def without_other_sections(root: etree._Element) -> etree._Element:
    for section in OTHER_SECTIONS:
        for container in root.iter("{http://www.orcid.org/ns/activities}" + section):
            for child in list(container):
                if not local(child).startswith("common:"):
                    container.remove(child)
    return root


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


def orcid_schema(version: Version, root: etree._Element) -> etree.XMLSchema:
    """ORCID's own schema of the document's namespace."""
    ns = local(root).split(":")[0]
    name = {"external-identifier": "person-external-identifier"}.get(ns, ns)
    return etree.XMLSchema(etree.parse(ORCID / f"xsd/record_{version.name}/{name}-{version.name}.xsd"))


def valid_for_xerces() -> set[str]:
    """Samples the data's README calls valid (its Xerces column), by path below the data folder."""
    rows = (ORCID / "README.md").read_text().splitlines() if HERE else []
    cells = [
        [cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("| samples/")
    ]
    return {row[0] for row in cells if row[5] == "valid"}


def of_works_only(path: Path) -> bool:
    """The document holds no section whose items come with later work."""
    return not any(f"<activities:{section}" in path.read_text() for section in OTHER_SECTIONS)


def is_request(path: Path) -> bool:
    """A document a client might send: strict reading of a bulk takes no errors."""
    return "<error:error" not in path.read_text()
