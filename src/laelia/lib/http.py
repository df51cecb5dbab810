"""HTTP to the outside. The only module that names the client library.

A name is resolved once; addresses inside this network are refused unless the caller says that the peer is
trusted (a configured one), and the connection goes to the address that was checked. No redirect is followed,
no cookie kept, no transaction may be open, an answer has a time and a size.
"""

import contextlib
import contextvars
import ipaddress
import json as jsonlib
import logging
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Literal, NoReturn
from urllib.parse import urlencode, urlsplit

import httpcore2
import httpx2

from laelia.lib.doors import in_transaction

MAX_ANSWER = 1024 * 1024

# They tell of addresses with their queries and of headers, where codes, states and cookies are.
for _library in ("httpx2", "httpcore2"):
    logging.getLogger(_library).setLevel(logging.WARNING)
AGENT = "laelia/0.1"

Kind = Literal["timeout", "unreachable", "refused-address", "too-large"]


class HttpError(Exception):
    """No usable answer. `sent` says whether the peer may have received the request, and acted on it."""

    def __init__(self, kind: Kind, detail: str, *, sent: bool = False) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail, self.sent = kind, detail, sent


class Headers(Mapping[str, str]):
    """Headers by name in any case; `all` gives those that may come more than once."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), []).append(value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._values[name.lower()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def all(self, name: str) -> list[str]:
        return list(self._values.get(name.lower(), []))


class Response:
    def __init__(self, status: int, headers: Headers, body: bytes, url: str = "") -> None:
        self.status, self.headers, self.body, self.url = status, headers, body, url

    @property
    def text(self) -> str:
        kind = self.headers.get("content-type", "")
        charset = kind.partition("charset=")[2].split(";")[0].strip(' "') or "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; ValueError when it is none."""
        return jsonlib.loads(self.body)

    def __repr__(self) -> str:
        return f"<Response {self.status} {self.headers.get('content-type', '')} {len(self.body)} bytes>"


class Http:
    """A client for many threads. `verify` may name a file of authorities to trust instead of the usual ones;
    `apps` maps origins to WSGI apps in this process, for tests.
    """

    def __init__(
        self,
        apps: Mapping[str, Any] | None = None,
        verify: str | bool = True,
        timeout: float = 10.0,
        agent: str = AGENT,
    ) -> None:
        self._timeout = timeout
        mounts = {
            origin.rstrip("/"): httpx2.WSGITransport(app=_apart(app)) for origin, app in (apps or {}).items()
        }
        context = ssl.create_default_context(cafile=verify) if isinstance(verify, str) else _usual(verify)
        self._trusted = self._client(httpx2.HTTPTransport(verify=context, trust_env=False), mounts, agent)
        self._guarded = self._client(_GuardedTransport(context), mounts, agent)

    def _client(self, transport: Any, mounts: Mapping[str, Any], agent: str) -> httpx2.Client:
        return httpx2.Client(
            transport=transport,
            mounts=dict(mounts),
            timeout=self._timeout,
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
        )

    def request(
        self,
        method: str,
        url: str,
        *,
        trusted: bool = False,
        max_answer: int = MAX_ANSWER,
        **parts: Any,
    ) -> Response:
        """Send and read the whole answer. Parts: headers, params, content, json, data (a form), files, auth
        (name and password). Raises HttpError when there is no answer; any status is an answer."""
        with self.stream(method, url, trusted=trusted, **parts) as (response, chunks):
            body = bytearray()
            for chunk in chunks:
                body += chunk
                if len(body) > max_answer:
                    raise HttpError(
                        "too-large", f"{_origin(url)} sent more than {max_answer} bytes", sent=True
                    )
            response.body = bytes(body)
            return response

    @contextmanager
    def stream(
        self, method: str, url: str, *, trusted: bool = False, limit_time: bool = True, **parts: Any
    ) -> Iterator[tuple[Response, Iterator[bytes]]]:
        """The answer before its body, and the body piece by piece; without limit_time it may take long.
        A part `timeout`, in seconds, stands in for the client's own."""
        if in_transaction():
            raise RuntimeError(
                "No HTTP while a transaction is open: call first, then write in one short one."
            )
        parts = {name: value for name, value in parts.items() if value is not None}
        if params := parts.pop("params", None):  # the library would drop the query that the address has
            url += ("&" if "?" in url else "?") + urlencode(params, doseq=True)
        client = self._trusted if trusted else self._guarded
        started = time.monotonic()
        try:
            with client.stream(method, url, **parts) as answer:
                found = Response(
                    answer.status_code, Headers(answer.headers.multi_items()), b"", str(answer.url)
                )
                until = started + (parts.get("timeout") or self._timeout) if limit_time else None
                yield found, _pieces(answer, until)
        except httpx2.InvalidURL as error:
            raise HttpError("unreachable", str(error)) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            _raise(error, url)

    def get(self, url: str, **parts: Any) -> Response:
        return self.request("GET", url, **parts)

    def post(self, url: str, **parts: Any) -> Response:
        return self.request("POST", url, **parts)

    def put(self, url: str, **parts: Any) -> Response:
        return self.request("PUT", url, **parts)

    def delete(self, url: str, **parts: Any) -> Response:
        return self.request("DELETE", url, **parts)

    def close(self) -> None:
        self._trusted.close()
        self._guarded.close()


def _pieces(answer: httpx2.Response, until: float | None) -> Iterator[bytes]:
    for chunk in answer.iter_bytes():
        yield chunk
        if until is not None and time.monotonic() > until:
            raise HttpError("timeout", f"{answer.url.host} is too slow in sending its answer", sent=True)


def _raise(error: Exception, url: str) -> NoReturn:
    host = _origin(url)
    if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        raise HttpError("timeout", f"{host} does not take the connection") from error
    if isinstance(error, httpx2.TimeoutException):
        raise HttpError("timeout", f"{host} does not answer in time", sent=True) from error
    if isinstance(error, httpx2.ConnectError | httpx2.UnsupportedProtocol):
        raise HttpError("unreachable", f"{host}: {error}") from error
    raise HttpError("unreachable", f"{host}: {error or type(error).__name__}", sent=True) from error


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@cache
def _usual(verify: bool) -> ssl.SSLContext:
    """Reading the usual authorities takes 20 ms: once is enough."""
    return httpx2.create_ssl_context(verify=verify, trust_env=False)


def _apart(app: Any) -> Any:
    """A service called in this process must not change the caller's context (its language, say). Its path
    comes as from a server: the bytes of it as Latin 1 (PEP 3333)."""

    def run(environ: Any, start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
        return contextvars.copy_context().run(app, environ, start_response)

    return run


class _GuardedTransport(httpx2.HTTPTransport):
    """The ordinary transport over a pool of its own, whose connections are checked.

    The library has no public way to hand a network backend to its transport; the pool it wraps has one.
    """

    def __init__(self, context: Any) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=_Guard(),
        )


class _Guard(httpcore2.SyncBackend):
    """Resolves a name once and connects to an address that was found to be a public one."""

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore2.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the name can't be resolved ({error})") from error
        addresses = [str(each[4][0]) for each in found]
        for address in addresses:
            if not public(address):
                raise HttpError("refused-address", f"{host} is {address}, which is inside this network")
        for address in addresses[:-1]:
            with contextlib.suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return super().connect_tcp(address, port, *args, **options)
        return super().connect_tcp(addresses[-1], port, *args, **options)


def public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also when written inside an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):  # NAT64, RFC 6052
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return public(str(inner))
    return ip.is_global and not ip.is_multicast


def says_private(host: str) -> bool:
    """Whether a host's name alone says that it is not of the open internet: an address that `public` refuses,
    in any spelling that systems take, or a name of this machine itself (RFC 6761 §6.3)."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = str(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        try:
            address = socket.inet_ntoa(socket.inet_aton(name))  # 127.1, 0x7f000001, 2130706433
        except (OSError, UnicodeError):
            return False
    return not public(address)
