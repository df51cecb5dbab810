"""A WSGI app on a port of this machine, for what speaks to a registry through a socket."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        pass


class Served:
    """`app` may be set later; `calls` are (verb, path) of what was asked."""

    def __init__(self, url: str) -> None:
        self.url, self.app = url, None
        self.calls: list[tuple[str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.calls.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        assert self.app is not None
        return self.app(environ, start_response)


@contextmanager
def serving(app: Any = None) -> Iterator[Served]:
    server = _Server(("127.0.0.1", 0), _Quiet)
    served = Served(f"http://127.0.0.1:{server.server_port}")
    served.app = app
    server.set_app(served)  # type: ignore[arg-type]  # the stubs are stricter than PEP 3333
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
