"""The sandbox's repository beside the hub's town, minting at its DOI registry, and what depositors do."""

import pathlib
from collections.abc import Callable
from typing import Any

from hub.web.town import DOI, REPOSITORY, Town
from laelia.connectors.table import CONNECTORS
from laelia.hub import assertions, organisations, people, pull
from laelia.lib.clock import DAY, HOUR
from laelia.sandbox.repository import app
from laelia.sandbox.repository import people as accounts
from laelia.sandbox.repository.settings import Settings
from registry.place import Person

SITE = "https://repository.test"
OWN = "/v2/account/articles"
ITEM = {
    "title": "Nectar volume of Laelia anceps", "description": "<p>Measured at three altitudes.</p>",
    "defined_type": "dataset", "license": 1, "categories": [24031], "tags": ["orchids"],
    "is_metadata_record": True,
}  # fmt: skip


class Repository:
    """`town.datacite` draws from DataCite and, after `draw`, from this as well."""

    def __init__(self, new_database: Callable[..., str], folder: pathlib.Path) -> None:
        # The town is built with the repository's address before the repository, which needs the town.
        self.town = town = Town(new_database, folder, apps={SITE: self._answer})
        settings = Settings(
            database=new_database("laelia.sandbox.repository.migrations"), public_url=SITE, doi_url=DOI,
            doi_resolver=DOI, doi_user=REPOSITORY["name"], doi_password=REPOSITORY["password"],
            registry_site=town.registry, var=folder / "repository", id_base="https://orcid.org",
        )  # fmt: skip
        self.service = app.build(settings, http=town.http, clock=town.clock)

    def _answer(self, environ: Any, start: Any) -> Any:
        return self.service.wsgi(environ, start)

    def close(self) -> None:
        self.service.close()
        self.town.close()

    def token(self, who: Person) -> str:
        with self.service.db.writing() as tx:
            now = self.town.clock.now()
            account = accounts.signed_in(tx, now, who.orcid, who.name, "")
            return accounts.add_token(tx, now, account, "tests")

    def call(self, token: str, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"token {token}"}
        answer = self.town.everyone.request(method, SITE + path, json=body, headers=headers, trusted=True)
        assert answer.status < 300, answer.text
        return answer

    def publish(self, token: str, **more: Any) -> int:
        """A new public item, told to the DOI registry as well."""
        made = int(self.call(token, "POST", OWN, {**ITEM, **more}).json()["entity_id"])
        self.call(token, "POST", f"{OWN}/{made}/publish")
        self.service.work()
        return made

    def change(self, token: str, made: int, **more: Any) -> None:
        self.call(token, "PUT", f"{OWN}/{made}", more)
        self.call(token, "POST", f"{OWN}/{made}/publish")
        self.service.work()

    def unpublish(self, token: str, made: int) -> None:
        self.call(token, "POST", f"{OWN}/{made}/unpublish", {"reason": "The wrong file."})
        self.service.work()

    # ---- the hub's side

    def draw(self, prefer: str | None = None, **narrowed: str) -> None:
        """Draw from the repository as `laelia hub source set` does, and `prefer`."""
        town, hub = self.town, self.town.hub
        with hub.db.writing() as tx:
            place = organisations.environment(tx, town.datacite, hub.keys)
            token = narrowed.pop("token", None)
            place = pull.choose(hub, tx, place, CONNECTORS["figshare"], narrowed, token)
            organisations.standing.start(tx, town.clock.now(), place.id, place.connectors)
        if prefer:
            self.prefer(prefer)

    def prefer(self, chosen: str) -> None:
        with self.town.hub.db.writing() as tx:
            place = organisations.environment(tx, self.town.datacite, self.town.hub.keys)
            assertions.choose(tx, self.town.clock.now(), place, chosen)

    def follow(self, who: Person, *connectors: str) -> None:
        with self.town.hub.db.writing() as tx:
            now, place = self.town.clock.now(), self.town.datacite
            for connector in connectors:
                people.choose(tx, now, place, who.orcid, connector, "auto-update", True)
                pull.wake_look_back(tx, now, place, who.orcid, connector)

    def settle(self) -> None:
        self.town.clock.advance(HOUR)
        self.town.work()

    def settle_day(self) -> None:
        self.town.clock.advance(DAY)
        self.town.work()


def rows(repository: Repository, who: Person) -> dict[str, Any]:
    town = repository.town
    with town.hub.db.reading() as tx:
        return {row.key: row for row in assertions.rows(tx, town.datacite, who.orcid)}


def standing(repository: Repository, who: Person) -> dict[str, str]:
    """What is on the record by key, and from where."""
    return {
        key: row.connector
        for key, row in rows(repository, who).items()
        if row.wanted and row.state == "in-record"
    }


def works(repository: Repository, who: Person) -> list[list[dict[str, Any]]]:
    """The works everyone may see, by group: type, title, ids."""
    town = repository.town
    answer = town.everyone.get(
        f"{town.registry}/v3.0/{who.orcid}/works", headers={"Accept": "application/json"}
    ).json()
    return [
        [
            {
                "title": one["title"]["title"]["value"],
                "type": one["type"],
                "journal": one["journal-title"],
                "ids": [
                    (each["external-id-type"], each["external-id-value"], each["external-id-relationship"])
                    for each in one["external-ids"]["external-id"]
                ],
            }
            for one in group["work-summary"]
        ]
        for group in answer["group"]
    ]
