"""A document that is loaded and read back in the same version and format is the same document."""

import pathlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from lxml import etree

from codec.documents import ORCID, without_tolerated
from laelia.codec.scalar import instant, stamp
from laelia.codec.xml import parse
from laelia.codec.xml_reader import local
from laelia.model.language import VERSIONS
from laelia.model.record import Record
from laelia.model.work import Work, WorkBulk
from laelia.registry import tables
from laelia.registry.bulk.records.archive import Member
from laelia.registry.bulk.records.dump import Wanted, dump
from laelia.registry.bulk.records.load import load
from laelia.registry.bulk.records.report import Report
from laelia.registry.record.uris import Uris
from registry.bulk.sameness import LISTS, by_put_code, differences, json_differences
from registry.bulk.samples import DIFFERENCES, REPAIRS, Sample, address, samples
from registry.place import Place

JSON, XML = "application/json", "application/xml"


MakePlace = Callable[[str], Place]


@pytest.fixture
def registry(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[MakePlace]:
    """registry(id_base) → a registry whose iDs are those of another."""
    made: list[Place] = []

    def make(id_base: str) -> Place:
        # One record is loaded and forgotten over and over: rendered answers would be of the one before.
        url = new_database("laelia.registry.migrations")
        made.append(Place(url, tmp_path / "var", id_base=id_base, cache_bytes=0))
        return made[-1]

    yield make
    for place in made:
        place.close()


@pytest.fixture
def place(registry: MakePlace) -> Place:
    return registry("https://orcid.org")


def loaded(place: Place, sample: Sample, text: str | None = None) -> Report:
    """The registry with the sample and nothing else."""
    name = sample.path.name
    with place.service.db.writing() as tx:
        tx.execute(sa.delete(tables.record).where(tables.record.c.loaded.is_not(None)))
    report = Report()
    data = (sample.text if text is None else text).encode()
    member = Member(name, name, data)
    version = VERSIONS[sample.version]
    load(place.service.db, place.clock, [member], report, version=version, orcid=sample.orcid)
    return report


def read(place: Place, sample: Sample, path: str) -> bytes:
    [orcid] = [row.orcid for row in place.rows("record") if row.loaded is not None]
    accept = XML if sample.is_xml else JSON
    answer = place.http.get(place.at(f"/v{sample.version}/{orcid}/{path}"), headers={"Accept": accept})
    assert answer.status == 200, (sample.name, answer.text)
    return answer.body


def answer(place: Place, sample: Sample) -> tuple[bytes, str | None]:
    """The document in which the sample is read, and the part of that which it is, if it is not all."""
    entity = sample.entity
    if isinstance(entity, WorkBulk):
        return read(
            place, sample, f"works/{next(one.put_code for one in entity.bulk if isinstance(one, Work))}"
        ), "work"
    path, part = address(entity)
    return read(place, sample, path), part


def differing(sample: Sample, body: bytes, part: str | None) -> list[str]:
    """How the sample came back otherwise than it was."""
    if sample.is_xml:
        expected, got = without_tolerated(parse(sample.text.encode())), parse(body)
        return differences(*((_part(one, part) if part else one) for one in (expected, got)))
    known, found = orjson.loads(sample.text), orjson.loads(body)
    return list(json_differences(*((_json_part(one, part) if part else one) for one in (known, found))))


def _part(root: etree._Element, name: str) -> etree._Element:
    return next(one for one in root.iter() if local(one).partition(":")[2] == name)


def _json_part(known: Any, name: str) -> Any:
    if name == "work":
        return known["bulk"][0]["work"]
    inside = known.get(name) or (known["email"] if name == "email" else None)
    return inside[0] if type(inside) is list else inside if type(inside) is dict else known


_FILLED = re.compile(
    r' (?:path|display-index|primary)="[^"]*"'
    r"|\n *<common:external-id-normalized .*"
    r"|\n *<common:external-id-normalized-error(?s:.*?)</common:external-id-normalized-error>"
)


_UNDATED = re.compile(rf"<[a-z-]+:(?:{'|'.join(LISTS)})[^>]*>\s*(?!<common:last-modified-date)")
"""A list or a whole that leaves out its date, which is filled in as well."""


def has_all(sample: Sample) -> bool:
    """Whether a golden is in the form that is written; two of ORCID's classes know fewer namespaces."""
    return not _UNDATED.search(sample.text) and sample.text.count("xmlns:") != 7


def plain(text: str) -> str:
    """The text of a document without what the registry fills in where it is left out; times in UTC."""
    text = re.sub(r">(\d{4}-\d\d-\d\dT[^<]*)<", lambda m: f">{stamp(instant(m[1]))}<", text.strip())
    return _FILLED.sub("", text)


@pytest.mark.parametrize("version", VERSIONS)
def test_samples_and_goldens_come_back_the_same(place: Place, backend: str, version: str) -> None:
    """The same document, and of goldens in XML the same bytes: they are in the form that is written."""
    # The goldens are the samples written anew: one database is enough for how those are laid out.
    folders = ("samples", "golden") if backend == "sqlite" else ("golden",)
    found = list(samples(version, *folders))
    if not found:
        pytest.skip(f"no samples in {ORCID}")
    wrong: dict[str, list[str]] = {}
    to_the_byte = 0
    for sample in found:
        report = loaded(place, sample)
        assert set(report.refused) <= ({"unknown"} if "bulk" in sample.name else set()), sample.name
        body, part = answer(place, sample)
        told = differing(sample, body, part)
        unexpected = [one for one in told if not sample.expects(one)]
        if sample.is_golden and sample.is_xml and part is None and not told and has_all(sample):
            to_the_byte += 1
            if plain(body.decode()) != plain(sample.text):
                unexpected = ["the bytes"]
        if unexpected:
            wrong[sample.name] = unexpected
    assert wrong == {}
    assert len(found) > 80
    assert to_the_byte > 15


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_private_comes_back_in_a_dump_of_all(place: Place, version: str) -> None:
    """Whole records as they are, with items that nobody but their owner sees."""
    found = [one for one in samples(version, "samples") if isinstance(one.entity, Record)]
    if not found:
        pytest.skip(f"no samples in {ORCID}")
    for sample in found:
        loaded(place, sample, sample.good)
        told = differences(without_tolerated(parse(sample.good.encode())), parse(in_a_dump(place, version)))
        assert [one for one in told if not sample.expects(one)] == [], sample.name


def in_a_dump(place: Place, version: str) -> bytes:
    """The one loaded record as the operator sees it."""
    orcids = [row.orcid for row in place.rows("record") if row.loaded is not None]
    uris = Uris("https://orcid.org")
    wanted = Wanted(version=VERSIONS[version], form="xml", uris=uris, everything=True, orcids=orcids)
    [written] = written_by(place, wanted)
    return written


def written_by(place: Place, wanted: Wanted) -> list[bytes]:
    written: list[bytes] = []
    dump(place.service.db, place.clock, wanted, lambda _, data, __: written.append(data))
    return written


def test_real_records_of_2016_come_back_the_same_but_for_the_order(place: Place) -> None:
    """The API sorted otherwise then. An element of theirs is in no schema, and their fundings have the names
    of a draft: what is not understood is noted and left out."""
    found = sorted((ORCID / "samples/2.0/orcid-source").glob("*v20record*.xml"))
    if not found:
        pytest.skip(f"no samples in {ORCID}")
    for path in found:
        sample = Sample(path, "2.0", orcid=None)
        assert loaded(place, sample, path.read_text()).noted == {"invalid": 1}
        expected = parse(path.read_bytes())
        expected.remove(expected[0])
        _part(expected, "fundings")[:] = []
        got = parse(read(place, sample, "record"))
        assert differences(by_put_code(expected), by_put_code(got)) == []


def test_every_exception_is_needed() -> None:
    """No sample is repaired or excused for nothing."""
    found = [one for version in VERSIONS for one in samples(version, "samples", "golden")]
    if not found:
        pytest.skip(f"no samples in {ORCID}")
    for of, reason, changes in REPAIRS:
        concerned = [one for one in found if re.search(of, one.name)]
        assert concerned, reason
        for change in changes:
            texts = [one.path.read_text() for one in concerned]
            assert any(change(text) != text for text in texts), reason
    for of, _, reason in DIFFERENCES:
        assert any(re.search(of, one.name) for one in found), reason


def test_a_record_of_orcids_sandbox_comes_back_the_same(registry: MakePlace) -> None:
    """As the API gave it, in both forms; its URIs are those of that registry."""
    path = ORCID / "samples/3.0/record/read/record-full-3.0.json"
    if not path.exists():
        pytest.skip(f"no samples in {ORCID}")
    there = registry("https://sandbox.orcid.org")
    written = ORCID / "golden/3.0/record/read/record-full-3.0.from-json.xml"
    for sample in (Sample(path, "3.0", orcid=None), Sample(written, "3.0", orcid=None)):
        report = loaded(there, sample, sample.path.read_text())
        assert (dict(report.refused), dict(report.noted)) == ({}, {})
        body = read(there, sample, "record")
        if sample.is_xml:
            assert differences(parse(sample.path.read_bytes()), parse(body)) == []
        else:
            assert list(json_differences(orjson.loads(sample.path.read_bytes()), orjson.loads(body))) == []
