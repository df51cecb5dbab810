"""Loading organisations: ROR's dump in both schemas, our CSV, and whatever is wrong in either."""

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from laelia.registry.bulk import organisations
from registry.at_once import at_once
from registry.bulk.dumps import BEES, GONE, WASPS, first, named, place, second, zipped
from registry.bulk.loader import Loader, tally

CSV = "source,identifier,name,city,region,country,url\n"


@pytest.mark.parametrize("schema", [first, second])
def test_what_is_kept_of_an_organisation(loader: Loader, schema: Callable[..., dict[str, Any]]) -> None:
    assert tally(loader.load([schema()])) == (1, 0, 0, 0)
    [row] = loader.rows()
    assert {name: row[name] for name in ("name", "city", "region", "country", "url", "kinds", "status")} == {
        "name": "Institut für Bienen", "city": "Köln", "region": "Rhineland", "country": "DE",
        "url": "https://bees.example/", "kinds": "facility,funder", "status": "active",
    }  # fmt: skip
    assert row["names"].splitlines() == ["Bee Institute", "IfB"]
    assert row["ids"].splitlines() == [
        f"ROR {BEES}",
        "GRID grid.77777.1",
        "FUNDREF http://dx.doi.org/10.13039/501100088888",
        "FUNDREF http://dx.doi.org/10.13039/501100077777",
    ]
    assert {source for source, _ in loader.ids()} == {"ROR", "GRID", "FUNDREF"}
    assert loader.words() == ["bee", "bienen", "fur", "ifb", "institut", "institute"]


def test_loaded_again_nothing_changes_and_what_did_is_brought_up_to_date(loader: Loader) -> None:
    dump = [second(), named(WASPS, "Wasp Society", status="inactive")]
    assert tally(loader.load(dump)) == (2, 0, 0, 0)
    before = loader.rows()
    assert tally(loader.load(dump)) == (0, 0, 2, 0)
    assert tally(loader.load([first()])) == (0, 0, 1, 0)
    assert loader.rows() == before
    assert tally(loader.load([second(name="Bienenhaus", external_ids=[])])) == (0, 1, 0, 0)
    changed = loader.rows()[0]
    assert (changed["id"], changed["created"]) == (before[0]["id"], before[0]["created"])
    assert changed["modified"] > before[0]["modified"]
    assert loader.ids() == {("ROR", BEES), ("ROR", WASPS)}
    assert loader.words() == ["bee", "bienenhaus", "ifb", "institute", "society", "wasp"]


def test_an_identifier_of_two_organisations_is_known_as_long_as_one_has_it(loader: Loader) -> None:
    shared = [{"type": "fundref", "all": ["501100000001"], "preferred": None}]
    funder = ("FUNDREF", "http://dx.doi.org/10.13039/501100000001")
    loader.load([named(BEES, "Bees", external_ids=shared), named(WASPS, "Wasps", external_ids=shared)])
    loader.load([named(BEES, "Bees")])
    assert funder in loader.ids()
    loader.load([named(WASPS, "Wasps")])
    assert funder not in loader.ids()


def test_who_was_withdrawn_is_known_and_little_is_enough(loader: Loader) -> None:
    dump = [
        named(GONE, "Gone Institute", status="withdrawn", locations=[]),
        named(BEES, "Bees", locations=[place(None, None, None)], links=[]),
        named(
            WASPS, "Wasps", locations=[place("Metropolis", None, "ZZ")], links=[{"value": "ftp://w.example"}]
        ),
        {"id": "https://ror.org/0ooldd004", "name": "Old", "external_ids": {"GRID": {"all": "grid.1.2"}}},
    ]
    assert tally(loader.load(dump)) == (4, 0, 0, 0)
    said = [(row["name"], row["status"], row["city"], row["country"], row["url"]) for row in loader.rows()]
    assert said == [
        ("Gone Institute", "withdrawn", None, None, None),
        ("Bees", "active", None, None, None),
        ("Wasps", "active", "Metropolis", None, None),
        ("Old", "active", None, None, None),
    ]
    assert ("GRID", "grid.1.2") in loader.ids()


WRONG: list[tuple[str, Any, str]] = [
    ("no object", 7, "no object"),
    ("nothing", {}, "missing required field `id`"),
    ("another id", named("https://ror.example/0beeeee01", "Bees"), "regex"),
    ("a short id", named("https://ror.org/0bee", "Bees"), "regex"),
    ("no name", {"id": BEES, "names": []}, "length >= 1"),
    ("a blank name", named(BEES, " \u200b"), "no name"),
    ("a long name", named(BEES, "b" * 4001), "more than 4000"),
    ("a number as name", {"id": BEES, "name": 7}, "Expected `str`, got `int` - at `$.name`"),
    ("an unknown state", named(BEES, "Bees", status="sleeping"), "Invalid enum value 'sleeping'"),
    ("a list as place", named(BEES, "Bees", locations=[{"geonames_details": []}]), "$.locations[0]"),
    ("ids in another shape", named(BEES, "Bees", external_ids={"grid": "grid.1.1"}), "$.external_ids"),
    ("old ids in another shape", {"id": BEES, "name": "B", "external_ids": {"GRID": 7}}, "$.external_ids"),
]


def test_one_bad_record_stops_nothing(loader: Loader) -> None:
    good = [named(f"https://ror.org/0aaaaaa{number:02}", f"Bees {number}") for number in range(len(WRONG))]
    report = loader.load([one for pair in zip([row[1] for row in WRONG], good, strict=True) for one in pair])
    assert tally(report) == (len(good), 0, 0, len(WRONG))
    for (what, _, why), told in zip(WRONG, report.told, strict=True):
        assert why in told.reason, (what, told)
    assert [told.place for told in report.told[:3]] == [
        "record 1",
        "record 3",
        "https://ror.example/0beeeee01",
    ]


def test_characters_no_database_keeps_are_taken_out_of_names(loader: Loader) -> None:
    text = '[{"id": "ROR", "name": "Bee\\u0000s \\ud800 and\\u00a0more\\n"}]'
    report = loader.load(text.replace("ROR", BEES))
    assert tally(report) == (1, 0, 0, 0)
    assert loader.rows()[0]["name"] == "Bees and more"


def test_a_file_that_breaks_off_keeps_what_came_before(loader: Loader) -> None:
    text = json.dumps([second(), named(WASPS, "Wasps")])
    report = loader.load(text[:-20])
    assert (tally(report), "after member 1" in (report.ended or "")) == ((1, 0, 0, 0), True)
    report = loader.load(b'[{"id": "\xff"}]')
    assert (tally(report), "UTF-8" in (report.ended or "")) == ((0, 0, 0, 0), True)


def test_rors_zip_is_read_as_it_is(loader: Loader, tmp_path: pathlib.Path) -> None:
    both = {
        "v1__50-ror-data__json": [first(name="Old words")],
        "v1__50-ror-data_schema_v2__json": [second(name="New words")],
        "v1__50-ror-data__csv": "id,name\n",
    }
    assert tally(loader.load(zipped(tmp_path / "one.zip", **both))) == (1, 0, 0, 0)
    assert loader.rows()[0]["name"] == "New words"
    later = {"v2__0-ror-data_schema_v1__json": [first()], "v2__0-ror-data__json": [second(name="Newer")]}
    loader.load(zipped(tmp_path / "two.zip", **later))
    assert loader.rows()[0]["name"] == "Newer"


def test_batches_progress_and_a_record_that_comes_twice(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisations, "BATCH", 2)
    seen: list[tuple[int, int, int]] = []
    dump = [named(BEES, "Bees"), named(BEES, "More bees"), named(BEES, "Most bees"), named(WASPS, "Wasps")]
    report = loader.load(dump, progress=lambda *told: seen.append(told))
    assert tally(report) == (2, 1, 1, 0)
    assert [rows for _, _, rows in seen] == [2, 4]
    assert seen[-1][0] == seen[-1][1] == len(json.dumps(dump))
    assert [row["name"] for row in loader.rows()] == ["Most bees", "Wasps"]


def test_our_csv_brings_what_ror_does_not_know(loader: Loader) -> None:
    lines = [
        "RINGGOLD,12345,Bee Society,Delft,South Holland,NL,https://bees.example",
        'lei,529900T8BM49AURSDO55,"Bees, Wasps ""and"" more",,,,',
        "",
        "GRID,grid.5.a,Grid Bees,,,,",
    ]
    report = loader.load("\ufeff" + CSV + "\n".join(lines), "ours.csv")
    assert (tally(report), report.ended) == ((3, 0, 0, 0), None)
    assert loader.ids() == {("RINGGOLD", "12345"), ("LEI", "529900T8BM49AURSDO55"), ("GRID", "grid.5.a")}
    assert [row["name"] for row in loader.rows()] == ["Bee Society", 'Bees, Wasps "and" more', "Grid Bees"]
    assert tally(loader.load(CSV + "\n".join(lines), "ours.csv")) == (0, 0, 3, 0)
    short = "name,source,identifier\nBees,RINGGOLD,7\n"
    assert tally(loader.load(short, "short.csv")) == (1, 0, 0, 0)


def test_two_loads_at_once_bring_each_organisation_once(loader: Loader) -> None:
    dump = [named(f"https://ror.org/0aaaaaa{number:02}", f"Bees {number}") for number in range(50)]
    path = loader.folder / "both.json"
    path.write_text(json.dumps(dump))
    tallies: list[tuple[int, int, int, int]] = []
    at_once(*[lambda: tallies.append(tally(loader.load(path)))] * 2)
    assert len(loader.rows()) == 50
    assert sorted(tallies) == [(0, 0, 50, 0), (50, 0, 0, 0)]


CSV_ROWS = [
    ("RINGGOLD,x7,Bees,,,,", "'x7' is no identifier of RINGGOLD"),
    ("LEI,529900,Bees,,,,", "twenty characters"),
    ("ISNI,1,Bees,,,,", "'ISNI' is no source"),
    (",1,Bees,,,,", "'' is no source"),
    ("RINGGOLD,7,,,,,", "no name"),
    ("RINGGOLD,7,Bees,,,UK,", "'UK' is no country"),
    ("RINGGOLD,7,Bees,,,,bees.example", "no address of a web site"),
    ("RINGGOLD,7,Bees", "3 cells"),
    ('RINGGOLD,7,"Be"es,,,,', "expected after"),
]


def test_one_bad_line_stops_nothing(loader: Loader) -> None:
    good = [f"RINGGOLD,{number},Bees {number},,,," for number in range(100, 100 + len(CSV_ROWS))]
    lines = [line for pair in zip([row[0] for row in CSV_ROWS], good, strict=True) for line in pair]
    report = loader.load(CSV + "\n".join(lines), "ours.csv")
    assert tally(report) == (len(good), 0, 0, len(CSV_ROWS))
    for at, ((_, why), told) in enumerate(zip(CSV_ROWS, report.told, strict=True)):
        assert (told.place, why in told.reason) == (f"line {2 + 2 * at}", True), told
