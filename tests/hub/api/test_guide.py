"""All that the guide and the client's module show, run against a hub on this machine."""

import pathlib
import re
import subprocess
from collections.abc import Callable, Iterator

import orjson
import pytest

from client.served import Served, serving
from hub.staff.desk import BY
from hub.web.town import Town
from laelia.client import hub
from laelia.hub import tables
from laelia.hub.callbacks import EVENTS
from laelia.hub.commands import commands
from laelia.hub.organisations import programs

TEXT = (pathlib.Path(__file__).resolve().parents[3] / "docs" / "guides" / "hub-api.md").read_text()
LOCAL = "http://localhost:8001/garden"
RETURNS = ("https://hr.garden.example/orcid",)


def blocks(kind: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return [body for named, body in found if named == kind]


@pytest.fixture
def served(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Served]:
    with serving() as served:
        town = Town(new_database, tmp_path, site=served.url, secure_cookies=False)
        served.app = town.hub.wsgi
        with town.hub.db.writing() as tx:
            made, secret = programs.add(
                tx, town.clock.now(), BY, town.library, name="Personnel", return_urls=RETURNS
            )
        served.town, served.who = town, (made.client_id, secret)  # type: ignore[attr-defined]
        yield served
        town.close()


def test_the_shell_of_the_guide(served: Served) -> None:
    name, secret = served.who  # type: ignore[attr-defined]
    [script] = blocks("sh")
    script = script.replace(LOCAL, f"{served.url}/library")
    done = subprocess.run(
        ["bash", "-eu", "-c", script.replace("curl -sS", "curl -sS -f -w '\\n'")],
        env={"ID": name, "SECRET": secret, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    person, session, put, read, status = (orjson.loads(line) for line in done.stdout.splitlines() if line)
    assert (person["given_names"], session["local_id"]) == ("Ada", "HR-7")
    assert (put["state"], read["title"]) == ("waiting-permission", "On engines")
    assert status["people"] == {"known": 1}


def test_the_python_of_the_guide_and_of_the_module(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    name, secret = served.who  # type: ignore[attr-defined]
    code = "\n".join(blocks("python"))
    space = {"ID": name, "SECRET": secret}
    exec(compile(code.replace(LOCAL, f"{served.url}/library"), "hub-api.md", "exec"), space)
    said = capsys.readouterr().out
    assert f"send her browser to {served.url}/library/session/" in said
    assert "waiting-permission It waits for her permission." in said
    assert "item /type" in said
    assert "['added', 'added', 'withdrawn']" in said
    assert "HR-8 keywords k0 waiting-permission" in said
    assert hub.__doc__ is not None
    lines = [line[4:] for line in hub.__doc__.splitlines() if line.startswith("    ") or not line]
    example = "\n".join(lines).replace(LOCAL, f"{served.url}/library")
    space = {"CLIENT_ID": name, "CLIENT_SECRET": secret}
    exec(compile(example, "the example", "exec"), space)
    assert capsys.readouterr().out.splitlines()[-1] == "It waits for her permission."


def test_what_the_guide_names_is_there() -> None:
    assert set(re.findall(r"`([a-z-]+)`", TEXT.partition("Events:")[2].partition("Each is")[0])) == set(
        EVENTS
    )
    commanded = {group.name for group in commands.registered_groups}
    assert {"api-client", "callback"} <= commanded
    assert "waiting" in tables.metadata.tables
