"""A sandbox that is started with fixtures, over and over, and who asks it."""

import functools
import pathlib
from typing import Any

import sqlalchemy as sa

from laelia.lib.clock import StoppedClock
from laelia.lib.http import Http, Response
from laelia.lib.secret import Passwords
from laelia.registry import app, tables
from laelia.registry.bulk import fixtures
from laelia.registry.bulk.fixtures import place
from laelia.registry.settings import Settings

GUIDE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "guides" / "fixtures.yaml"
SITE = "https://registry.test"
# Of the guide's file.
ADA, UNCLAIMED, LOCKED, DEACTIVATED, DEPRECATED = (
    "0009-8000-0000-0012", "0009-8000-0000-0039", "0009-8000-0000-0047", "0009-8000-0000-0055",
    "0009-8000-0000-0063",
)  # fmt: skip
MEMBER, OWN, REVOKED, EXPIRED = (
    "0e5f2c1a-7a30-4f0e-9d0b-3d6b1c5f7a10",
    "3c6a9b52-1f0e-4d7c-8a45-90b1c2d3e4f5",
    "1b2c3d4e-0000-4000-8000-000000000001",
    "1b2c3d4e-0000-4000-8000-000000000002",
)


@functools.cache
def _hashes(path: pathlib.Path) -> dict[str, str]:
    """Hashing is slow on purpose, and starts a process: once is enough."""
    passwords = Passwords()
    try:
        return place.hashes(fixtures.read(path), passwords)
    finally:
        passwords.close()


class Sandbox:
    def __init__(self, database: str, var: pathlib.Path) -> None:
        self._settings = Settings(database=database, public_url=SITE, sandbox=True, var=var)
        self._open()

    def _open(self) -> None:
        self.service = app.build(self._settings, clock=StoppedClock(1_795_000_000_000))
        self.http = Http(apps={SITE: self.service.wsgi})

    def restart(self) -> None:
        """The registry is ended and started again."""
        self.service.close()
        self._open()

    def start_with(self, given: fixtures.Fixtures | None = None) -> None:
        """With these, or with the guide's."""
        with self.service.db.writing() as tx:
            now = self.service.clock.now()
            place.start_with(tx, now, given or fixtures.read(GUIDE), _hashes(GUIDE), self.service.keys)

    def ask(
        self, path: str, token: str | None = None, method: str = "GET", version: str = "3.0", **more: Any
    ) -> Response:
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.http.request(method, f"{SITE}/v{version}/{path}", headers=headers, **more)

    def rows(self, table: str) -> list[dict[str, Any]]:
        with self.service.db.reading() as tx:
            return [dict(row) for row in tx.execute(sa.select(tables.metadata.tables[table])).mappings()]
