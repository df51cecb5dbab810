"""Every section, version and form at a real registry: add, get, list, change, delete."""

from typing import Any

import msgspec
import pytest

import samples
from client.conftest import Club
from laelia.client.orcid import Record
from laelia.codec import json
from laelia.model.common import ExternalId, Item
from laelia.model.language import V3_0, VERSIONS, Version, describe, every
from laelia.model.problems import NoSuchItem
from laelia.model.sections import BY_ENTITY, Section

ENVELOPE = Item.__struct_fields__
FORMS = ("json", "xml")


def content(item: Item) -> Item:
    """What an item says, without its envelope and what the registry adds to its identifiers."""
    for one in every(ExternalId, item):
        one.normalized = one.normalized_error = None
    return msgspec.structs.replace(item, **dict.fromkeys(ENVELOPE))


def as_of(version: Version, item: Item) -> Item:
    """What is left of an item in a version."""
    return content(json.decode(type(item), json.encode(item, version), version))


def listed(record: Record, section: Section) -> list[int | None]:
    return [one.put_code for one in record.section(section.summary)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
def test_the_life_of_an_item_of_every_section(bees: Club, version: Version, form: Any) -> None:
    record = bees.record(version=version, form=form)
    sections = [one for one in BY_ENTITY.values() if one.lives_in(version)]
    assert len(sections) == (16 if version is V3_0 else 10)
    for section in sections:
        kind = section.entity
        sent, later = samples.minimal(kind), samples.full(kind)
        number = record.add(sent)
        found = record.get(kind, number)
        assert content(found) == as_of(version, sent)
        assert found.put_code == number
        assert found.source is not None
        assert found.source.source_client_id is not None
        assert found.source.source_client_id.path == bees.member.id
        assert listed(record, section) == [number]
        assert record.get(section.summary, number).put_code == number
        changed = record.change(later, number)
        assert content(changed) == content(record.get(kind, number)) == as_of(version, later)
        # What was read, with dates, source and all, can be put back as it is.
        assert content(record.change(record.get(kind, number), number)) == as_of(version, later)
        second = record.add(sent)
        assert sorted(listed(record, section)) == [number, second]  # type: ignore[type-var]
        record.delete(kind, number)
        assert listed(record, section) == [second]
        with pytest.raises(NoSuchItem):
            record.get(kind, number)


@pytest.mark.parametrize("kind", samples.KINDS, ids=lambda kind: kind.__name__)
def test_the_full_samples_say_everything(kind: type[Item]) -> None:
    item = samples.full(kind)
    told = [name for name, _ in describe(kind, V3_0) if name not in ENVELOPE]
    assert told
    assert not [name for name in told if getattr(item, name) in (None, [])]
