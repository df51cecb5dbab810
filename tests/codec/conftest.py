"""What the tests of the codecs share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from codec.documents import HERE, ORCID
from laelia.codec import xsd
from laelia.model.language import NAMESPACE, VERSIONS, Version


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of ORCID's schemas and samples; tests that need it are skipped where it is absent."""
    if not HERE:
        pytest.skip(f"no samples in {ORCID}")
    return ORCID


SchemaOf = Callable[[Version, str], etree.XMLSchema]


@pytest.fixture(scope="session")
def schema_of(tmp_path_factory: pytest.TempPathFactory) -> SchemaOf:
    """Our published schema for a version and an id_base, compiled once."""
    made: dict[tuple[str, str], etree.XMLSchema] = {}

    def get(version: Version, id_base: str) -> etree.XMLSchema:
        key = (version.name, id_base)
        if key not in made:
            made[key] = _compiled(tmp_path_factory.mktemp("xsd"), version, id_base)
        return made[key]

    return get


@pytest.fixture(scope="session")
def our_schema(schema_of: SchemaOf) -> dict[str, etree.XMLSchema]:
    return {v.name: schema_of(v, "https://orcid.org") for v in VERSIONS.values()}


def _compiled(folder: Path, version: Version, id_base: str) -> etree.XMLSchema:
    documents = xsd.schema(version, id_base)
    imports = ""
    for name, text in documents.items():
        (folder / name).write_text(text)
        namespace = NAMESPACE + name.removesuffix(f"-{version.name}.xsd")
        imports += f'<xs:import namespace="{namespace}" schemaLocation="{name}"/>'
    driver = folder / "all.xsd"
    driver.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>')
    return etree.XMLSchema(etree.parse(driver))
