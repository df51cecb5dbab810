"""A registry that is killed under writes has every work it answered 201 for."""

import os
import pathlib
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import orjson

from conftest import size
from laelia.lib.http import Http, HttpError
from registry.api.people import work

ADA = "0000-0002-1825-0097"
FIXTURES = {
    "people": [{"orcid": ADA, "given": "Ada", "default_visibility": "public"}],
    "clients": [{"id": "APP-BEES", "secret": "bees and more bees", "name": "Bees"}],
    "tokens": [{"token": "bees", "client": "APP-BEES", "orcid": ADA, "scopes": ["/activities/update"]}],
}


@contextmanager
def served(
    database: str, var: pathlib.Path, port: int, fixtures: pathlib.Path | None
) -> Iterator[subprocess.Popen[str]]:
    """`laelia registry serve` in a process of its own, from its ready line on."""
    settings = {"DATABASE": database, "VAR": str(var), "SANDBOX": "true"}
    environ = {**os.environ, **{f"LAELIA_REGISTRY_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "laelia", "registry", "serve", "--port", str(port)]
    command += ["--fixtures", str(fixtures)] if fixtures else []
    process = subprocess.Popen(
        command,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready registry"), "the registry did not start"
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()
        process.stdout.close()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_what_was_answered_201_is_there_after_a_kill(
    new_database: Callable[..., str], tmp_path: pathlib.Path
) -> None:
    fixtures = tmp_path / "fixtures.json"
    fixtures.write_bytes(orjson.dumps(FIXTURES))
    database, port = new_database("laelia.registry.migrations"), free_port()
    answered: list[str] = []
    for number in range(size(2, 20)):
        with served(database, tmp_path / "var", port, fixtures if number == 0 else None) as process:
            _write_until_killed(process, port, number, answered)
    with served(database, tmp_path / "var", port, None), closing(Http()) as http:
        listed = http.get(
            f"http://localhost:{port}/v3.0/{ADA}/works", headers={"Accept": "application/json"}, trusted=True,
            max_answer=100_000_000,
        ).json()  # fmt: skip
    summaries = [one for group in listed["group"] for one in group["work-summary"]]
    values = [one["external-ids"]["external-id"][0]["external-id-value"] for one in summaries]
    assert answered
    assert set(answered) <= set(values)
    assert len(values) == len(set(values))


def _write_until_killed(process: subprocess.Popen[str], port: int, number: int, answered: list[str]) -> None:
    def write(worker: int) -> None:
        http = Http()
        headers = {"Authorization": "Bearer bees", "Content-Type": "application/json"}
        for count in range(10_000):
            doi = f"10.5555/kill.{number}.{worker}.{count}"
            try:
                answer = http.post(
                    f"http://localhost:{port}/v3.0/{ADA}/work", headers=headers,
                    content=orjson.dumps(work(doi)), trusted=True,
                )  # fmt: skip
            except HttpError:
                break
            if answer.status == 201:
                answered.append(doi)
        http.close()

    writers = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for writer in writers:
        writer.start()
    time.sleep(0.5 + random.random())
    os.killpg(process.pid, 9)
    for writer in writers:
        writer.join()
