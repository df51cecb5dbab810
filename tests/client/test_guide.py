"""The example of the module, and all that the guide shows, run against a registry with its fixtures."""

import pathlib
import re
import shlex
from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner

from client.served import Served, serving
from laelia.cli import main
from laelia.client import orcid
from laelia.lib.secret import Passwords
from laelia.model.work import WorkSummary
from laelia.registry.bulk import fixtures
from laelia.registry.bulk.fixtures import place
from registry.place import Place

GUIDES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guides"
TEXT = (GUIDES / "client.md").read_text()
ORCID, LOCAL = "0009-8000-0000-0012", "http://localhost:8000"


def blocks(kind: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return [body for named, body in found if named == kind]


@pytest.fixture
def served(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Served]:
    with serving() as served:
        at = Place(new_database("laelia.registry.migrations"), tmp_path / "var", site=served.url)
        given, passwords = fixtures.read(GUIDES / "fixtures.yaml"), Passwords()
        with at.service.db.writing() as tx:
            place.start_with(tx, at.clock.now(), given, place.hashes(given, passwords), at.service.keys)
        passwords.close()
        served.app = at.service.wsgi
        yield served
        at.close()


def titles(served: Served) -> set[str | None]:
    record = orcid.Registry(orcid.at(served.url)).record(ORCID)
    return {one.title.title for one in record.section(WorkSummary) if one.title}


def test_the_example_of_the_module(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert orcid.__doc__ is not None
    lines = [line[4:] for line in orcid.__doc__.splitlines() if line.startswith("    ") or not line]
    code = "\n".join(lines).replace(LOCAL, served.url)
    exec(compile(code, "the example", "exec"), {})
    assert "12 Nectar volume of Laelia anceps\n" in capsys.readouterr().out
    verbs = [(verb, path.partition(ORCID)[2]) for verb, path in served.calls]
    assert [verb for verb, _ in verbs] == ["GET", "POST", "PUT", "DELETE"]
    assert titles(served) == {"Nectar volume of Laelia anceps"}


def test_the_python_of_the_guide(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    space: dict[str, object] = {}
    for block in blocks("python"):
        exec(compile(block.replace(LOCAL, served.url), "client.md", "exec"), space)
    said = capsys.readouterr().out
    assert said.startswith("Ada\ndata-set Nectar volume of Laelia anceps\n['nectar']\n")
    assert said.count("added ") == 2
    assert "put-code" in said  # the first of the three was there already
    assert said.endswith("True True\n")
    assert titles(served) == {"Nectar volume of Laelia anceps", "Bees, part 2", "Bees, part 3"}


def test_the_shell_of_the_guide(
    served: Served, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (item,) = blocks("json")
    (tmp_path / "honey.json").write_text(item)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAELIA_RECORD_AT", served.url)
    said = []
    for line in filter(None, "\n".join(blocks("")).splitlines()):
        word, *rest = shlex.split(line)
        if word == "export":
            monkeypatch.setenv(*rest[0].split("=", 1))
        elif rest[0] == "record":
            done = CliRunner().invoke(main, rest)
            assert done.exit_code == 0, line
            said.append(done.stdout)
    assert len(said) == 6
    assert said[1].startswith("<?xml")
    assert said[3:5] == ["changed work 12\n", "deleted work 12\n"]
    assert re.fullmatch(r"added work \d+\n", said[5])
    assert titles(served) == {"Honey of the north"}


def test_the_guide_names_all_there_is() -> None:
    for cls in (orcid.Record, orcid.Registry, orcid.GroupIds):
        public = {name for name in vars(cls) if not name.startswith("_") and callable(getattr(cls, name))}
        assert not [name for name in public if not re.search(rf"\b{name}\b", TEXT)]
    assert not [name for name in ("PRODUCTION", "SANDBOX", "Addresses", "at", "said") if name not in TEXT]
