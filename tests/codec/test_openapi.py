"""The schemas of entities: closed, whole, and true of what we write and of what we read."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codec.strategies import entities_of
from laelia.codec import json
from laelia.codec.openapi import WHERE, Json, Schemas
from laelia.model.activities import Works
from laelia.model.language import VERSIONS, Entity, Version, entities
from laelia.model.record import Record
from laelia.model.sections import BY_NAME, SECTIONS
from laelia.model.work import Work, WorkBulk

EACH = pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
SENT = [BY_NAME[name].entity for name in ("works", "fundings", "employments", "peer-reviews", "keywords")]


def validator(schemas: Schemas, reference: Json) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({**reference, "components": {"schemas": schemas.components}})


def parts(schema: Any) -> Iterator[Json]:
    """Every object within a schema."""
    if isinstance(schema, dict):
        yield schema
        for inner in schema.values():
            yield from parts(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from parts(inner)


@EACH
def test_every_object_is_closed_and_every_reference_leads_somewhere(version: Version) -> None:
    schemas = Schemas(version)
    for cls in entities(version):
        assert validator(schemas, schemas.answered(cls))
    for section in SECTIONS:
        if section.lives_in(version):
            assert validator(schemas, schemas.sent(section.entity))
    for part in parts(schemas.components):
        if part.get("type") == "object" and "properties" in part:
            assert part["additionalProperties"] is False, part
        if "$ref" in part:
            assert part["$ref"].removeprefix(WHERE) in schemas.components


@EACH
@pytest.mark.parametrize("cls", [Work, Works, Record, WorkBulk])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_is_written_is_as_described(cls: type[Entity], version: Version, data: st.DataObject) -> None:
    schemas = Schemas(version)
    entity = data.draw(entities_of(cls, version))
    validator(schemas, schemas.answered(cls)).validate(orjson.loads(json.encode(entity, version)))


@EACH
@pytest.mark.parametrize("cls", SENT)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_was_read_may_be_sent_back_whole_or_without_what_says_nothing(
    cls: type[Entity], version: Version, data: st.DataObject
) -> None:
    schemas = Schemas(version)
    sent = validator(schemas, schemas.sent(cls))
    document = orjson.loads(json.encode(data.draw(entities_of(cls, version)), version))
    for each in (document, {key: value for key, value in document.items() if value is not None}):
        assert json.decode(cls, orjson.dumps(each), version)
        sent.validate(each)


@EACH
@pytest.mark.parametrize(
    "changed",
    [
        {"colour": "red"},
        {"title": None},
        {"type": "poem"},
        {"title": {"title": {"value": " "}}},
        {"short-description": "x" * 5001},
        {"publication-date": {"year": {"value": "1899"}}},
        {"external-ids": {"external-id": [{"external-id-type": "doi"}]}},
        {"source": {"source-orcid": {}, "source-client-id": {}}},
    ],
    ids=str,
)
def test_what_is_refused_is_described_as_wrong(version: Version, changed: Json) -> None:
    schemas = Schemas(version)
    kind = "journal-article" if version.name == "3.0" else "JOURNAL_ARTICLE"
    good = {"title": {"title": {"value": "On bees"}}, "type": kind}
    sent = validator(schemas, schemas.sent(Work))
    sent.validate(good)
    assert json.decode(Work, orjson.dumps(good), version)
    assert not sent.is_valid({**good, **changed})
    with pytest.raises(json.InvalidJson):
        json.decode(Work, orjson.dumps({**good, **changed}), version)
