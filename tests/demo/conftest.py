"""Runs `laelia demo` as anybody would: a process of its own, four services, real ports."""

import json
import os
import pathlib
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Played:
    """How one run ended: its exit code, its summary and what it told people meanwhile."""

    code: int
    summary: dict[str, Any]
    told: str


Demo = Callable[..., Played]


def free_block() -> int:
    """The first of four free ports in a row. Below the range that outgoing connections draw from."""
    for base in range(20000 + os.getpid() % 500 * 20, 32000, 4):
        probes = []
        try:
            for port in range(base, base + 4):
                probe = socket.socket()
                # As servers bind: a port whose last connection still waits out its time is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probes.append(probe)
                probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        else:
            return base
        finally:
            for probe in probes:
                probe.close()
    raise RuntimeError("no four free ports in a row")


@pytest.fixture(scope="session")
def ports() -> int:
    return free_block()


@pytest.fixture(scope="session")
def demo(ports: int) -> Demo:
    def run(var: pathlib.Path, *words: str, port_base: int = ports) -> Played:
        done = subprocess.run(
            [sys.executable, "-m", "laelia", "demo", "--once", "--json", "--var", str(var),
             "--port-base", str(port_base), *words],
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        try:
            return Played(done.returncode, json.loads(done.stdout), done.stderr)
        except json.JSONDecodeError:
            raise AssertionError(f"no summary: {done.stdout}\n{done.stderr}") from None

    return run
