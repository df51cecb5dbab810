"""Services as processes of their own, to be killed: from the ready line on, each in a session of its own."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Mapping

from laelia.sandbox.demo.services import Neighbourhood, Service

ENDS_WITHIN = 60


def start(
    place: Neighbourhood, service: Service, *words: str, more: Mapping[str, str] | None = None,
    may_die: bool = False, act: str = "serve",
) -> subprocess.Popen[str]:  # fmt: skip
    """`laelia … serve` (or `work`), when it answers, or where it may when it is dead."""
    logs = place.var / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{service.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "laelia", *service.command, act, *words],
            env={**place.environment(), **(more or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=log, text=True, start_new_session=True,
        )  # fmt: skip
    assert process.stdout is not None
    if not process.stdout.readline().startswith("ready ") and not may_die:
        kill(process)
        raise AssertionError(f"{service.name} did not start: {last_words(logs / f'{service.name}.log')}")
    return process


def signal_all(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the server and its worker in one call; returns at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def kill(process: subprocess.Popen[str]) -> None:
    signal_all(process)
    process.wait(ENDS_WITHIN)
    if process.stdout is not None:
        process.stdout.close()


def last_words(log: pathlib.Path) -> str:
    return " / ".join(log.read_text(errors="replace").strip().splitlines()[-3:]) or "it said nothing"
