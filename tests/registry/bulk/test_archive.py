"""Files, folders and archives, good and bad: what is bad is told with its place, and the rest is loaded."""

import gzip
import io
import pathlib
import tarfile
from collections.abc import Callable
from typing import Any

import pytest

from laelia.registry.bulk.records import archive
from laelia.registry.bulk.records.load import load
from laelia.registry.bulk.records.report import Refused, Report
from registry.bulk.documents import EDSGER, GRACE, funding, json, record, summary, work, xml
from registry.bulk.loaded import Registry

SUMMARY = "summaries/{0}/{1}.xml"
ACTIVITY = "{0}/{1}/{2}/{3}/{2}_{3}_{4}.xml"


def in_summaries(orcid: str) -> str:
    return SUMMARY.format(orcid[-3:], orcid)


def in_activities(orcid: str, kind: str, put_code: int) -> str:
    return ACTIVITY.format(orcid[-1], orcid[-3:], orcid, kind, put_code)


def packed(path: pathlib.Path, members: dict[str, Any]) -> pathlib.Path:
    """A .tar.gz with these members: bytes, or what else a tar may hold, by the name of its type."""
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
            else:
                info.type, info.linkname = getattr(tarfile, data), "/etc/passwd"
                tar.addfile(info)
    return path


def loaded(registry: Registry, *paths: pathlib.Path) -> tuple[Report, list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []
    report = Report(told.append)
    load(registry.place.service.db, registry.place.clock, archive.members(paths), report)
    return report, told


def test_the_public_data_file(registry: Registry, tmp_path: pathlib.Path) -> None:
    """Activities come first, summaries in another archive; whose an item is, its place tells."""
    nameless = work(7)
    nameless.path, nameless.put_code = None, None
    activities = packed(
        tmp_path / "ORCID_2020_10_activites_7.tar.gz",
        {
            "7": "DIRTYPE",
            in_activities(GRACE, "works", 7): xml(nameless),
            in_activities(EDSGER, "fundings", 8): xml(funding(8, orcid=EDSGER)),
        },
    )
    summaries = packed(
        tmp_path / "ORCID_2020_10_summaries.tar.gz",
        {
            in_summaries(GRACE): xml(record(summary(7))),
            in_summaries(EDSGER): xml(record(orcid=EDSGER, fundings=(8,))),
        },
    )
    report, told = loaded(registry, activities, summaries)
    assert told == []
    assert (report.documents, report.records, report.items["added"]) == (4, {"added": 2, "changed": 2}, 4)
    assert registry.get("/work/7").json()["short-description"] == "What bees do all day."
    assert registry.put_codes(EDSGER, "fundings", "funding") == [8]


ENTITIES = b'<!DOCTYPE a [<!ENTITY b "c">]>\n<record:record xmlns:record="http://www.orcid.org/ns/record"/>'
WRONG = GRACE[:-1] + "8"
BAD: dict[str, tuple[Any, str]] = {
    "broken.xml": (b"<record:record", "broken"),
    "entities.xml": (ENTITIES, "broken"),
    "nothing.txt": (b"Dear registry,", "broken"),
    "list.json": (b"[]", "broken"),
    "cut.json": (b'{"path":', "broken"),
    "other.json": (b'{"a": 1, "b": 2}', "unknown"),
    "other.xml": (b"<song/>", "unknown"),
    "nobodys.xml": (xml(record(orcid=WRONG)), "check-digit"),
    f"{EDSGER}.xml": (xml(record()), "contradiction"),
    "../../etc/passwd": (xml(record()), "outside"),
    "/etc/passwd": (xml(record()), "outside"),
    "device": ("CHRTYPE", "no-file"),
    "link": ("SYMTYPE", "no-file"),
    "zero.json": (json(work(7)).replace(b"On bees", b"On\\u0000bees"), "value"),
    "escape\x1b[2J.xml": (b"<", "broken"),
}


def test_what_is_bad_is_told_and_the_rest_loaded(registry: Registry, tmp_path: pathlib.Path) -> None:
    members: dict[str, Any] = {"first.xml": xml(record(summary(7)))}
    members |= {name: data for name, (data, _) in BAD.items()}
    path = packed(tmp_path / "some.tar.gz", members | {"last.xml": xml(record(orcid=EDSGER))})
    report, told = loaded(registry, path)
    assert [(line["file"], line["reason"]) for line in told] == [
        (f"{path}: {archive.shown(name)}", reason) for name, (_, reason) in BAD.items()
    ]
    assert all(line["said"] for line in told)
    assert report.records == {"added": 2}
    assert registry.put_codes() == [7]
    assert registry.get("/record", EDSGER).status == 200


def test_parts_of_a_record_are_refused_one_by_one(registry: Registry) -> None:
    numberless = summary(9)
    numberless.put_code = numberless.path = None
    document = record(
        summary(7), summary(7, title="Again"), summary(8, orcid=EDSGER), numberless,
        summary(10, visibility="hidden"), summary(11),
        emails=("no address", "a@example.org", "A@example.org"),
    )  # fmt: skip
    report = registry.load(json(document))
    assert report.refused == {"twice": 2, "contradiction": 1, "no-put-code": 1, "value": 2}
    assert sorted(registry.put_codes()) == [7, 11]
    assert {(line["place"], line["orcid"]) for line in registry.told if line["reason"] != "invalid"} == {
        ("work 7", GRACE), ("work 8", GRACE), ("work", GRACE), ("work 10", GRACE), ("email", GRACE),
    }  # fmt: skip


def test_whose_a_document_is_may_be_told_and_must_agree(registry: Registry) -> None:
    alone = work(7)
    alone.path = None
    assert registry.load(xml(alone)).refused == {"no-orcid": 1}
    assert registry.load(xml(alone), orcid=GRACE).items == {"added": 1}
    assert registry.load(xml(work(8)), orcid=EDSGER).refused == {"contradiction": 1}


def test_a_huge_member_is_passed_over(
    registry: Registry, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST", 100_000)
    huge = xml(record(summary(7, title="x" * 100_000)))
    path = packed(tmp_path / "a.tar.gz", {"huge.xml": huge, "last.xml": xml(record(summary(8)))})
    alone = tmp_path / "huge.xml"
    alone.write_bytes(huge)
    report, _ = loaded(registry, path, alone)
    assert report.refused == {"too-large": 2}
    assert registry.put_codes() == [8]


def _cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _no_end(data: bytes) -> bytes:
    """Whole as a gzip file, and a tar without its end."""
    return gzip.compress(gzip.decompress(data)[:2048])


def _long_name(data: bytes) -> bytes:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2**40
    return gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + gzip.decompress(data))


@pytest.mark.parametrize("harm", [_cut, _no_end, _long_name, lambda data: b"no archive", lambda data: b""])
def test_a_broken_archive_is_told_and_the_next_one_read(
    tmp_path: pathlib.Path, harm: Callable[[bytes], bytes]
) -> None:
    good = packed(tmp_path / "good.tar.gz", {"a.xml": b"<a/>"})
    broken = packed(tmp_path / "broken.tar.gz", {f"{i}.xml": bytes(range(256)) * i for i in range(1, 9)})
    broken.write_bytes(harm(broken.read_bytes()))
    found = list(archive.members([broken, good]))
    assert [one.data for one in found if one.file == str(good)] == [b"<a/>"]
    refused = [one.data for one in found if isinstance(one.data, Refused)]
    assert [one.reason for one in refused] == ["unreadable"]
    assert "broken after" in refused[0].said


def test_folders_are_walked_in_order_and_archives_in_them_read(tmp_path: pathlib.Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.json").write_bytes(b"{}")
    (tmp_path / "b" / "notes.txt").write_bytes(b"not a document")
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    packed(tmp_path / "c.tgz", {"d.xml": b"<d/>"})
    plain = tmp_path / "e.tar"
    plain.write_bytes(gzip.decompress((tmp_path / "c.tgz").read_bytes()))
    read = []
    found = [(one.name, one.data) for one in archive.members([tmp_path, tmp_path / "gone"], read.append)]
    assert found[:-1] == [
        (str(tmp_path / "a.xml"), b"<a/>"), ("d.xml", b"<d/>"), ("d.xml", b"<d/>"),
        (str(tmp_path / "b" / "2.json"), b"{}"),
    ]  # fmt: skip
    assert isinstance(found[-1][1], Refused)
    assert sum(read) == archive.size([tmp_path])
