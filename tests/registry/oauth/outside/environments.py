"""An environment of its own for each foreign client, made once under `.venv/outside` and kept until its
versions change. Those that are missing are made side by side."""

import fcntl
import functools
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).parent
FOLDER = pathlib.Path(__file__).resolve().parents[4] / ".venv" / "outside"
DONE = "made"


class CantMake(Exception):
    """An environment can't be had here; the message says why."""


def _wanted() -> dict[str, list[str]]:
    lines = [line.split() for line in (HERE / "versions.txt").read_text().splitlines()]
    return {words[0]: words[1:] for words in lines if words and words[0] != "#"}


def _place(name: str, packages: list[str]) -> pathlib.Path:
    """A folder for exactly these packages and this Python."""
    said = " ".join([sys.version, *packages])
    return FOLDER / f"{name}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


@functools.cache
def all_of_them() -> dict[str, pathlib.Path | CantMake]:
    """The folder of each environment, or why it can't be had. Of several processes one makes them."""
    wanted = _wanted()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with ThreadPoolExecutor(len(wanted)) as threads:
            return dict(zip(wanted, threads.map(_made, wanted, wanted.values()), strict=True))


def _made(name: str, packages: list[str]) -> pathlib.Path | CantMake:
    place = _place(name, packages)
    if (place / DONE).exists():
        return place
    for older in FOLDER.glob(f"{name}-*"):
        shutil.rmtree(older, ignore_errors=True)
    try:
        _of_node(place, packages) if "@" in packages[0] else _of_python(place, packages)
    except CantMake as reason:
        return reason
    (place / DONE).touch()
    return place


def _of_python(place: pathlib.Path, packages: list[str]) -> None:
    _run(sys.executable, "-m", "venv", "--without-pip", str(place))
    quiet = ("--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:")
    _run(sys.executable, "-m", "pip", "--python", str(place / "bin/python"), "install", *quiet, *packages)


def _of_node(place: pathlib.Path, packages: list[str]) -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise CantMake("node and npm are not installed. As root: apt-get install nodejs npm")
    place.mkdir(parents=True)
    quiet = ("--silent", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--ignore-scripts")
    _run(npm, "install", *quiet, "--prefix", str(place), *packages)


def _run(*command: str) -> None:
    plain = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, capture_output=True, text=True, env=plain)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CantMake(
            f"{pathlib.Path(command[0]).name} {' '.join(command[1:4])}: {said[-1] if said else 'failed'}"
        )
