"""What must happen to a WSGI request before Falcon sees it: HEAD, trusted proxies, and reading the body.

Falcon answers HEAD with 405, sees an empty body where it is sent in chunks, and believes any forwarded
header.
"""

import ipaddress
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

from laelia.lib.web.problems import WebProblem, too_large

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

HEAD = "laelia.head"
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")
_IN_MEMORY = 1024 * 1024


def wrap(app: Wsgi, trusted_proxies: Sequence[str] = (), proxy_headers: Sequence[str] = ()) -> Wsgi:
    """Run HEAD as a GET whose body is dropped, and take client, scheme and host from trusted proxies only, as
    well as `proxy_headers`, which say whom a proxy has signed in."""
    networks = [ipaddress.ip_network(each, strict=False) for each in trusted_proxies]
    theirs = ["HTTP_" + name.upper().replace("-", "_") for name in proxy_headers]

    def wrapped(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if theirs and not _within(environ.get("REMOTE_ADDR", ""), networks):
            for name in theirs:
                environ.pop(name, None)
        if any(name in environ for name in _FORWARDED):
            _forwarded(environ, networks)
        if environ["REQUEST_METHOD"] != "HEAD":
            return app(environ, start_response)
        environ["REQUEST_METHOD"] = "GET"
        environ[HEAD] = True
        body = app(environ, start_response)
        close = getattr(body, "close", None)
        if close is not None:
            close()
        return []

    return wrapped


def _forwarded(environ: Environ, networks: Sequence[Any]) -> None:
    values = {name: environ.pop(name, "") for name in _FORWARDED}
    peer = environ.get("REMOTE_ADDR", "")
    if not _within(peer, networks):
        return
    # Each proxy appends whom it saw: the client is the last one that is not a proxy of ours.
    chain = [each.strip() for each in values["HTTP_X_FORWARDED_FOR"].split(",") if each.strip()]
    while chain:
        peer = chain.pop()
        if not _within(peer, networks):
            break
    environ["REMOTE_ADDR"] = peer
    scheme = values["HTTP_X_FORWARDED_PROTO"].split(",")[-1].strip().lower()
    if scheme in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    host = values["HTTP_X_FORWARDED_HOST"].split(",")[-1].strip()
    if host:
        environ["HTTP_HOST"] = host


def _within(address: str, networks: Sequence[Any]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def read_body(environ: Environ, limit: int) -> IO[bytes] | bytes:
    """The whole body, with or without a declared length, before any transaction opens: a slow sender must not
    hold a lock. Large ones are spooled to a file. More than the limit is 413."""
    source: IO[bytes] = environ["wsgi.input"]
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    declared = environ.get("CONTENT_LENGTH") or ""
    if not chunked:
        length = int(declared) if declared.isdigit() else 0
        if length > limit:
            raise too_large(limit)
        if length <= _IN_MEMORY:
            data = source.read(length) if length else b""
            if len(data) < length:
                raise WebProblem(400, "", "The body ended before its declared length.")
            return data
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed with the request)
    left = limit + 1 if chunked else int(declared)
    while left > 0 and (chunk := source.read(min(left, 65536))):
        spool.write(chunk)
        left -= len(chunk)
    if chunked and left <= 0:
        spool.close()
        raise too_large(limit)
    if not chunked and left:
        spool.close()
        raise WebProblem(400, "", "The body ended before its declared length.")
    spool.seek(0)
    if chunked:
        environ["CONTENT_LENGTH"] = str(limit + 1 - left)
    return spool
