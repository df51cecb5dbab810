"""What every test may use: a fresh database on each backend, the shared data, and a network that is off."""

import contextlib
import os
import pathlib
import shutil
import socket
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from functools import cache

import pytest
import sqlalchemy

import laelia.lib.passwords
from campaigns import proof
from laelia.lib.database import Database, migrate
from laelia.lib.passwords import COST, Passwords, _Helper

BACKENDS = ("sqlite", "postgresql")
SHARED = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"
POSTGRES_URL_FILE = pathlib.Path(__file__).resolve().parents[1] / "var" / "test-postgres.url"


def size(small: int, full: int) -> int:
    """How large a campaign is: `small` in make test, `full` in make soak."""
    return full if os.environ.get("LAELIA_SOAK") else small


def postgres_url() -> str | None:
    url = os.environ.get("LAELIA_TEST_POSTGRES")
    if not url and POSTGRES_URL_FILE.exists():
        url = POSTGRES_URL_FILE.read_text().strip()
    return url or None


@pytest.fixture(params=BACKENDS, scope="module")
def backend(request: pytest.FixtureRequest) -> str:
    """The name of the database a test runs on: every test that asks for it runs on both."""
    if request.param == "postgresql" and not postgres_url():
        pytest.skip("no PostgreSQL: LAELIA_TEST_POSTGRES is not set (make test starts one)")
    return str(request.param)


@pytest.fixture(scope="session", autouse=True)
def helper_of_passwords() -> Iterator[None]:
    """It takes an eighth of a second to start, and thousands of tests sign somebody in: one is kept, and its
    hashes are cheap. What they cost where it counts is tested in lib/test_small."""
    dear, passwords = dict(COST), Passwords()
    COST.update(time_cost=1, memory_cost=8)
    passwords.hash("kept")
    COST.update(dear)
    yield
    passwords.close()


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch) -> _Helper:
    """One that nobody uses yet, and whose hashes take what they take in earnest."""
    fresh = _Helper()
    monkeypatch.setattr(laelia.lib.passwords, "_helper", fresh)
    return fresh


NewDatabase = Callable[..., str]


@pytest.fixture
def new_database(
    backend: str, tmp_path: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewDatabase]:
    """new_database(package=None) → the URL of a fresh database, migrated when a migrations package is named.

    Migrations run once per package and process into a template; a test gets a copy.
    """
    with _databases(backend, tmp_path, tmp_path_factory) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def module_database(backend: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """The same for a database that all tests of a module share."""
    with _databases(backend, tmp_path_factory.mktemp("shared"), tmp_path_factory) as fresh:
        yield fresh


@contextlib.contextmanager
def _databases(
    backend: str, folder: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewDatabase]:
    made: list[str] = []

    def fresh(package: str | None = None) -> str:
        name = f"t{uuid.uuid4().hex[:16]}"
        if backend == "sqlite":
            path = folder / f"{name}.db"
            if package:
                shutil.copy(_sqlite_template(package, tmp_path_factory), path)
            return f"sqlite:///{path}"
        made.append(name)
        _admin(f'CREATE DATABASE "{name}" TEMPLATE "{_postgres_template(package)}" {_copying()}')
        return _named(name)

    yield fresh
    for name in made:
        _admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


_templates: dict[tuple[str, str], str] = {}


def _sqlite_template(package: str, factory: pytest.TempPathFactory) -> str:
    if ("sqlite", package) not in _templates:
        path = factory.mktemp("template") / "template.db"
        database = Database(f"sqlite:///{path}")
        migrate(database, package)
        database.dispose()
        with contextlib.closing(sqlite3.connect(path)) as connection:
            # The copy is of one file: what stands in the write-ahead log must be in it.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _templates["sqlite", package] = str(path)
    return _templates["sqlite", package]


def _postgres_template(package: str | None) -> str:
    if package is None:
        return "template0"
    if ("postgresql", package) not in _templates:
        name = f"template_{uuid.uuid4().hex[:12]}"
        _admin(f'CREATE DATABASE "{name}" TEMPLATE template0')
        database = Database(_named(name))
        migrate(database, package)
        database.dispose()
        _templates["postgresql", package] = name
    return _templates["postgresql", package]


def _named(name: str) -> str:
    url = sqlalchemy.make_url(postgres_url() or "")
    return url.set(database=name).render_as_string(hide_password=False)


@cache
def _copying() -> str:
    """Files are copied as they are, which is faster than by the log; that has a name since PostgreSQL 15."""
    engine = sqlalchemy.create_engine(postgres_url() or "")
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
    engine.dispose()
    return "STRATEGY = FILE_COPY" if int(found) >= 150000 else ""


def _admin(statement: str) -> None:
    engine = sqlalchemy.create_engine(postgres_url() or "", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of foreign schemas, samples and records; it is read in place and never copied in here."""
    if not SHARED.is_dir():
        pytest.skip("the shared data folder is not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = os.environ.get("LAELIA_TEST_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium (make test installs Debian's where it may)")
    return path


@pytest.fixture(autouse=True, scope="session")
def _network_is_off() -> Iterator[None]:
    """A test that reaches beyond this machine fails instead of depending on the weather."""
    patch = pytest.MonkeyPatch()
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"the network is off in tests: {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    patch.setattr(socket.socket, "connect", only_here)
    yield
    patch.undo()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """The summary counts both databases and the browser: a run that left one out shows it. The figures of
    campaigns stand before it."""
    for line in proof.told:
        terminalreporter.write_line(line)
    passed = [report.nodeid for report in terminalreporter.getreports("passed") if report.when == "call"]
    tally = {name: sum(f"[{name}" in node or f"-{name}" in node for node in passed) for name in BACKENDS}
    browser = sum("tests/browser/" in node for node in passed)
    rest = len(passed) - sum(tally.values())
    skipped = len(terminalreporter.getreports("skipped"))
    terminalreporter.write_line(
        f"laelia: {tally['sqlite']} passed on SQLite, {tally['postgresql']} on PostgreSQL, "
        f"{rest} without a database; {browser} of all in Chromium; {skipped} skipped"
    )


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("LAELIA_NO_SKIP") == "1" and reporter is not None:
        skipped = reporter.getreports("skipped")
        if skipped and exitstatus == 0:
            reporter.write_line(f"LAELIA_NO_SKIP=1: {len(skipped)} skipped, which counts as failed")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
