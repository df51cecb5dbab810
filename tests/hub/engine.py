"""A hub's engine without its pages, on a database of the test's choice."""

import pathlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from laelia.client.oauth import Granted
from laelia.hub import assertions, organisations, people, tables
from laelia.hub.settings import Settings
from laelia.lib.clock import StoppedClock
from laelia.lib.database import Database
from laelia.lib.http import Http
from laelia.lib.secret import KeyRing
from laelia.model.common import ExternalId
from laelia.model.work import Work, WorkTitle

ANNA, BELA = "0000-0002-1825-0097", "0000-0001-5109-3700"
SCOPES = frozenset({"/read-limited", "/activities/update"})


@dataclass
class Engine:
    """What `laelia.hub.settings.Hub` asks for, with shorthands for tests."""

    db: Database
    http: Http
    clock: StoppedClock
    keys: KeyRing
    settings: Settings

    def environment(self, name: str = "sandbox", client: str = "APP-SCRIPT", **more: Any) -> int:
        with self.db.writing() as tx:
            organisations.add_organisation(tx, self.clock.now(), slug="datacite", name="DataCite")
            made = organisations.add_environment(
                tx,
                self.clock.now(),
                self.keys,
                organisation="datacite",
                name=name,
                client_id=client,
                client_secret="client-secret",
                site_url="https://registry.test",
                api_url="https://registry.test",
                pub_url="https://registry.test",
                **more,
            )
        return made

    def grant(
        self, environment: int, orcid: str = ANNA, token: str = "token-1", name: str = "Anna Ashe"
    ) -> None:
        granted = Granted(
            orcid=orcid,
            name=name,
            scopes=SCOPES,
            access_token=token,
            refresh_token=None,
            expires_in=631_138_518,
        )
        with self.db.writing() as tx:
            people.grant(tx, self.clock.now(), environment, granted, self.keys)
            assertions.wake(tx, self.clock.now(), environment, orcid)

    def want(self, environment: int, number: int, title: str = "A title", orcid: str = ANNA) -> None:
        doi = f"10.5072/n{number}"
        entry = assertions.Entry(environment, orcid, "works", f"doi:{doi}", "datacite", "auto-update")
        with self.db.writing() as tx:
            assertions.file(tx, self.clock.now(), entry, work(doi, title))

    def rows(self, environment: int, orcid: str = ANNA) -> dict[str, Any]:
        with self.db.reading() as tx:
            return {row.key: row for row in assertions.rows(tx, environment, orcid)}

    def states(self, environment: int, orcid: str = ANNA) -> list[tuple[str, str | None]]:
        return [(row.state, row.reason) for row in self.rows(environment, orcid).values()]

    def attempts(self) -> list[Any]:
        with self.db.reading() as tx:
            return list(tx.execute(sa.select(tables.attempt).order_by(tables.attempt.c.id)))

    def permission(self, environment: int, orcid: str = ANNA) -> people.Permission | None:
        with self.db.reading() as tx:
            return people.permission(tx, environment, orcid, self.keys)


def work(doi: str, title: str) -> Work:
    return Work(
        title=WorkTitle(title=title),
        type="data-set",
        external_ids=[ExternalId(type="doi", value=doi, relationship="self")],
    )


def engine(url: str, http: Http, folder: pathlib.Path) -> Engine:
    return Engine(
        Database(url),
        http,
        StoppedClock(),
        KeyRing.open(folder / "keys", create=True),
        Settings(calls_per_second=0, webhooks=False),
    )
