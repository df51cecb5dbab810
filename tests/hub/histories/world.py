"""The world of a history: one registry and one hub's database for many of them, each with people of its own;
a hub that can be killed at any point of a push; a network that loses what the history says."""

import pathlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from hub.engine import Engine
from hub.histories.weather import Doors, Killed, Weather
from hub.uploads.desk import KNOWN, UNIVERSITY
from laelia.client.oauth import Granted
from laelia.codec import json
from laelia.hub import assertions, callbacks, organisations, people, tables, worker
from laelia.hub.organisations import audit, standing
from laelia.hub.settings import Settings
from laelia.lib.database import Database
from laelia.lib.http import Http
from laelia.lib.secret import KeyRing
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME
from laelia.registry import tables as there
from laelia.registry.access import person
from laelia.registry.account.closing import merging
from laelia.registry.grants import tokens
from laelia.registry.record import items
from laelia.registry.record import people as records
from laelia.registry.registers import organisations as register
from registry.place import SITE, Place

RECEIVER = "https://programs.garden.example"
SCOPES = frozenset({"/read-limited", "/activities/update", "/person/update"})


def _received(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("204 No Content", [])
    return []


class Ground:
    """What histories share."""

    def __init__(self, new_database: Any, folder: pathlib.Path) -> None:
        self.place = Place(new_database("laelia.registry.migrations"), folder / "registry")
        self.clock = self.place.clock
        self.db = Database(new_database("laelia.hub.migrations"))
        self.keys = KeyRing.open(folder / "keys", create=True)
        self.ours, self.other = self.place.member(name="Ours"), self.place.member(name="Another")
        self.http = Weather({SITE: self.place.service.wsgi, RECEIVER: _received})
        with self.place.service.db.writing() as tx:
            register.put(tx, self.clock.now(), KNOWN[0])
        with self.db.writing() as tx:
            organisations.add_organisation(tx, self.clock.now(), slug="garden", name="Garden University")
            self.environment = organisations.add_environment(
                tx, self.clock.now(), self.keys, organisation="garden", name="sandbox", site_url=SITE,
                client_id=self.ours.id, client_secret=self.ours.secret, api_url=SITE, pub_url=SITE,
                connectors=(),
            )  # fmt: skip
            tx.execute(tables.environment.update().values(delete_share=100))
            callbacks.add(tx, self.clock.now(), audit.HUB, self.keys, self.environment, url=RECEIVER)

    def close(self) -> None:
        self.http.close()
        self.db.dispose()
        self.place.close()

    def clean(self) -> None:
        """Forget what the last history left at the hub, so that its people are not read for ever."""
        kept = ("organisation", "environment", "callback")
        with self.db.writing() as tx:
            for table in reversed(tables.metadata.sorted_tables):
                if table.name not in kept:
                    tx.execute(table.delete())


class World:
    """One history's people, and what can happen to them. `declined`: what must not come back, as (iD,
    section, key); `foreign`: what others put on records, as it stood when they last touched it."""

    def __init__(self, ground: Ground, many: int = 2) -> None:
        ground.clean()
        self.ground, self.clock, self.environment = ground, ground.clock, ground.environment
        self.http = ground.http
        self.http.ahead.clear()
        self.dies: tuple[str, int] | None = None
        self.declined: set[tuple[str, str, str]] = set()
        # By the iD that a record became: the former one, and what she declined of that.
        self.carried: dict[str, tuple[str, set[tuple[str, str, str]]]] = {}
        self.foreign: dict[int, tuple[Any, ...]] = {}
        self.people = [self.born() for _ in range(many)]
        self._start()
        with self.hub.db.writing() as tx:
            standing.start(tx, self.clock.now(), self.environment, ())

    # ---- the hub's life

    def _start(self) -> None:
        self.doors = Doors(self.ground.db)
        settings = Settings(calls_per_second=0, webhooks=False)
        self.hub = Engine(self.doors, self.http, self.clock, self.ground.keys, settings)  # type: ignore[arg-type]
        self.worker = worker.make(self.hub)

    def point(self, name: str) -> None:
        """Stands in for faults.point."""
        if self.dies is None or self.dies[0] != name:
            return
        left = self.dies[1] - 1
        self.dies = (name, left) if left else None
        if not left:
            self.doors.dead = True
            raise Killed

    def work(self) -> int:
        """Let the hub do what is due; a death is followed by a start."""
        try:
            return self.worker.run_due(most=400)
        except Killed:
            self.http.met["death"] += 1
            self._start()
            self._bury()
            worker.seed(self.hub)
            return 1 + self.work()

    def _bury(self) -> None:
        """The process that died lives on as this one: what it had under way is freed here, as others free
        what the dead left."""
        self.worker.reclaim()
        over = {"state": "stopped", "message": "crash", "finished": self.clock.now()}
        with self.hub.db.writing() as tx:
            tx.execute(sa.update(tables.run).where(tables.run.c.state == "running").values(**over))

    # ---- at the registry

    @contextmanager
    def registry(self) -> Iterator[Connection]:
        with self.ground.place.service.db.writing() as tx:
            yield tx

    def born(self) -> str:
        with self.registry() as tx:
            return records.create_record(tx, self.clock.now(), given="Ada", default_visibility="public")

    def state(self, orcid: str) -> str:
        c = there.record.c
        with self.registry() as tx:
            return str(tx.execute(sa.select(c.state).where(c.orcid == orcid)).scalar_one())

    def set_state(self, orcid: str, state: str) -> None:
        with self.registry() as tx:
            records.set_state(tx, self.clock.now(), orcid, state)

    def merge(self, primary: str, duplicate: str) -> None:
        with self.registry() as tx:
            merging.merge(tx, self.clock.now(), primary, duplicate)

    def revoke(self, orcid: str) -> None:
        with self.registry() as tx:
            tokens.revoke_all(tx, self.clock.now(), "user", orcid=orcid, client_id=self.ground.ours.id)

    def token(self, orcid: str, client: str, scopes: frozenset[str] = SCOPES) -> str:
        with self.registry() as tx:
            issued = tokens.issue_token(
                tx, self.clock.now(), client_id=client, orcid=orcid, scopes=tuple(sorted(scopes))
            )
        return issued.access_token

    def standing(self, orcid: str) -> list[Any]:
        """The rows of all items on a record, in the order of their put-codes."""
        c = there.item.c
        with self.ground.place.service.db.reading() as tx:
            return list(tx.execute(sa.select(there.item).where(c.orcid == orcid).order_by(c.id)))

    def own(self, orcid: str) -> list[Any]:
        return [row for row in self.standing(orcid) if row.source_client == self.ground.ours.id]

    def owner_adds(self, orcid: str, section: str, item: Item) -> None:
        with self.registry() as tx:
            items.add(tx, self.clock.now(), person(orcid), orcid, BY_NAME[section], item)
        self._look_at_foreign(orcid)

    def other_adds(self, orcid: str, section: str, item: Item) -> int:
        """Another client, by the API; returns the status."""
        headers = {
            "Authorization": f"Bearer {self.token(orcid, self.ground.other.id)}",
            "Content-Type": "application/vnd.orcid+json",
            "Accept": "application/json",
        }
        path = f"{SITE}/v3.0/{orcid}/{BY_NAME[section].item_path}"
        status = Http.request(
            self.http, "POST", path, content=json.encode(item, V3_0), headers=headers, trusted=True
        ).status
        self._look_at_foreign(orcid)
        return status

    def owner_deletes(self, orcid: str, section: str, put_code: int) -> None:
        with self.registry() as tx:
            items.remove(tx, self.clock.now(), person(orcid), orcid, BY_NAME[section], put_code)
        self.foreign = {
            number: row for number, row in self.foreign.items() if (row[1], row[2]) != (section, put_code)
        }

    def owner_hides(self, orcid: str, section: str, put_code: int) -> None:
        with self.registry() as tx:
            items.set_visibility(
                tx, self.clock.now(), person(orcid), orcid, BY_NAME[section], put_code, "private"
            )
        self._look_at_foreign(orcid)

    def foreign_now(self, orcid: str) -> dict[int, tuple[Any, ...]]:
        """Every byte of what is not ours, but the place in the list."""
        return {
            row.id: (
                row.orcid, row.section, row.put_code, row.source_client, row.visibility, row.modified,
                bytes(row.summary), bytes(row.body) if row.body else None,
            )
            for row in self.standing(orcid)
            if row.source_client != self.ground.ours.id
        }  # fmt: skip

    def _look_at_foreign(self, orcid: str) -> None:
        self.foreign |= self.foreign_now(orcid)

    # ---- at the hub

    def grant(self, orcid: str, name: str | None) -> None:
        """She gives permission (anew); `name` is None when she keeps it private."""
        access = self.token(orcid, self.ground.ours.id)
        granted = Granted(
            orcid=orcid, name=name, scopes=SCOPES, access_token=access, refresh_token=None, expires_in=None
        )
        with self.hub.db.writing() as tx:
            people.grant(tx, self.clock.now(), self.environment, granted, self.ground.keys)
            assertions.wake(tx, self.clock.now(), self.environment, orcid)

    def permission(self, orcid: str) -> people.Permission | None:
        with self.hub.db.reading() as tx:
            return people.permission(tx, self.environment, orcid, self.ground.keys)

    def rows(self, orcid: str) -> dict[tuple[str, str], Any]:
        with self.hub.db.reading() as tx:
            return {(row.section, row.key): row for row in assertions.rows(tx, self.environment, orcid)}

    def unknown(self, orcid: str) -> set[tuple[str, str, str]]:
        """What she declined of a former iD, as long as nobody told the hub that it became this one."""
        old, declined = self.carried.get(orcid, ("", set()))
        a = tables.audit.c
        told = sa.select(a.id).where(a.action == "person-moved", a.subject == old)
        with self.hub.db.reading() as tx:
            return declined if tx.execute(told).first() is None else set()

    def deleting(self) -> set[int]:
        """Rows that the hub asked the registry to delete, and heard no answer."""
        a = tables.attempt.c
        asked = sa.select(a.assertion_id).where(a.action == "delete", a.finished.is_(None))
        with self.hub.db.reading() as tx:
            return set(tx.execute(asked).scalars())

    def file(self, orcid: str, section: str, key: str, item: Item) -> None:
        entry = assertions.Entry(self.environment, orcid, section, key, "file", "file")
        with self.hub.db.writing() as tx:
            done = assertions.file(tx, self.clock.now(), entry, item)
            if done in ("added", "changed"):
                assertions.wake(tx, self.clock.now(), self.environment, orcid)


def item_of(section: str, number: int, version: int) -> Item:
    """The content of a key in one of its versions; what it is known by never changes."""
    title = f"{section} {number} version {version}"
    own = {"external-id-type": "source-work-id", "external-id-value": f"{section}-{number}"}
    ids = {"external-id": [{**own, "external-id-relationship": "self"}]}
    body: dict[str, Any] = {
        "works": {"title": {"title": {"value": title}}, "type": "data-set", "external-ids": ids},
        "employments": {
            "role-title": title,
            "organization": {
                "name": "Garden",
                "address": {"city": "Garden", "country": "SE"},
                "disambiguated-organization": {
                    "disambiguated-organization-identifier": UNIVERSITY,
                    "disambiguation-source": "ROR",
                },
            },
            "external-ids": ids,
        },
        "keywords": {"content": title},
    }[section]
    return json.decode(BY_NAME[section].entity, orjson.dumps(body), V3_0, strict=False)
