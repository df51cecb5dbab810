"""The client to the outside: what it refuses, what it limits, what it tells apart."""

import http.server
import pathlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from laelia.lib.database import Database
from laelia.lib.http import Http, HttpError, public, says_private


class Peer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/hang":
            time.sleep(1)
        if self.path == "/gone":
            return
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        if self.path == "/drip":
            for _ in range(20):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        self.wfile.write(b"x" * 3_000_000 if self.path == "/big" else self.headers.get("Cookie", "").encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(201)
        self.send_header("Content-Type", self.headers["Content-Type"] or "")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def peer() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client() -> Iterator[Http]:
    client = Http(timeout=0.5)
    yield client
    client.close()


@pytest.mark.parametrize(
    ("address", "open_internet"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_what_counts_as_the_open_internet(address: str, open_internet: bool) -> None:
    assert public(address) is open_internet


def test_a_name_may_say_that_it_is_of_this_network() -> None:
    private = "localhost LOCALHOST. app.localhost 127.0.0.1 10.1.2.3 ::1 fe80::1%eth0 127.1 0x7f.1 2130706433"
    assert [name for name in private.split() if not says_private(name)] == []
    public_ones = "example.org localhost.example.org 93.184.216.34 2606:2800:220:1:248:1893:25c8:1946 é.org"
    assert [name for name in public_ones.split() if says_private(name)] == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_an_address_inside_this_network_is_refused_unless_trusted(peer: str, client: Http, host: str) -> None:
    with pytest.raises(HttpError) as caught:
        client.get(peer.replace("127.0.0.1", host))
    assert caught.value.kind == "refused-address"
    assert not caught.value.sent
    assert client.get(peer, trusted=True).status == 200


def test_a_connection_made_for_a_trusted_call_serves_no_other(peer: str, client: Http) -> None:
    assert client.get(peer, trusted=True).status == 200
    with pytest.raises(HttpError, match="refused-address"):
        client.get(peer)


def test_redirects_are_answers_and_cookies_are_not_kept(peer: str, client: Http) -> None:
    answer = client.get(peer + "/moved", trusted=True)
    assert (answer.status, answer.headers["LOCATION"]) == (302, "/elsewhere")
    assert answer.headers.all("set-cookie") == ["a=1", "b=2"]
    assert client.get(peer, trusted=True).text == ""


@pytest.mark.parametrize(
    ("path", "kind", "sent"),
    [("/hang", "timeout", True), ("/drip", "timeout", True), ("/gone", "unreachable", True)],
)
def test_slow_and_broken_peers_may_have_acted(
    peer: str, client: Http, path: str, kind: str, sent: bool
) -> None:
    with pytest.raises(HttpError) as caught:
        client.get(peer + path, trusted=True)
    assert (caught.value.kind, caught.value.sent) == (kind, sent)


def test_a_call_may_have_a_time_of_its_own(peer: str) -> None:
    client = Http(timeout=30)
    for path in ("/hang", "/drip"):
        with pytest.raises(HttpError, match="timeout"):
            client.get(peer + path, trusted=True, timeout=0.3)
    client.close()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "ftp://127.0.0.1/", "nonsense", "http://", "http://a b/"]
)
def test_what_cannot_be_reached_was_not_sent(client: Http, url: str) -> None:
    with pytest.raises(HttpError) as caught:
        client.get(url, trusted=True)
    assert (caught.value.kind, caught.value.sent) == ("unreachable", False)


def test_an_answer_has_a_size_unless_it_is_streamed(peer: str, client: Http) -> None:
    with pytest.raises(HttpError, match="too-large"):
        client.get(peer + "/big", trusted=True)
    assert len(client.get(peer + "/big", trusted=True, max_answer=4_000_000).body) == 3_000_000
    with client.stream("GET", peer + "/big", trusted=True) as (answer, chunks):
        assert answer.status == 200
        assert sum(len(each) for each in chunks) == 3_000_000


def test_no_call_while_a_transaction_is_open(tmp_path: pathlib.Path, client: Http) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.reading(), pytest.raises(RuntimeError, match="transaction"):
        client.get("http://127.0.0.1:1/", trusted=True)
    database.dispose()


def test_bodies_and_parameters(peer: str, client: Http) -> None:
    assert client.post(peer, json={"a": 1}, trusted=True).json() == {"a": 1}
    form = client.post(peer, data={"a": ["1", "2"], "b": "é"}, trusted=True)
    assert form.text == "a=1&a=2&b=%C3%A9"
    echo = Http(apps={"https://x.test": lambda e, s: (s("200 OK", []), [e["QUERY_STRING"].encode()])[1]})
    assert echo.get("https://x.test/?a=1", params={"b": ["2", "3"]}).text == "a=1&b=2&b=3"
    echo.close()
