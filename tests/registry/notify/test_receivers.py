"""Receivers with a socket of their own: which addresses are called, how long one is waited for, and that a
registry in a process of its own calls them."""

import http.server
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from laelia.lib.http import Http
from laelia.registry import worker
from laelia.registry.notify import callbacks
from registry.api.people import work
from registry.notify.conftest import Receiver, Town
from registry.place import Place


class Peer(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        server.heard.append((self.request_version, self.path, self.headers["Content-Length"]))
        server.called.set()
        if self.path == "/slow":
            server.let_go.wait(30)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def peer() -> Iterator[Any]:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    server.heard, server.called, server.let_go = [], threading.Event(), threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.handle_error = lambda *_: None  # a caller that gave up is no error of ours
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def lone(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Callable[[bool], Town]]:
    """lone(private) → a registry that calls the real network, on loopback if `private`."""
    made: list[Place] = []

    def fresh(private: bool) -> Town:
        database = new_database("laelia.registry.migrations")
        made.append(Place(database, tmp_path / "var", private_webhooks=private))
        return Town(made[-1], Receiver())

    yield fresh
    for place in made:
        place.close()


def test_with_the_setting_loopback_is_called(lone: Callable[[bool], Town], peer: Any) -> None:
    town = lone(True)
    assert town.hook(uri=f"{peer.url}/a?b=1").status == 201
    town.change()
    town.work()
    assert peer.heard == [("HTTP/1.1", "/a?b=1", "0")]
    assert town.row().status == "204"


@pytest.mark.parametrize("private", [True, False])
def test_what_a_name_stands_for_is_judged_when_it_is_called(
    lone: Callable[[bool], Town], peer: Any, private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = socket.getaddrinfo

    def inside(host: Any, *more: Any, **options: Any) -> Any:
        return ask("127.0.0.1" if host == "receiver.test" else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    town = lone(private)
    assert town.hook(uri=f"http://receiver.test:{peer.server_port}/a").status == 201
    town.change()
    town.work()
    assert len(peer.heard) == private
    status = "204" if private else "refused-address: receiver.test is 127.0.0.1, which is inside this network"
    assert (town.row().status, town.row().failures) == (status, 1 - private)


def test_a_receiver_is_waited_for_so_long_and_no_longer(
    lone: Callable[[bool], Town], peer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callbacks.SECONDS == 20
    monkeypatch.setattr(callbacks, "SECONDS", 0.2)
    town = lone(True)
    town.hook(uri=f"{peer.url}/slow")
    town.change()
    town.work()
    assert town.row().status.startswith("timeout:")
    assert town.row().failures == 1


def test_a_slow_receiver_holds_up_no_other(lone: Callable[[bool], Town], peer: Any) -> None:
    town = lone(True)
    town.hook(uri=f"{peer.url}/slow")
    stop = threading.Event()
    threads = worker.start(town.place.service, stop)
    try:
        town.change()
        assert peer.called.wait(30)
        peer.called.clear()
        assert town.ask("PUT", f"/{town.sophie}/webhook/{peer.url}/quick", town.hooker).status == 201
        town.ask("POST", f"/v3.0/{town.sophie}/work", town.of_sophie, body=work())
        assert peer.called.wait(30)
        assert [path for _, path, _ in peer.heard] == ["/slow", "/quick"]
    finally:
        stop.set()
        peer.let_go.set()
        for thread in threads:
            thread.join()


FIXTURES = {
    "people": [{"orcid": "0009-8000-0000-0012", "given": "Ada", "default_visibility": "public"}],
    "clients": [{"id": "APP-AAAAAAAAAAAAAAAA", "secret": "s" * 36, "name": "Bee Library", "kind": "member"}],
    "tokens": [
        {"token": "hooks", "client": "APP-AAAAAAAAAAAAAAAA", "scopes": ["/webhook"]},
        {"token": "writes", "client": "APP-AAAAAAAAAAAAAAAA", "scopes": ["/activities/update"],
         "orcid": "0009-8000-0000-0012"},
    ],
}  # fmt: skip


def test_a_registry_in_a_process_of_its_own(tmp_path: pathlib.Path, peer: Any) -> None:
    """Its server decodes the path, and its threads call."""
    (tmp_path / "fixtures.yaml").write_text(yaml.safe_dump(FIXTURES))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    prefix, site = "LAELIA_REGISTRY_", f"http://localhost:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "laelia", "registry", "serve", "--port", str(port), "--fixtures",
         "fixtures.yaml"],
        env={**os.environ, prefix + "PRIVATE_WEBHOOKS": "true"}, cwd=tmp_path, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    client = Http()
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        record = f"{site}/%s0009-8000-0000-0012"
        spelt = f"{peer.url}/a/?b=1&c=d%2Fe".translate(
            str.maketrans({":": "%3A", "/": "%2F", "?": "%3F", "&": "%26", "=": "%3D", "%": "%25"})
        )
        for status in (201, 204):
            answer = client.put(
                record % "" + f"/webhook/{spelt}", headers={"Authorization": "Bearer hooks"}, trusted=True
            )
            assert answer.status == status, answer.text
        added = client.post(
            record % "v3.0/" + "/work", json=work(), headers={"Authorization": "Bearer writes"}, trusted=True
        )
        assert added.status == 201, added.text
        assert peer.called.wait(30)
        assert peer.heard == [("HTTP/1.1", "/a/?b=1&c=d%2Fe", "0")]
    finally:
        client.close()
        process.send_signal(signal.SIGINT)
        process.wait(10)
        process.stdout.close()  # type: ignore[union-attr]
