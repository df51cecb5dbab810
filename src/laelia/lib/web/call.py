"""What a handler gets (Call) and what it gives back (Reply)."""

import base64
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import parse_qs

import falcon
import orjson
from falcon.media.multipart import MultipartFormHandler, MultipartParseError
from sqlalchemy import Connection

from laelia.lib.web.problems import WebProblem, not_found
from laelia.lib.web.route import Route
from laelia.lib.web.session import Session
from laelia.lib.web.wsgi import read_body

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"

_ZERO = "A zero character was sent, which no text of ours can hold."  # PostgreSQL would fail over it


@dataclass
class Reply:
    """An answer. Its headers win over the security headers that are added by default. `cookies` are whole
    Set-Cookie values. A body that is an iterable of bytes is streamed, after the transaction has ended."""

    status: int = 200
    body: bytes | str | Iterable[bytes] = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = TEXT
    cookies: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Upload:
    """A file of a form. The name is what the sender's machine called it: data, never a path."""

    filename: str
    content_type: str
    data: bytes


@dataclass
class Call:
    """One request on its way through a handler.

    `who` is what the service's authenticate hook returned, `session` is None on routes without cookies,
    `tx` is for routes whose mode opens one, `now` is the clock's time at the beginning.
    """

    service: Any
    req: falcon.Request
    route: Route
    params: dict[str, str]
    now: int
    request_id: str
    session: Session | None = None
    who: Any = None
    cookies: list[str] = field(default_factory=list)
    open_tx: Connection | None = None
    _raw: IO[bytes] | bytes | None = None
    _query: dict[str, list[str]] | None = None
    _form: tuple[dict[str, list[str]], dict[str, list[Upload]]] | None = None

    @property
    def tx(self) -> Connection:
        """The open transaction; asking for it on a route with tx="none" is a mistake in the route."""
        if self.open_tx is None:
            raise RuntimeError(f"{self.route.path} has no transaction (tx={self.route.tx})")
        return self.open_tx

    @property
    def method(self) -> str:
        return self.req.method

    # ---- what was sent

    def read(self, limit: int) -> None:
        """Take what was sent. Raises 413, and 404 for a path with a zero character: no name holds one."""
        if "\0" in self.req.path:
            raise not_found()
        self._raw = read_body(self.req.env, limit)

    def close(self) -> None:
        if self._raw is not None and not isinstance(self._raw, bytes):
            self._raw.close()

    def body(self) -> bytes:
        """The whole body; its size was limited before the handler ran."""
        if self._raw is None or isinstance(self._raw, bytes):
            return self._raw or b""
        self._raw.seek(0)
        return self._raw.read()

    def json(self) -> Any:
        try:
            return orjson.loads(self.body())
        except orjson.JSONDecodeError as error:
            raise WebProblem(400, "", f"The body is not JSON: {error}") from None

    def query(self) -> dict[str, list[str]]:
        """Every query parameter with its values, read once: not to be changed."""
        if self._query is None:
            self._query = _parse(self.req.query_string)
        return self._query

    def arg(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query().get(name, [default])[0]

    def form(self) -> dict[str, list[str]]:
        """The fields of an urlencoded or multipart form, without its files; empty for other bodies."""
        return self._parsed()[0]

    def field(self, name: str, default: str = "") -> str:
        """The first value of a form field."""
        return self.form().get(name, [default])[0]

    def files(self) -> dict[str, list[Upload]]:
        return self._parsed()[1]

    def _parsed(self) -> tuple[dict[str, list[str]], dict[str, list[Upload]]]:
        if self._form is None:
            kind = (self.req.content_type or "").split(";")[0].strip().lower()
            if kind == "application/x-www-form-urlencoded":
                self._form = _parse(_text(self.body())), {}
            elif kind == "multipart/form-data":
                self._form = _multipart(self.body(), self.req.content_type or "")
            else:
                self._form = {}, {}
        return self._form

    # ---- what goes with the answer

    @property
    def csrf(self) -> str:
        """The value for the hidden field `csrf_token`; empty on routes without a session."""
        return self.session.csrf if self.session is not None else ""

    def url(self, path: str) -> str:
        """The public address of a path of this service."""
        return str(self.service.settings.public_url).rstrip("/") + path

    def set_cookie(self, name: str, value: str, *, max_age: int | None = None) -> None:
        secure = self.session.sessions.secure if self.session is not None else self.req.scheme == "https"
        parts = [f"{name}={value}", "Path=/", "SameSite=Lax", "HttpOnly"]
        parts += ["Secure"] if secure else []
        parts += [f"Max-Age={max_age}"] if max_age is not None else []
        self.cookies.append("; ".join(parts))

    def flash(self, message: str, kind: str = "good") -> None:
        """A sentence for the next page she sees, after a redirect; kind is good, warn or bad."""
        self._flash = f"{kind}:{message}"

    _flash: str = ""

    def seal_flash(self) -> None:
        """Called when the answer is ready: only now the session's id is final, to which the sentence is
        bound.
        """
        if self._flash and self.session is not None:
            self.session.told = True
            body = base64.urlsafe_b64encode(self._flash.encode()).decode()
            self.set_cookie(self._flash_name, f"{_mark(self.session.id, body)}.{body}", max_age=60)

    def take_flash(self) -> tuple[str, str] | None:
        """(kind, sentence) left by the request before, once."""
        raw = self.req.cookies.get(self._flash_name) if self.session is not None else None
        if raw is None or self.session is None:
            return None
        self.set_cookie(self._flash_name, "", max_age=0)
        mark, _, body = raw.partition(".")
        if mark != _mark(self.session.id, body):
            return None
        kind, _, message = base64.urlsafe_b64decode(body).decode().partition(":")
        return (kind, message) if kind in ("good", "warn", "bad") else None

    @property
    def _flash_name(self) -> str:
        return f"{self.session.sessions.cookie}-flash" if self.session is not None else ""


def _mark(session_id: str, body: str) -> str:
    return hashlib.sha256(f"flash {session_id} {body}".encode()).hexdigest()[:32]


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise WebProblem(400, "", "The form is not UTF-8.") from None
    if "\0" in text:
        raise WebProblem(400, "", _ZERO)
    return text


def _parse(text: str) -> dict[str, list[str]]:
    if "%00" in text:
        raise WebProblem(400, "", _ZERO)
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=2000, errors="strict")
    except ValueError as error:
        raise WebProblem(400, "", f"The parameters can't be read: {error}") from None


def _multipart(body: bytes, content_type: str) -> tuple[dict[str, list[str]], dict[str, list[Upload]]]:
    handler = MultipartFormHandler()
    handler.parse_options.max_body_part_count = 500
    handler.parse_options.max_body_part_buffer_size = len(body) + 1
    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    try:
        for part in handler.deserialize(io.BytesIO(body), content_type, len(body)):
            if part.filename is None:
                fields.setdefault(part.name or "", []).append(_text(part.get_data()))
            elif part.filename:
                upload = Upload(part.filename, part.content_type, part.get_data())
                files.setdefault(part.name or "", []).append(upload)
    except (MultipartParseError, falcon.HTTPError) as error:
        raise WebProblem(400, "", f"The form can't be read: {error.description or error}") from None
    return fields, files
