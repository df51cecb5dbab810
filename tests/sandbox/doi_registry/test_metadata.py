"""DataCite metadata, without a database: XML both ways, JSON of all ages, the rules."""

import json
import pathlib
from typing import Any

import pytest

from laelia.sandbox.doi_registry.metadata import attributes, derived, rules, values, xml_reader, xml_writer
from laelia.sandbox.doi_registry.metadata.suffix import suffix
from laelia.sandbox.doi_registry.metadata.vocabularies import DERIVED_TYPES, RESOURCE_TYPES

HEAD = '<resource xmlns="http://datacite.org/schema/kernel-4">'


def test_every_xml_document_survives_reading_and_writing(documents: pathlib.Path) -> None:
    files = sorted(documents.glob("xml/*.xml"))
    assert len(files) == 44
    for file in files:
        read = xml_reader.read(file.read_bytes())
        again = xml_reader.read(xml_writer.write(read["doi"], read))
        assert again | {"schemaVersion": read["schemaVersion"]} == read, file.name


def _twins(documents: pathlib.Path) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    pairs = []
    for file in sorted(documents.glob("xml/10.*.xml")):
        answer = json.loads((documents / "json" / f"{file.stem}.json").read_text())
        pairs.append((answer["data"]["attributes"], attributes.from_xml(file.read_bytes()), file.stem))
    return pairs


def test_xml_says_what_datacite_reads_in_it(documents: pathlib.Path) -> None:
    """Compared with the attributes DataCite's own API gave for the same document."""
    pairs = _twins(documents)
    assert len(pairs) == 29
    for answer, read, name in pairs:
        assert read["doi"] == answer["doi"], name
        assert read["types"]["resourceTypeGeneral"] == answer["types"]["resourceTypeGeneral"], name
        assert str(read["publicationYear"]) == str(answer["publicationYear"]), name
        assert read["publisher"]["name"] in (answer["publisher"], *_name(answer)), name
        assert _ids(read) == _ids(answer), name
        assert [t.get("titleType") for t in read["titles"]] == [
            t.get("titleType") for t in answer["titles"]
        ], name
        assert _related(read) == _related(answer), name
        # DataCite leaves out a range with times of day; we keep what the document says.
        assert _dates(read) >= _dates(answer), name
        assert answer["version"] in (None, read.get("version")), name
        assert len(read["creators"]) == len(answer["creators"]), name
        assert len(read.get("geoLocations", [])) >= len(answer["geoLocations"]), name
        assert len(read.get("fundingReferences", [])) == len(answer["fundingReferences"]), name


def _name(a: dict[str, Any]) -> list[str]:
    """The publisher's name where the answer had been asked for an object."""
    return [a["publisher"]["name"]] if isinstance(a["publisher"], dict) else []


def _ids(a: dict[str, Any]) -> list[list[str]]:
    """The iDs of each creator."""
    return [
        [
            i["nameIdentifier"]
            for i in person.get("nameIdentifiers", [])
            if i["nameIdentifierScheme"] == "ORCID"
        ]
        for person in a["creators"]
    ]


def _related(a: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (r["relatedIdentifier"].lower(), r["relationType"])
        for r in a.get("relatedIdentifiers", [])
        if r["relatedIdentifierType"] == "DOI"
    }


def _dates(a: dict[str, Any]) -> set[tuple[str, str]]:
    return {(d["date"], d["dateType"]) for d in a["dates"]}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not well-formed"),
        (b"<resource>", "not well-formed"),
        (b"<resource/>", "not resource of a DataCite kernel"),
        (b'<x xmlns="http://datacite.org/schema/kernel-4"/>', "not resource"),
        (f'<!DOCTYPE resource [<!ENTITY a "b">]>{HEAD}<titles/></resource>'.encode(), "document type"),
        (f'<!DOCTYPE resource SYSTEM "file:///etc/passwd">{HEAD}</resource>'.encode(), "document type"),
        (b"\xff\xfe<", "not well-formed"),
    ],
)
def test_what_is_no_datacite_xml_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(xml_reader.Unreadable, match=reason):
        xml_reader.read(data)


def test_an_entity_bomb_is_refused_at_once() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(9))
    with pytest.raises(xml_reader.Unreadable):
        xml_reader.read(f"<!DOCTYPE r [{bomb}]>{HEAD}<language>&e8;</language></resource>".encode())


def test_several_people_in_one_creator_are_several(documents: pathlib.Path) -> None:
    read = xml_reader.read((documents / "xml/bolognese_datacite_malformed_creator.xml").read_bytes())
    assert [c["familyName"] for c in read["creators"]] == ["Grošelj", "Oražem", "Kovač"]


def test_a_box_of_kernel_3_becomes_four_corners(documents: pathlib.Path) -> None:
    read = xml_reader.read((documents / "xml/10.21233_n34n5q.xml").read_bytes())
    assert read["geoLocations"][0]["geoLocationBox"]["southBoundLatitude"] == "60.03"
    assert read["geoLocations"][0]["geoLocationBox"]["eastBoundLongitude"] == "-99.85"


@pytest.mark.parametrize(
    ("given", "uri"),
    [
        ("0000-0003-1419-2405", "https://orcid.org/0000-0003-1419-2405"),
        ("http://orcid.org/0000-0003-1419-2405/", "https://orcid.org/0000-0003-1419-2405"),
        ("0000 0002 2728 300x", "https://orcid.org/0000-0002-2728-300X"),
        ("456xyz", None),
    ],
)
def test_an_id_becomes_its_uri(given: str, uri: str | None) -> None:
    assert values.orcid_uri(given) == uri


def test_numbers_become_the_suffixes_datacite_makes() -> None:
    assert suffix(123456) == "003r-j076"
    assert suffix(1234578) == "015n-mj18"
    assert suffix(1234579) == "015n-mk15"
    assert all(values.DOI.match(f"10.5072/{suffix()}") for _ in range(100))


def test_every_resource_type_has_derived_types(documents: pathlib.Path) -> None:
    assert set(DERIVED_TYPES) == RESOURCE_TYPES


def test_the_container_comes_from_the_related_item_or_the_series(documents: pathlib.Path) -> None:
    item = attributes.from_xml((documents / "xml/10.70048_290320201351.xml").read_bytes())
    assert derived.container(item)["title"] == "Understanding the fictional John Smith"
    series = {"descriptions": [{"description": "Title, 34(2), 5-9", "descriptionType": "SeriesInformation"}]}
    assert derived.container(series) == {
        "type": "Series", "title": "Title", "volume": "34", "issue": "2", "firstPage": "5", "lastPage": "9",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "fragment"),
    [
        ("creators", {"name": "A"}, "array of objects"),
        ("creators", [{"name": "A", "nameIdentifiers": {}}], "nameIdentifiers should be an array"),
        ("creators", [{"name": "A", "affiliation": "B"}], "affiliation should be an array"),
        ("titles", ["A"], "array of objects"),
        ("sizes", [1], "array of strings"),
        ("types", [], "object"),
        ("publicationYear", [], "number"),
        ("publisher", 1, "string"),
        ("geoLocations", [{"geoLocationPoint": "1 2"}], "object"),
        ("geoLocations", [{"geoLocationPolygon": [1]}], "object"),
        ("relatedItems", [{"creators": "A"}], "array of objects"),
    ],
)
def test_a_wrong_shape_is_named(name: str, value: Any, fragment: str) -> None:
    _, faults = attributes.from_json({name: value})
    assert [fault.source for fault in faults] == [attributes.snake(name)]
    assert fragment in faults[0].title


@pytest.mark.parametrize(
    ("change", "source"),
    [
        ({"creators": []}, "creators"),
        ({"creators": [{"name": " "}]}, "creators"),
        ({"creators": [{"name": "A", "nameType": "Robot"}]}, "creators"),
        ({"creators": [{"name": "A", "nameIdentifiers": [{"nameIdentifier": "1"}]}]}, "creators"),
        ({"titles": []}, "titles"),
        ({"titles": [{"title": "T", "titleType": "Short"}]}, "titles"),
        ({"publisher": None}, "publisher"),
        ({"publicationYear": None}, "publication_year"),
        ({"publicationYear": "next year"}, "publication_year"),
        ({"types": {}}, "types"),
        ({"types": {"resourceTypeGeneral": "Film"}}, "types"),
        ({"contributors": [{"name": "A"}]}, "contributors"),
        ({"dates": [{"date": "2020", "dateType": "StartDate"}]}, "dates"),
        ({"descriptions": [{"description": "D"}]}, "descriptions"),
        (
            {"relatedIdentifiers": [{"relatedIdentifier": "x", "relatedIdentifierType": "DOI"}]},
            "related_identifiers",
        ),
        ({"relatedItems": [{"relatedItemType": "Book", "relationType": "Cites"}]}, "related_items"),
        (
            {"alternateIdentifiers": [{"alternateIdentifier": "x", "alternateIdentifierType": "DOI"}]},
            "identifiers",
        ),
        ({"fundingReferences": [{"awardNumber": "1"}]}, "funding_references"),
        (
            {"geoLocations": [{"geoLocationPoint": {"pointLatitude": "91", "pointLongitude": "0"}}]},
            "geo_locations",
        ),
        ({"rightsList": [{"rights": "x" * 2001}]}, "rights_list"),
    ],
)  # fmt: skip
def test_each_rule_of_the_schema(change: dict[str, Any], source: str) -> None:
    good = {
        "creators": [{"name": "A, B"}],
        "titles": [{"title": "T"}],
        "publisher": {"name": "P"},
        "publicationYear": 2026,
        "types": {"resourceTypeGeneral": "Dataset"},
    }
    assert rules.check(good, "https://repository.test/1") == []
    assert [fault.source for fault in rules.check(good | change, "https://repository.test/1")] == [source]


def test_the_newest_example_of_the_schema_passes_its_rules(documents: pathlib.Path) -> None:
    read = attributes.from_xml((documents / "xml/lupo_datacite-example-full-v4.7.xml").read_bytes())
    assert rules.check(read, "https://repository.test/1") == []
