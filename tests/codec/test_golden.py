"""What ORCID's own classes made of its samples, and what we make of them."""

import json as plain_json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from codec.conftest import SchemaOf
from codec.documents import (
    FOREIGN,
    HERE,
    ORCID,
    entity_of,
    is_request,
    orcid_schema,
    valid_for_xerces,
    without_tolerated,
    xml_documents,
)
from codec.infoset import infoset
from laelia.codec import json, xml
from laelia.codec.scalar import instant, stamp
from laelia.codec.xml import parse
from laelia.model.language import VERSIONS, Version
from laelia.model.problems import Problem
from laelia.model.work import Work, WorkBulk

LENIENT = (WorkBulk,)
"""A bulk that holds errors is an answer: strict reading is for requests."""


@pytest.mark.parametrize(("version", "path"), xml_documents("golden"))
def test_xml_says_the_same(version: Version, path: Path) -> None:
    root = parse(path.read_bytes())
    cls = entity_of(root)
    entity = xml.decode(cls, etree.tostring(root), version, strict=cls not in LENIENT)
    assert infoset(parse(xml.encode(entity, version)), blanks=False) == infoset(root, blanks=False)


_ROOT = re.compile(rb"(?<=\?>\n)<[^>]*>")


@pytest.mark.parametrize(("version", "path"), xml_documents("golden"))
def test_xml_is_the_same_to_the_byte(version: Version, path: Path) -> None:
    """Documents in the form ORCID writes come back as they were, up to the zone times are written in."""
    data = path.read_bytes()
    for alone in ("error", "client"):
        if f'<{alone} xmlns="'.encode() in data:
            data = _prefixed(data, alone)
    entity = xml.decode(entity_of(parse(data)), data, version, strict=False)
    written = xml.encode(entity, version)
    if data.count(b"xmlns:") == 7:
        # ORCID's bare classes of these two lists know fewer namespaces than its servers.
        data, written = _ROOT.sub(b"", data, 1), _ROOT.sub(b"", written, 1)
    assert _in_utc(written) == _in_utc(data)


@pytest.mark.parametrize(("version", "path"), xml_documents("golden"))
def test_xml_is_valid_by_orcids_schema(version: Version, path: Path) -> None:
    root = parse(path.read_bytes())
    entity = xml.decode(entity_of(root), etree.tostring(root), version, strict=False)
    schema = orcid_schema(version, root)
    assert schema.validate(parse(xml.encode(entity, version))), schema.error_log


@pytest.mark.parametrize(("version", "path"), xml_documents("golden"))
def test_our_schema_takes_it(version: Version, path: Path, schema_of: SchemaOf) -> None:
    root = parse(path.read_bytes())
    host = re.search(r"<common:uri>https?://([^/]+)/", path.read_text())
    schema = schema_of(version, f"https://{host[1] if host else 'orcid.org'}")
    assert schema.validate(root), schema.error_log


SAMPLES = xml_documents("samples", is_request)


@pytest.mark.parametrize(("version", "path"), SAMPLES)
def test_samples_are_taken_or_refused_as_they_are_valid(version: Version, path: Path) -> None:
    """Strict reading agrees with Xerces on every sample."""
    root = parse(path.read_bytes())
    data = path.read_bytes()
    if str(path.relative_to(ORCID)) not in valid_for_xerces():
        with pytest.raises(Problem):
            xml.decode(entity_of(root), data, version)
        return
    entity = xml.decode(entity_of(root), data, version)
    assert infoset(parse(xml.encode(entity, version))) == infoset(without_tolerated(parse(data)))


def _json_samples() -> list[Any]:
    found = []
    for version in VERSIONS.values():
        folder = ORCID / "samples" / version.name
        for path in sorted([*folder.rglob("work-*.json"), *folder.rglob("bulk-work*.json")]):
            found.append(pytest.param(version, path, id=f"{version}-{path.name}"))
    return found or [pytest.param(None, None, marks=pytest.mark.skip(reason=f"no samples in {ORCID}"))]


@pytest.mark.parametrize(("version", "path"), _json_samples())
def test_json_samples_are_taken(version: Version, path: Path) -> None:
    if path.name.startswith("bulk"):
        members = json.decode(WorkBulk, path.read_bytes(), version).bulk
        assert members
        assert all(isinstance(member, Work) for member in members)
    else:
        assert json.decode(Work, path.read_bytes(), version).title


def _json_pairs() -> list[Any]:
    """(version, XML sample in golden form, JSON ORCID wrote) and (version, None, JSON ORCID rewrote)."""
    found = []
    for version in VERSIONS.values():
        for path in sorted((ORCID / "golden" / version.name).rglob("*.xml")):
            other = path.with_name(re.sub(r"\.(roundtrip|from-json)\.xml$", "", path.name) + ".json")
            if path.name.endswith(".from-json.xml"):
                other = path.with_name(path.name.removesuffix(".xml") + ".json")
            if other.exists() and not path.name.startswith(FOREIGN):
                found.append(
                    pytest.param(version, path, other, id=f"{version}-{other.parent.name}-{other.name}")
                )
    return found or [pytest.param(None, None, None, marks=pytest.mark.skip(reason=f"no samples in {ORCID}"))]


@pytest.mark.parametrize(("version", "of", "path"), _json_pairs())
def test_json_is_the_same(version: Version, of: Path, path: Path) -> None:
    """Same keys in the same order, same values; read from JSON and read from the XML beside it."""
    cls = entity_of(parse(of.read_bytes()))
    expected = plain_json.loads(path.read_bytes())
    from_json = json.decode(cls, plain_json.dumps(expected).encode(), version, strict=False)
    assert _shown(json.encode(from_json, version)) == plain_json.dumps(_emptied(expected))
    root = parse(of.read_bytes())
    from_xml = xml.decode(cls, etree.tostring(root), version, strict=False)
    assert _shown(json.encode(from_xml, version)) == plain_json.dumps(_emptied(expected))


@pytest.mark.skipif(not HERE, reason=f"no samples in {ORCID}")
def test_pretty_json_is_orcids_to_the_byte() -> None:
    for version in VERSIONS.values():
        path = ORCID / f"golden/{version}/record/read/work-full-{version}.json"
        work = json.decode(
            entity_of(parse(path.with_suffix(".roundtrip.xml").read_bytes())), path.read_bytes(), version
        )
        assert json.encode(work, version, pretty=True) == path.read_bytes().strip()


def _emptied(document: Any) -> Any:
    """Lists of containers are written as [] where ORCID's bare classes print null (model.md §2 rule 6)."""
    if type(document) is dict:
        return {
            key: [] if value is None and key in LISTS else _emptied(value) for key, value in document.items()
        }
    return [_emptied(x) for x in document] if type(document) is list else document


LISTS = {
    *("group", "affiliation-group", "education-summary", "employment-summary", "external-id", "contributor"),
    *("other-name", "keyword", "address", "researcher-url", "external-identifier", "work-summary"),
}


def _shown(data: bytes) -> str:
    return plain_json.dumps(_emptied(plain_json.loads(data)))


def _in_utc(data: bytes) -> str:
    text = data.decode().strip()
    return re.sub(r">(\d{4}-\d\d-\d\dT[^<]*)<", lambda m: f">{stamp(instant(m[1]))}<", text)


def _prefixed(data: bytes, name: str) -> bytes:
    """The document with the prefix we write; ORCID puts these into the default namespace."""
    text = re.sub(r"<(/?)([a-z-]+)(?=[ >])", rf"<\1{name}:\2", data.decode())
    return text.replace(f"<{name}:{name} xmlns=", f"<{name}:{name} xmlns:{name}=").encode()
