"""Every entity survives every version and format, both ways (model.md, habits 20)."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codec.strategies import entities_of
from laelia.codec import json, xml, xsd
from laelia.model.language import VERSIONS, Entity, Version, entities
from laelia.model.record import Record
from laelia.model.work import Work

ALL = [pytest.param(cls, v, id=f"{cls.__name__}-{v}") for v in VERSIONS.values() for cls in entities(v)]
QUICK = settings(
    max_examples=1000 if os.environ.get("LAELIA_SOAK") else 30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("cls", "version"), ALL)
@QUICK
@given(data=st.data())
def test_json(cls: type[Entity], version: Version, data: st.DataObject) -> None:
    entity = data.draw(entities_of(cls, version))
    written = json.encode(entity, version)
    assert json.encode(json.decode(cls, written, version, strict=False), version) == written
    if not _holds_bulk(cls):
        assert json.decode(cls, written, version) == entity
    assert json.decode(cls, json.encode(entity, version, pretty=True), version, strict=False) == entity


@pytest.mark.parametrize(("cls", "version"), ALL)
@QUICK
@given(data=st.data())
def test_xml(cls: type[Entity], version: Version, data: st.DataObject) -> None:
    entity = data.draw(entities_of(cls, version))
    written = xml.encode(entity, version)
    assert xml.decode(cls, written, version, strict=_holds_bulk(cls) is False) == entity


@pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
@pytest.mark.parametrize("cls", [Work, Record])
@QUICK
@given(data=st.data())
def test_our_schema_takes_what_we_write(
    cls: type[Entity], version: Version, data: st.DataObject, our_schema: "dict[str, object]"
) -> None:
    entity = data.draw(entities_of(cls, version))
    schema = our_schema[version.name]
    document = xml.parse(xml.encode(entity, version))
    assert schema.validate(document), schema.error_log  # type: ignore[attr-defined]


def _holds_bulk(cls: type[Entity]) -> bool:
    """Strict reading of a bulk takes works only."""
    return cls.__name__ == "WorkBulk"


def test_one_schema_document_per_namespace() -> None:
    assert "work-3.0.xsd" in xsd.schema(VERSIONS["3.0"])
