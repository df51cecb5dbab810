"""What stands between a hub and its registry: every call goes through here, is counted, and one of them can
be stopped just where it hurts: after the registry has committed and answered, before the hub hears of it."""

import contextlib
import http.client
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

ENDS = ("connection", "transfer-encoding", "content-length", "keep-alive")


class Between:
    """`writes` holds (method, status) of every writing call that the registry answered. `kill_at(n, then)`
    calls `then` in place of passing on the answer to the n-th of them from now."""

    def __init__(self, registry: str) -> None:
        self.registry = urlsplit(registry)
        self.writes: list[tuple[str, int]] = []
        self.under_way = 0
        self._lock = threading.Lock()
        self._left, self._then = 0, lambda: None
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def kill_at(self, number: int, then: Callable[[], None]) -> None:
        with self._lock:
            self._left, self._then = number, then

    def refuses(self, method: str) -> tuple[int, dict[str, str]] | None:
        """What is said in place of passing a call on."""
        return None

    def told(self, status: int) -> int:
        """What the hub hears of an answer that it may hear."""
        return status

    def begun(self, method: str) -> None:
        with self._lock:
            self.under_way += method != "GET"

    def answered(self, method: str, status: int) -> bool:
        """Whether the hub may hear of it."""
        if method == "GET":
            return True
        with self._lock:
            self.writes.append((method, status))
            self._left -= 1
            stopped = self._left == 0
        if stopped:
            self._then()
        return not stopped

    def ended(self, method: str) -> None:
        with self._lock:
            self.under_way -= method != "GET"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The other side was killed amid a call: that is what all this is for."""


def _handler(between: Between) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle(self) -> None:
            target = between.registry
            connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
            with contextlib.closing(connection) as self.onward:
                super().handle()

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if (refusal := between.refuses(self.command)) is not None:
                self._say(refusal[0], refusal[1].items(), b"")
                return
            between.begun(self.command)
            try:
                self._ask(body)
            finally:
                between.ended(self.command)

        def _ask(self, body: bytes) -> None:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ENDS}
            headers["Host"] = between.registry.netloc
            self.onward.request(self.command, self.path, body or None, headers)
            answer = self.onward.getresponse()
            content = answer.read()
            if not between.answered(self.command, answer.status):
                self.close_connection = True
                return
            if (status := between.told(answer.status)) != answer.status:
                self._say(status, (), b"")
            else:
                self._say(status, answer.getheaders(), content)

        def _say(self, status: int, headers: Iterable[tuple[str, str]], content: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ENDS:
                    self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815 (the standard library names them so)

    return Handler
