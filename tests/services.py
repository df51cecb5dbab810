"""Makes the neighbours that the tests need, and runs a command beside them.

    python tests/services.py [--in-memory] COMMAND…

`--in-memory` keeps the databases and whatever else is temporary in memory where there is room: half of the
time of a test went to making its database on a disk. Measurements don't want that.

A throw-away PostgreSQL cluster is started in a temporary folder and named to the command by
LAELIA_TEST_POSTGRES; Debian's Chromium by LAELIA_TEST_CHROMIUM; axe-core, which looks for barriers in pages,
comes from npm and is named by LAELIA_TEST_AXE. As root on Debian or Ubuntu a missing
package is installed; elsewhere one line per missing part says what will be skipped and why.
"""

import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

AXE = "axe-core@4.14.1"
KEPT = pathlib.Path(__file__).resolve().parents[1] / ".venv" / "npm"


def postgres_tools() -> pathlib.Path | None:
    """The folder with initdb and pg_ctl: Debian keeps it off the PATH, one folder for each major version."""
    found = sorted(
        pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return pathlib.Path(on_path).parent if on_path else None


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def npm() -> str | None:
    return shutil.which("npm")


def xmlsec1() -> str | None:
    return shutil.which("xmlsec1")


def curl() -> str | None:
    return shutil.which("curl")


PACKAGES: dict[str, tuple[str, Callable[[], object]]] = {
    "postgresql": ("PostgreSQL", postgres_tools),
    "chromium": ("Chromium", chromium),
    "npm": ("npm", npm),
    "curl": ("curl", curl),
    "xmlsec1": ("xmlsec1, which SAML needs,", xmlsec1),
}


def install_missing() -> None:
    missing = [package for package, (_, look) in PACKAGES.items() if not look()]
    install(*missing)
    for package in missing:
        name, look = PACKAGES[package]
        if not look():
            print(
                f"{name} is not installed: its tests will be skipped. As root: apt-get install {package}",
                flush=True,
            )


def install(*packages: str) -> None:
    """Debian packages, as root on Debian or Ubuntu; elsewhere nothing happens."""
    apt = shutil.which("apt-get")
    if not packages or os.geteuid() != 0 or not apt:
        return
    print(f"installing {' '.join(packages)} with apt-get", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Creating the packaged cluster would start a server that nobody asked for.
    conf = pathlib.Path("/etc/postgresql-common/createcluster.conf")
    if not conf.exists():
        conf.parent.mkdir(parents=True, exist_ok=True)
        conf.write_text("create_main_cluster = false\n")
    for command in (
        [apt, "-q", "update"],
        [apt, "-q", "install", "-y", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            sys.stdout.buffer.write(done.stdout)


# A test's data may be lost with the machine: without waiting for the disk the tests take half the time.
FORGETFUL = (
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c jit=off"
    " -c wal_level=minimal -c max_wal_senders=0"
)
MEMORY, ROOM = pathlib.Path("/dev/shm"), 6 << 30


@contextlib.contextmanager
def in_memory() -> Iterator[None]:
    """Temporary folders of this process and of those that it starts are in memory, where that has room."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield
        return
    folder = tempfile.mkdtemp(prefix="laelia-", dir=MEMORY)
    pathlib.Path(folder).chmod(0o711)  # the user that PostgreSQL runs as passes through
    tempfile.tempdir = os.environ["TMPDIR"] = folder
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgres(tools: pathlib.Path, durable: bool = False) -> Iterator[str]:
    """A cluster on a socket of its own, without durability unless asked for; PostgreSQL refuses to run as
    root, so root hands the folder to the user that Debian's package makes."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="laelia-pg-"))
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(folder, owner.pw_uid, owner.pw_gid)

    as_owner: dict[str, Any] = (
        {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_owner)

    data = str(folder / "data")
    options = (
        f"-k {folder} -c listen_addresses= -c max_connections=200 -c shared_buffers=128MB"
        f" {'' if durable else FORGETFUL}"
    )
    try:
        run(
            str(tools / "initdb"), "-D", data, "-U", "laelia", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        run(str(tools / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql+psycopg://laelia@/postgres?host={folder}"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            run(str(tools / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def axe() -> pathlib.Path | None:
    """axe-core's one file, packed by npm the first time; None where that can't be had."""
    file = KEPT / AXE / "package" / "axe.min.js"
    if not file.exists() and (program := npm()):
        file.parent.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [program, "pack", AXE, "--silent"], cwd=KEPT / AXE, stdout=subprocess.PIPE, text=True
        )
        if done.returncode == 0:
            with tarfile.open(KEPT / AXE / done.stdout.split()[-1]) as archive:
                archive.extractall(KEPT / AXE, filter="data")
    return file if file.exists() else None


def main() -> int:
    install_missing()
    command = sys.argv[1:]
    with contextlib.ExitStack() as stack:
        if command[:1] == ["--in-memory"]:
            command.pop(0)
            stack.enter_context(in_memory())
        environment = dict(os.environ)
        if tools := postgres_tools():
            environment["LAELIA_TEST_POSTGRES"] = stack.enter_context(postgres(tools))
        if browser := chromium():
            environment["LAELIA_TEST_CHROMIUM"] = browser
        if script := axe():
            environment["LAELIA_TEST_AXE"] = str(script)
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
