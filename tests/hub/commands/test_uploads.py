"""Files by command: templates, verdicts without keeping anything, filing, results."""

import json
import pathlib
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner, Result

from hub.uploads.desk import Desk, desk_of
from hub.web.town import Town
from laelia.connectors.files.kinds import KINDS
from laelia.hub.commands import commands, common

GOOD = "id,email,keyword\nK1,ada@uni.example,rivers\nK2,nobody@uni.example,silt\n"


@pytest.fixture
def desk(town: Town) -> Desk:
    return desk_of(town)


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr(common, "opened", lambda: nullcontext(desk.hub))
    return lambda *words: CliRunner().invoke(commands, list(words))


def test_a_file_is_judged_filed_and_handed_back(
    desk: Desk, run: Callable[..., Result], tmp_path: pathlib.Path
) -> None:
    file, ours = tmp_path / "keywords.csv", ("--organisation", "library")
    file.write_text(GOOD)
    tried = run("upload", str(file), *ours, "--dry-run", "--json")
    assert tried.exit_code == 1
    told = json.loads(tried.stdout)
    assert (told["kind"], told["ok"], told["columns"]["keyword"]) == ("keywords", 1, "keyword")
    assert told["wrong"][0]["row"] == 3
    assert desk.town.rows("upload") == []
    assert desk.town.rows("assertion") == []

    done = run("upload", str(file), *ours)
    assert done.exit_code == 1
    assert "no such person" in done.stdout
    number = str(desk.town.rows("upload")[0].id)
    assert f"This is upload {number}." in done.stdout
    desk.work()
    assert desk.standing("keywords") == ["rivers"]
    listed = json.loads(run("uploads", *ours, "--json").stdout)
    assert [(each["file"], each["state"], each["added"]) for each in listed] == [("keywords.csv", "filed", 1)]

    for flags, name in (((), "all.csv"), (("--wrong",), "wrong.csv")):
        assert run("results", number, *ours, "--to", str(tmp_path / name), *flags).exit_code == 0
    assert "in-record" in (tmp_path / "all.csv").read_text("utf-8-sig")
    assert "K1" not in (tmp_path / "wrong.csv").read_text("utf-8-sig")
    again = run("results", number, *ours, "--to", str(tmp_path / "all.csv"))
    assert (again.exit_code, "can't be written" in again.output) == (1, True)


def test_another_header_is_named(desk: Desk, run: Callable[..., Result], tmp_path: pathlib.Path) -> None:
    file, ours = tmp_path / "words.csv", ("--organisation", "library", "--kind", "keywords")
    file.write_text("email,what\nada@uni.example,rivers\n")
    lacking = run("upload", str(file), *ours)
    assert (lacking.exit_code, "need keyword" in lacking.output) == (1, True)
    assert run("upload", str(file), *ours, "--column", "keyword=what").exit_code == 0
    assert run("upload", str(file), *ours, "--column", "keyword=that").exit_code == 1
    assert run("upload", str(file), *ours, "--column", "keyword").exit_code == 1


def test_what_cannot_be_is_said(desk: Desk, run: Callable[..., Result], tmp_path: pathlib.Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("email,email\n")
    refused = run("upload", str(file), "--organisation", "library")
    assert (refused.exit_code, "Two columns are called" in refused.output) == (1, True)
    assert "no environment" in run("uploads", "--organisation", "nobody").output
    assert (
        "no upload 77"
        in run("results", "77", "--organisation", "library", "--to", str(tmp_path / "r")).output
    )
    assert "no kind" in run("upload", str(file), "--organisation", "library", "--kind", "poems").output
    assert "must end in" in run("template", "works", "--to", str(tmp_path / "t.doc")).output
    assert "no kind" in run("template", "poems", "--to", str(tmp_path / "t.csv")).output


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_of_every_kind(kind: str, tmp_path: pathlib.Path) -> None:
    for ending in ("csv", "tsv", "xlsx", "json"):
        path = tmp_path / f"{kind}.{ending}"
        assert CliRunner().invoke(commands, ["template", kind, "--to", str(path)]).exit_code == 0
        assert path.stat().st_size > 40
