"""The OpenAPI document: of the form 3.1 asks for, and true of what we write."""

import jsonschema_rs
import orjson
import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st

from codec.strategies import entities_of
from laelia.codec import json
from laelia.codec.openapi import document
from laelia.model.activities import Works
from laelia.model.language import VERSIONS, Entity, Version
from laelia.model.record import Record
from laelia.model.work import Work, WorkBulk

EACH = pytest.mark.parametrize("version", VERSIONS.values(), ids=str)


@EACH
def test_form(version: Version) -> None:
    made = document(version, "https://registry.test/v" + version.name)
    assert made["openapi"] == "3.1.0"
    loaded = schemathesis.openapi.from_dict(made)
    operations = {(o.ok().method.upper(), o.ok().path) for o in loaded.get_all_operations()}
    assert ("POST", "/{orcid}/work") in operations
    assert ("PUT", "/{orcid}/work/{put_code}") in operations
    for name, schema in made["components"]["schemas"].items():
        assert jsonschema_rs.validator_for({**schema, "components": made["components"]}), name
    references = {
        part.split('"')[0] for part in orjson.dumps(made).decode().split('"#/components/schemas/')[1:]
    }
    assert references <= set(made["components"]["schemas"])


@EACH
@pytest.mark.parametrize("cls", [Work, Works, Record, WorkBulk])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_truth(cls: type[Entity], version: Version, data: st.DataObject) -> None:
    made = document(version, "https://registry.test")
    schema = {"$ref": f"#/components/schemas/{cls.__name__}", "components": made["components"]}
    entity = data.draw(entities_of(cls, version))
    jsonschema_rs.validator_for(schema).validate(orjson.loads(json.encode(entity, version)))
