"""The four services of the demo as processes on loopback: their addresses, settings, start and stop."""

import contextlib
import json
import os
import pathlib
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

READY_WITHIN_SECONDS = 60


class CannotStart(Exception):
    """A service did not come up; the text says which, and what it said last."""


@dataclass(frozen=True)
class Service:
    """One of the four: its name, the words of the command that runs it, and its settings' prefix."""

    name: str
    command: tuple[str, ...]
    prefix: str


REGISTRY = Service("registry", ("registry",), "LAELIA_REGISTRY_")
HUB = Service("hub", ("hub",), "LAELIA_HUB_")
DOI = Service("doi", ("sandbox", "doi"), "LAELIA_DOI_")
REPOSITORY = Service("repository", ("sandbox", "repository"), "LAELIA_REPOSITORY_")
SERVICES = (REGISTRY, HUB, DOI, REPOSITORY)


@dataclass(frozen=True)
class Neighbourhood:
    """Where the four live: a folder for their data and a block of four ports."""

    var: pathlib.Path
    port_base: int
    more: Mapping[str, str]

    def port(self, service: Service) -> int:
        return self.port_base + SERVICES.index(service)

    def url(self, service: Service) -> str:
        # localhost and not 127.0.0.1: browsers give it secure cookies and passkeys without TLS.
        return f"http://localhost:{self.port(service)}"

    def environment(self) -> dict[str, str]:
        """The settings of all four, so that an operator's command beside them sees what they see."""
        settings = {
            service.prefix + name: value
            for service in SERVICES
            for name, value in {
                "DATABASE": f"sqlite:///{self.var / service.name}.db",
                "VAR": str(self.var / service.name),
                "PUBLIC_URL": self.url(service),
                "PORT": str(self.port(service)),
                "SANDBOX": "true",
            }.items()
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LAELIA_")}
        return {**inherited, **settings, **self.more}

    def laelia(self, *words: str, secret: str | None = None) -> str:
        """Runs one `laelia` command beside the services and returns what it printed; a secret goes by
        standard input, where no list of processes shows it."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "laelia", *words],
            env=self.environment(), input=None if secret is None else secret + "\n",
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise CannotStart(f"laelia {' '.join(words)}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def ledger(self) -> list[dict[str, Any]]:
        """The hub's ledger, one row for each assertion."""
        rows: list[dict[str, Any]] = json.loads(self.laelia("hub", "ledger", "--json"))
        return rows


def taken_ports(neighbourhood: Neighbourhood) -> list[int]:
    """The ports of the block on which somebody answers already."""
    taken = []
    for service in SERVICES:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", neighbourhood.port(service)))
            except OSError:
                taken.append(neighbourhood.port(service))
    return taken


@contextlib.contextmanager
def running(neighbourhood: Neighbourhood) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """All four, ready; stopped again at the end, whatever happened in between."""
    if taken := taken_ports(neighbourhood):
        listed = ", ".join(map(str, taken))
        raise CannotStart(
            f"port {listed} is taken: stop what listens there, or move all four with --port-base, "
            f"for example --port-base {neighbourhood.port_base + 1000}"
        )
    logs = neighbourhood.var / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    processes: dict[str, subprocess.Popen[str]] = {}
    try:
        for service in SERVICES:
            processes[service.name] = start(neighbourhood, service, logs)
        for service in SERVICES:
            wait_ready(processes[service.name], service, logs)
        yield processes
    finally:
        stop(processes.values())


def start(neighbourhood: Neighbourhood, service: Service, logs: pathlib.Path) -> subprocess.Popen[str]:
    with (logs / f"{service.name}.log").open("ab") as log:
        # A session of its own: an interrupt at the terminal reaches us alone, and we stop them in order.
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "laelia", *service.command, "serve"],
            env=neighbourhood.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            text=True, start_new_session=True,
        )  # fmt: skip


def wait_ready(process: subprocess.Popen[str], service: Service, logs: pathlib.Path) -> None:
    """Returns when the service has printed its ready line."""
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_drain, args=(process, lines), daemon=True).start()
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(queue.Empty):
            if lines.get(timeout=0.1).startswith("ready "):
                return
        if process.poll() is not None:
            break
    said = (logs / f"{service.name}.log").read_text(errors="replace").strip().splitlines()[-3:]
    raise CannotStart(f"the {service.name} did not start: {' / '.join(said) or 'it said nothing'}")


def _drain(process: subprocess.Popen[str], lines: "queue.Queue[str]") -> None:
    # Read on after the ready line, or a service that prints more would block on a full pipe.
    assert process.stdout
    for line in process.stdout:
        lines.put(line)


def stop(processes: Iterable[subprocess.Popen[str]]) -> None:
    listed = list(processes)
    for process in listed:
        process.terminate()
    for process in listed:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
