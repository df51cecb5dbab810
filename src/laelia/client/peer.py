"""One service somewhere else: its base address, and how many calls went there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from laelia.lib.http import Http, Response


@dataclass
class Peer:
    """`trusted` peers are configured ones, which may have private or loopback addresses. `reads` and `writes`
    count the calls made, also those that brought no answer."""

    http: Http
    base: str
    trusted: bool = False
    reads: int = 0
    writes: int = 0

    def read(self, path: str, params: Mapping[str, str] | None = None, **headers: str) -> Response:
        self.reads += 1
        return self._call("GET", path, headers, params=params)

    def write(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Response:
        self.writes += 1
        return self._call(method, path, headers, content=body)

    def _call(self, method: str, path: str, headers: Mapping[str, str], **rest: Any) -> Response:
        url = path if path.startswith(("http://", "https://")) else self.base.rstrip("/") + path
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, url, headers=sent, trusted=self.trusted, **rest)
