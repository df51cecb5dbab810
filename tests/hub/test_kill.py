"""A hub that is killed at a random millisecond, or just between the registry's commit and its answer, and
started again leaves no duplicate on any record and loses no item."""

import os
import pathlib
import random
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
import sqlalchemy as sa

from conftest import NewDatabase, size
from hub.engine import Engine, engine, work
from laelia.client.oauth import Granted
from laelia.hub import assertions, organisations, people
from laelia.lib.http import Http
from laelia.registry.grants import tokens
from laelia.registry.record import people as records
from registry.place import Place

PEOPLE = 200
SCOPES = ("/read-limited", "/activities/update")
HERE = pathlib.Path(__file__).parent


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None: ...


class Served:
    """The registry over real HTTP. After the write numbered `at` was committed, and before it is answered,
    `then` is called."""

    def __init__(self) -> None:
        self.server = _Server(("127.0.0.1", 0), _Quiet)
        self.url = f"http://localhost:{self.server.server_address[1]}"
        self.app: Any = None
        self.at, self.then = 0, lambda: None
        self.writes = 0
        self.server.set_app(self)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = b"".join(self.app(environ, start))
        if environ["REQUEST_METHOD"] != "GET":
            self.writes += 1
            if self.writes == self.at:
                self.then()
        return [body]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Scene:
    """Two hundred people, each with one work to add, change or delete in each round."""

    def __init__(self, new_database: NewDatabase, folder: pathlib.Path) -> None:
        self.served = Served()
        self.place = Place(
            new_database("laelia.registry.migrations"), folder / "registry", public_url=self.served.url
        )
        self.served.app = self.place.service.wsgi
        self.url = new_database("laelia.hub.migrations")
        self.hub: Engine = engine(self.url, Http(), folder / "hub")
        with self.hub.db.writing() as tx:
            where = dict.fromkeys(("site_url", "api_url", "pub_url"), self.served.url)
            client = self.place.member()
            names: dict[str, Any] = {"organisation": "datacite", "name": "sandbox"}
            organisations.add_organisation(tx, 0, slug="datacite", name="DataCite")
            self.environment = organisations.add_environment(
                tx, 0, self.hub.keys, **names, client_id=client.id, client_secret=client.secret, **where
            )
        self.orcids = [self._person(client.id, number) for number in range(PEOPLE)]
        self.wanted: dict[str, dict[str, str]] = {orcid: {} for orcid in self.orcids}
        self.folder = folder

    def _person(self, client: str, number: int) -> str:
        with self.place.service.db.writing() as tx:
            now = self.place.clock.now()
            name = {"given": "P", "family": str(number), "email": f"p{number}@example.org"}
            orcid = records.create_record(tx, now, **name, default_visibility="public")
            token = tokens.issue_token(tx, now, client_id=client, orcid=orcid, scopes=SCOPES).access_token
        granted = Granted(
            orcid=orcid, name="P", scopes=frozenset(SCOPES), access_token=token, refresh_token=None,
            expires_in=None,
        )  # fmt: skip
        with self.hub.db.writing() as tx:
            people.grant(tx, 0, self.environment, granted, self.hub.keys)
        return orcid

    def change(self, round_number: int) -> None:
        """Each person adds, changes or loses one work, in turns."""
        now = int(time.time() * 1000)
        with self.hub.db.writing() as tx:
            for place, orcid in enumerate(self.orcids):
                self._change(tx, now, orcid, round_number, (place + round_number) % 3)

    def _change(self, tx: sa.Connection, now: int, orcid: str, round_number: int, turn: int) -> None:
        mine = self.wanted[orcid]
        if turn == 2 and len(mine) > 1:
            doi = min(mine)
            del mine[doi]
            rows = assertions.items(tx, self.environment, orcid)
            row = next(one for one in rows if one.key == f"doi:{doi}")
            assertions.withdraw(tx, now, self.environment, row.id, "hidden")
        else:
            doi = max(mine) if turn == 1 and mine else f"10.5072/r{round_number:03}"
            mine[doi] = f"Round {round_number}"
            key = assertions.Entry(self.environment, orcid, "works", f"doi:{doi}", "datacite", "auto-update")
            assertions.file(tx, now, key, work(doi, mine[doi]))
        assertions.wake(tx, now, self.environment, orcid)

    def start(self) -> subprocess.Popen[str]:
        """The worker, once it has begun."""
        environ = {
            **os.environ,
            "LAELIA_HUB_DATABASE": self.url,
            "LAELIA_HUB_VAR": str(self.folder / "hub"),
            "LAELIA_HUB_CALLS_PER_SECOND": "0",
        }
        command = [sys.executable, str(HERE / "hub_process.py")]
        process = subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdout is not None
        with process.stdout as said:
            assert said.readline() == "begun\n"
        return process

    def finish(self) -> None:
        process = self.start()
        assert process.wait(timeout=120) == 0

    def check(self) -> None:
        for orcid in self.orcids:
            answer = Http().get(
                f"{self.served.url}/v3.0/{orcid}/works", headers={"Accept": "application/json"}, trusted=True
            )
            found = sorted(
                (one["external-ids"]["external-id"][0]["external-id-value"], one["title"]["title"]["value"])
                for group in answer.json()["group"]
                for one in group["work-summary"]
            )
            assert found == sorted(self.wanted[orcid].items()), orcid
        with self.hub.db.reading() as tx:
            states = {row.state for row in assertions.rows(tx, self.environment)}
        assert states <= {"in-record", "withdrawn"}

    def close(self) -> None:
        self.served.close()
        self.hub.db.dispose()
        self.place.close()


@pytest.fixture
def scene(new_database: NewDatabase, tmp_path: pathlib.Path) -> Iterator[Scene]:
    made = Scene(new_database, tmp_path)
    yield made
    made.close()


@pytest.mark.soak
def test_killed_hubs_leave_no_duplicate_and_lose_nothing(scene: Scene) -> None:
    chance = random.Random(os.environ.get("LAELIA_SEED", "orchid"))
    begun = time.monotonic()
    scene.change(0)
    scene.finish()
    length = time.monotonic() - begun
    scene.check()
    for kill in range(1, size(6, 100) + 1):
        scene.change(kill)
        if kill % 2:
            process = scene.start()
            time.sleep(chance.random() * length * 0.7)
            process.send_signal(signal.SIGKILL)
        else:
            scene.served.at = scene.served.writes + chance.randrange(1, PEOPLE - 20)
            holder: list[subprocess.Popen[str]] = []
            scene.served.then = lambda holder=holder: holder[0].kill()
            holder.append(scene.start())
            process = holder[0]
        process.wait(timeout=120)
        scene.finish()
        scene.check()
