"""Loading organisations: ROR's dump in both schemas, our CSV, and whatever is wrong in either."""

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from laelia.lib.clock import StoppedClock
from laelia.lib.database import Database
from laelia.registry import tables
from laelia.registry.bulk import organisations
from laelia.registry.bulk.organisations import Report
from laelia.registry.commands import commands
from registry.bulk.dumps import BEES, GONE, WASPS, first, named, place, second, zipped

CSV = "source,identifier,name,city,region,country,url\n"


class Loader:
    def __init__(self, url: str, folder: pathlib.Path) -> None:
        self.database, self.folder = Database(url), folder
        self.clock = StoppedClock()

    def load(self, content: Any, name: str = "dump.json", **more: Any) -> Report:
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif not isinstance(content, pathlib.Path):
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        else:
            path = content
        self.clock.advance(1000)
        return organisations.load(self.database, self.clock, path, **more)

    def rows(self) -> list[dict[str, Any]]:
        with self.database.reading() as tx:
            wanted = tables.organisation.select().order_by(tables.organisation.c.id)
            return [dict(row) for row in tx.execute(wanted).mappings()]

    def ids(self) -> set[tuple[str, str]]:
        with self.database.reading() as tx:
            return {(row.source, row.value) for row in tx.execute(tables.organisation_id.select())}

    def words(self) -> list[str]:
        with self.database.reading() as tx:
            return sorted(row.word for row in tx.execute(tables.organisation_word.select()))


@pytest.fixture
def loader(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Any:
    made = Loader(new_database("laelia.registry.migrations"), tmp_path)
    yield made
    made.database.dispose()


def tally(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.same, report.refused


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


@pytest.fixture
def run(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv(
        "LAELIA_REGISTRY_DATABASE",
        loader.database.engine.url.render_as_string(False).replace("+pysqlite", "").replace("+psycopg", ""),
    )
    return lambda *words: CliRunner().invoke(commands, ["organisations", *(str(word) for word in words)])


def test_the_command_tells_what_it_did(run: Callable[..., Result], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text(json.dumps([second(), 7, *({} for _ in range(30))]))
    answer = run("load", path)
    assert answer.exit_code == 0
    assert answer.stdout.startswith("1 added, 0 changed, 0 unchanged, 31 refused.\n")
    assert "refused  record 2: it is no object\n" in answer.stdout
    assert "… and 11 more" in answer.stdout
    told = json.loads(run("load", path, "--json").stdout)
    assert (told["same"], told["refused"], len(told["told"]), told["ended"]) == (1, 31, 31, None)
    path.write_text("[7]")
    assert run("load", path).exit_code == 1
    path.write_text("[" + json.dumps(second())[:-9])
    broken = run("load", path)
    assert (broken.exit_code, "could not be read" in broken.stderr) == (1, True)


def test_the_command_names_what_is_no_such_file(run: Callable[..., Result], tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("source,identifier,name,colour\n")
    table = [
        (tmp_path / "nowhere.json", "can't be read"),
        (tmp_path, "can't be read"),
        (zipped(tmp_path / "text.zip", a__txt="bees"), "has no JSON inside"),
        (tmp_path / "empty.csv", "missing: source, identifier, name"),
        (tmp_path / "other.csv", "unknown: colour"),
    ]
    for path, why in table:
        answer = run("load", path)
        assert (answer.exit_code, why in answer.stderr) == (1, True), answer.stderr


def test_an_operator_adds_one_and_finds_it(run: Callable[..., Result]) -> None:
    words = ("add", "Łódź Bee Institute", "--id", BEES, "--city", "Łódź", "--country", "PL")
    assert "did: added" in run(*words).stdout
    assert "did: same" in run(*words).stdout
    assert "did: changed" in run(*words, "--url", "https://bees.example").stdout
    for wrong, why in (
        ("--country", "is no country"),
        ("--id", "is no identifier"),
        ("--source", "no source"),
    ):
        answer = run(*words, wrong, "bees")
        assert (answer.exit_code, why in answer.stderr) == (1, True)
    assert run("find", "lodz bee").stdout.splitlines() == [
        "Łódź Bee Institute (Łódź, PL)",
        f"    ROR  {BEES}",
    ]
    [found] = json.loads(run("find", "LODZ", "--json").stdout)
    assert found["ids"] == [{"source": "ROR", "id": BEES}]
    assert json.loads(run("find", "wasps", "--json").stdout) == []
