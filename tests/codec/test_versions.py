"""What older versions make of a work, and what is spliced."""

import orjson
import pytest

from laelia.codec import json, xml
from laelia.codec.scalar import instant, stamp
from laelia.model.activities import WorkGroup, Works
from laelia.model.common import ExternalId, OrcidUri
from laelia.model.language import V2_0, V2_1, V3_0, VERSIONS, Raw, Told, Version
from laelia.model.other import error_of
from laelia.model.problems import NoSuchItem
from laelia.model.vocabularies import CREDIT
from laelia.model.work import Contributor, ContributorAttributes, Work, WorkSummary, WorkTitle

OLD = pytest.mark.parametrize("version", [V2_0, V2_1], ids=str)


def a_work(**more: object) -> Work:
    fields: dict[str, object] = {"title": WorkTitle(title="A"), "type": "data-set", **more}
    return Work(**fields)  # type: ignore[arg-type]


@OLD
def test_identifiers_of_versions_are_left_out(version: Version) -> None:
    ids = [
        ExternalId(type="doi", value=str(i), relationship=r)
        for i, r in enumerate(("self", "version-of", "part-of", "funded-by"))
    ]
    work = a_work(external_ids=ids)
    kept = [
        x["external-id-value"]
        for x in orjson.loads(json.encode(work, version))["external-ids"]["external-id"]
    ]
    assert kept == ["0", "2", "3"]
    again = xml.decode(Work, xml.encode(work, version), version, strict=False)
    assert [x.relationship for x in again.external_ids] == ["self", "part-of", "funded-by"]


@OLD
@pytest.mark.parametrize(
    ("role", "shown"),
    [("writing-original-draft", "AUTHOR"), ("supervision", "PRINCIPAL_INVESTIGATOR"), ("software", None)],
)
def test_credit_roles_read_down(version: Version, role: str, shown: str | None) -> None:
    attributes = ContributorAttributes(sequence="first", role=f"{CREDIT}{role}/")
    work = a_work(contributors=[Contributor(attributes=attributes)])
    document = orjson.loads(json.encode(work, version))
    assert document["contributors"]["contributor"][0]["contributor-attributes"]["contributor-role"] == shown
    again = xml.decode(Work, xml.encode(work, version), version).contributors[0].attributes
    assert again is not None
    assert (again.role is None) == (shown is None)


@pytest.mark.parametrize(
    ("uri", "version", "written"),
    [
        ("https://id.example.org/0000-0002-1825-0097", V2_0, "http://id.example.org/0000-0002-1825-0097"),
        ("https://id.example.org/0000-0002-1825-0097", V2_1, "https://id.example.org/0000-0002-1825-0097"),
        ("http://id.example.org/0000-0002-1825-0097", V3_0, "https://id.example.org/0000-0002-1825-0097"),
        ("http://localhost:8000/0000-0002-1825-0097", V3_0, "http://localhost:8000/0000-0002-1825-0097"),
        ("http://127.0.0.1:8000/0000-0002-1825-0097", V2_0, "http://127.0.0.1:8000/0000-0002-1825-0097"),
    ],
)
def test_scheme_of_an_id_by_version(uri: str, version: Version, written: str) -> None:
    work = a_work(contributors=[Contributor(orcid=OrcidUri(uri=uri, path="0000-0002-1825-0097"))])
    document = orjson.loads(json.encode(work, version))
    assert document["contributors"]["contributor"][0]["contributor-orcid"]["uri"] == written
    assert f"<common:uri>{written}</common:uri>" in xml.encode(work, version).decode()


def stored_works(titles: list[str]) -> tuple[Works, Works]:
    """The same list of objects, and of summaries as they are stored."""
    summaries = [
        WorkSummary(put_code=i, title=WorkTitle(title=t), type="preprint") for i, t in enumerate(titles)
    ]
    plain = Works(group=[WorkGroup(work_summary=[s]) for s in summaries])
    stored = Works(
        group=[WorkGroup(work_summary=[Raw(WorkSummary, json.encode(s, V3_0))]) for s in summaries]
    )
    return plain, stored


@pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
def test_stored_summaries_are_written_as_objects_are(version: Version) -> None:
    plain, stored = stored_works(["A", "<b>", "ü\n"])
    assert json.encode(stored, version) == json.encode(plain, version)
    assert json.encode(stored, version, pretty=True) == json.encode(plain, version, pretty=True)
    assert xml.encode(stored, version) == xml.encode(plain, version)


def test_an_empty_list_that_was_told_is_kept() -> None:
    told = json.decode(
        Work, b'{"title":{"title":"A"},"type":"data-set","contributors":{"contributor":[]}}', V3_0
    )
    assert told.contributors == []
    assert type(told.contributors) is Told
    assert b"<work:contributors/>" in xml.encode(told, V3_0)
    assert b'"contributors":{"contributor":[]}' in json.encode(told, V3_0)
    assert b'"contributors":null' in json.encode(a_work(), V3_0)
    assert type(json.decode(Work, json.encode(told, V3_0), V3_0).contributors) is Told


def test_characters_xml_cannot_hold_are_dropped() -> None:
    work = a_work(journal_title="a\x00b\x0bc\ufffed\re")
    assert xml.decode(Work, xml.encode(work, V3_0), V3_0).journal_title == "abcd\re"


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2017-01-18T15:06:05.147-06:00", 1_484_773_565_147),
        ("\n  2001-12-31T12:00:00 ", 1_009_800_000_000),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2020-02-29T12:00:00.1Z", 1_582_977_600_100),
    ],
)
def test_times(text: str, ms: int) -> None:
    assert instant(text) == ms
    assert instant(stamp(ms)) == ms


def test_errors_in_both_formats() -> None:
    error = error_of(NoSuchItem(what="work", id=12), pages="https://example.org/errors")
    document = orjson.loads(json.encode(error, V3_0))
    assert list(document) == ["response-code", "developer-message", "user-message", "error-code", "more-info"]
    assert (document["response-code"], document["error-code"]) == (404, 9016)
    assert b"<error:error-code>9016</error:error-code>" in xml.encode(error, V2_0)
