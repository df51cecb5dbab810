"""From bytes to what they say: form, version and kind of a document that tells neither."""

import orjson
import pytest

from laelia.model.activities import Educations, Works
from laelia.model.affiliation import Education, EducationSummary, Employment
from laelia.model.funding import Funding
from laelia.model.language import V2_0, V2_1, V3_0, VERSIONS, Entity
from laelia.model.person import Keyword, Keywords
from laelia.model.record import Record
from laelia.model.work import Work, WorkSummary
from laelia.registry.bulk.records import document
from laelia.registry.bulk.records.report import Refused
from registry.bulk.documents import GRACE, funding, json, record, summary, work, xml


@pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
def test_the_version_is_that_in_which_most_is_understood(version: object) -> None:
    """A record of 3.0 lists what 2.x has no word for, one of 2.0 has http in its URIs."""
    whole = record(summary(7))
    for data in (xml(whole, str(version)), json(whole, str(version))):
        found = document.read(data)
        assert (found.version, found.breach, type(found.entity)) == (version, None, Record)


def test_what_could_be_of_both_is_taken_as_the_older_says_it_unless_told() -> None:
    """So that it does not deny what 2.1 has no word for."""
    data = xml(summary(7), "2.1")
    assert document.read(data).version is V2_1
    assert document.read(data, "work-3.0.xml").version is V3_0
    assert document.read(data, version=V2_0).version is V2_0
    told = data.replace(b"<work:work-summary ", b'<work:work-summary xsi:schemaLocation="x work-3.0.xsd" '
                        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ')  # fmt: skip
    assert document.read(told).version is V3_0


def test_what_is_not_valid_is_read_as_far_as_it_is_understood() -> None:
    odd = xml(record(summary(7))).replace(b"<activities:works", b"<activities:songs/><activities:works")
    found = document.read(odd)
    assert isinstance(found.entity, Record)
    assert found.version is V3_0
    assert "activities:songs" in (found.breach or "")


@pytest.mark.parametrize(
    ("entity", "name", "expected"),
    [
        (record(), "", Record),
        (work(7), "", Work),
        (summary(7), "", WorkSummary),
        (funding(7), "", Funding),
        (Education(path=f"/{GRACE}/education/7"), "", Education),
        (Employment(path=f"/{GRACE}/employment/7"), "", Employment),
        (Education(), "education-3.0.json", Education),
        (EducationSummary(), f"7/097/{GRACE}/educations/{GRACE}_educations_7.json", Education),
        (Educations(), "my-educations.json", Educations),
        (Works(path=f"/{GRACE}/works"), "", Works),
        (Keyword(path=f"/{GRACE}/keywords/7"), "", Keyword),
        (Keywords(path=f"/{GRACE}/keywords"), "", Keywords),
        (Keywords(path=f"/{GRACE}/keywords"), "works.json", Keywords),
    ],
)
def test_json_is_of_the_kind_that_its_path_its_name_and_its_keys_say(
    entity: Entity, name: str, expected: type[Entity]
) -> None:
    assert type(document.read(json(entity), name).entity) is expected


def test_json_that_may_be_two_things_is_refused() -> None:
    with pytest.raises(Refused, match="education or") as refused:
        document.read(json(Education()), "7.json")
    assert refused.value.reason == "unknown"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "broken"), (b"\xef\xbb\xbf", "broken"), (b"hello", "broken"), (b"<a", "broken"),
        (b"{", "broken"),
        (b"<a/>", "unknown"), (b"{}", "unknown"), (b'{"works": 1}', "unknown"),
        (b'<work:work xmlns:work="http://www.orcid.org/ns/work" put-code="x"/>', "broken"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "broken"),
        ("<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE a><a/>".encode("utf-16"), "broken"),
    ],
)  # fmt: skip
def test_what_is_no_document_of_a_record_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        document.read(data)
    assert refused.value.reason == reason


def test_other_encodings_are_read() -> None:
    text = xml(work(7)).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert type(document.read(text.encode("utf-16")).entity) is Work
    assert type(document.read(b"\xef\xbb\xbf" + json(work(7))).entity) is Work
    escaped = orjson.loads(json(work(7)))
    escaped["short-description"] = "a \\u0000 that is none"
    assert type(document.read(orjson.dumps(escaped)).entity) is Work
