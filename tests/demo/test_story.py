"""The story that must always work, from registration to the record that anyone reads."""

import fcntl
import json
import pathlib
import socket
import subprocess
import sys

import pytest

from demo.conftest import Demo, Played
from laelia.sandbox.demo.story import STEPS


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def played(demo: Demo, var: pathlib.Path) -> Played:
    return demo(var)


def test_every_step_is_played_and_checked(played: Played) -> None:
    assert played.code == 0, played.told
    assert "failed" not in played.summary
    assert [step["step"] for step in played.summary["steps"]] == [step.name for step in STEPS]


def test_no_log_holds_a_secret_of_the_story(played: Played, var: pathlib.Path) -> None:
    assert played.code == 0, played.told
    memory = json.loads((var / "demo.json").read_text())
    secrets = [value for name, value in memory.items() if "secret" in name or "password" in name]
    assert len(secrets) >= 4
    logs = "".join(path.read_text() for path in (var / "logs").iterdir())
    assert '"route"' in logs, "the services log their requests"
    assert not [name for name, value in memory.items() if value in secrets and str(value) in logs]
    assert memory["email"] not in logs
    for telltale in ("Bearer ", "access_token", "code=", "state=", "csrf"):
        assert telltale not in logs, telltale


def test_the_demos_memory_is_for_its_owner_alone(played: Played, var: pathlib.Path) -> None:
    assert (var / "demo.json").stat().st_mode & 0o077 == 0


def test_started_again_it_repeats_nothing(played: Played, demo: Demo, var: pathlib.Path) -> None:
    again = demo(var)
    assert again.code == 0, again.told
    assert all(step["again"] for step in again.summary["steps"])
    assert [step["link"] for step in again.summary["steps"]] == [s["link"] for s in played.summary["steps"]]


def test_other_ports_for_the_same_data_are_refused(played: Played, demo: Demo, var: pathlib.Path) -> None:
    moved = demo(var, port_base=31000)
    assert moved.code == 1
    assert "--port-base" in moved.summary["failed"]["why"]


def test_a_taken_port_is_named(demo: Demo, ports: int, tmp_path: pathlib.Path) -> None:
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", ports + 2))
        squatter.listen()
        refused = demo(tmp_path)
    assert refused.code == 1
    assert f"port {ports + 2} is taken" in refused.summary["failed"]["why"]


def test_a_running_demo_is_neither_started_twice_nor_reset(demo: Demo, tmp_path: pathlib.Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "a demo runs" in demo(tmp_path).summary["failed"]["why"]
        reset = [sys.executable, "-m", "laelia", "demo", "--reset", "--var", str(tmp_path)]
        refused = subprocess.run(reset, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "a demo runs" in refused.stderr
    assert (tmp_path / "demo.json").exists()
