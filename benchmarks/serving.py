"""What the benchmarks start beside themselves: the registry as its command serves it, and Debian's tools."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests import services

PACKAGES = {"nginx": "nginx-light", "wrk": "wrk"}
READY_WITHIN_SECONDS = 60


class Missing(Exception):
    """A tool that a benchmark needs is not there; the text says how to get it."""


@dataclass(frozen=True)
class Server:
    """A server that runs: its address, its first process, and the file its log goes to."""

    url: str
    pid: int
    log: pathlib.Path

    def cpu_seconds(self) -> float:
        """Processor time of it and its workers so far: steadier than the clock on a busy machine."""
        ticks = sum(_ticks(pid) for pid in (self.pid, *_children(self.pid)))
        return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _children(pid: int) -> list[int]:
    tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def tool(name: str) -> str:
    """The path of nginx or wrk; as root on Debian it is installed when missing."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    if shutil.which(name, path=path) is None:
        services.install(PACKAGES[name])
    found = shutil.which(name, path=path)
    if found is None:
        raise Missing(f"{name} is not installed. As root: apt-get install {PACKAGES[name]}")
    return found


def postgres_tools() -> pathlib.Path:
    if services.postgres_tools() is None:
        services.install("postgresql")
    tools = services.postgres_tools()
    if tools is None:
        raise Missing("PostgreSQL is not installed. As root: apt-get install postgresql")
    return tools


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of a throw-away cluster that waits for the disk, as a real one does."""
    with services.postgres(postgres_tools(), durable=True) as url:
        yield url


@contextlib.contextmanager
def folder() -> Iterator[pathlib.Path]:
    made = pathlib.Path(tempfile.mkdtemp(prefix="laelia-bench-"))
    made.chmod(0o755)  # nginx's workers read here as another user
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def registry(database: str, at: pathlib.Path, **settings: object) -> Iterator[Server]:
    """`laelia registry serve` on loopback."""
    port, log = free_port(), at / "registry.log"
    url = f"http://localhost:{port}"
    given = {"database": database, "public_url": url, "port": port, "var": at / "var", **settings}
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LAELIA_")},
        **{f"LAELIA_REGISTRY_{name.upper()}": str(value) for name, value in given.items()},
    }
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "laelia", "registry", "serve"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=sink,
            text=True,
        )
    try:
        assert process.stdout
        if not process.stdout.readline().startswith("ready "):
            raise RuntimeError(f"the registry did not start: {log.read_text()[-2000:]}")
        yield Server(url, process.pid, log)
    finally:
        end(process)


@contextlib.contextmanager
def nginx(root: pathlib.Path, at: pathlib.Path, media_type: str) -> Iterator[Server]:
    """nginx with one worker, serving files; without a log, since it is the limit."""
    port = free_port()
    conf = at / "nginx.conf"
    conf.write_text(f"""
        worker_processes 1; daemon off; pid {at}/nginx.pid; error_log {at}/nginx.log;
        events {{ worker_connections 512; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
            default_type {media_type};
            server {{ listen 127.0.0.1:{port}; root {root}; }}
        }}
    """)
    process = subprocess.Popen([tool("nginx"), "-p", str(at), "-c", str(conf)], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not _answers(port):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError(f"nginx did not start: {(at / 'nginx.log').read_text()[-2000:]}")
            time.sleep(0.05)
        yield Server(f"http://localhost:{port}", process.pid, at / "nginx.log")
    finally:
        end(process)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
