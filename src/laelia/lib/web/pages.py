"""Jinja templates and static files of a service, over the common ones beside this module."""

import datetime
import hashlib
import mimetypes
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import urlsplit

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from laelia.lib import i18n

_COMMON = "laelia.lib.web"


class Pages:
    """`render` a template; `static` holds the files for /static/ under names with a hash of their content."""

    def __init__(self, environment: jinja2.Environment, static: dict[str, tuple[bytes, str]]) -> None:
        self.environment = environment
        self.static = static

    def render(self, template: str, call: Any = None, **context: Any) -> str:
        """`call` gives a template the session, its form token, the flashed sentence and the service's
        settings.
        """
        session = call.session if call is not None else None
        return self.environment.get_template(template).render(
            call=call,
            session=session,
            csrf=_Once(lambda: session.csrf if session is not None else ""),
            csrf_token=_Once(lambda: session.csrf if session is not None else ""),
            flash=call.take_flash() if call is not None else None,
            locale=i18n.locale(),
            settings=call.service.settings if call is not None else self.environment.globals.get("settings"),
            **context,
        )


class _Once:
    """Asks for the form token only if the template shows it: a page without a form sets no cookie."""

    def __init__(self, get: Callable[[], str]) -> None:
        self._get = get

    def __html__(self) -> str:
        return self._get()

    def __str__(self) -> str:
        return self._get()


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates of this process. Services that live in one share them: compiling took a third of the
    time in which a service that is made anew is tested."""

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.checksum, bucket.code


_compiled = _Compiled()


def templates(package: str, *, overrides: Path | None = None, **globals_: Any) -> Pages:
    """The pages of a service: the operator's folder first (to replace `privacy.html` and the like), then the
    package's own templates, then the common ones. Static files lie in `static` folders of the two packages.

    `globals_` are visible in every template (`product`, `menu` … see base.html).
    """
    loaders: list[jinja2.BaseLoader] = [jinja2.FileSystemLoader(overrides)] if overrides else []
    folders = [Path(str(files(package))), _common("templates")]
    loaders += [jinja2.FileSystemLoader(folder) for folder in folders]
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
        bytecode_cache=_compiled,
    )
    static, names = _static([_common("static"), Path(str(files(package))) / "static"])
    environment.globals.update(
        _=i18n.gettext,
        gettext=i18n.gettext,
        ngettext=i18n.ngettext,
        static=lambda name: f"/static/{names[name]}",
        product="Laelia",
        settings=None,
        # The service's own frame, which the pages of this folder stand in as well.
        frame="base.html",
    )
    environment.globals.update(globals_)
    environment.filters.update(outlink=outlink, when=when, day=day)
    return Pages(environment, static)


def _common(folder: str) -> Path:
    return Path(str(files(_COMMON))) / folder


def _static(folders: list[Path]) -> tuple[dict[str, tuple[bytes, str]], dict[str, str]]:
    content: dict[str, tuple[bytes, str]] = {}
    names: dict[str, str] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.*")) if folder.is_dir() else []:
            data = file.read_bytes()
            hashed = f"{file.stem}.{hashlib.sha256(data).hexdigest()[:12]}{file.suffix}"
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            content[hashed] = data, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
            names[file.name] = hashed
    return content, names


def safe_url(value: object) -> str | None:
    """The value if it is an address that may become a link (http, https, mailto), else None."""
    text = str(value or "").strip()
    if any(ord(char) < 33 for char in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() in ("http", "https") and parts.netloc:
        return text
    return text if parts.scheme.lower() == "mailto" and parts.path else None


def outlink(value: object, text: object = None, css: str = "") -> Markup:
    """A foreign value as a link, if it is an address that may be one; otherwise as plain text."""
    shown = escape(text if text not in (None, "") else value or "")
    url = safe_url(value)
    if url is None:
        return shown
    look = Markup(' class="{}"').format(css) if css else ""
    return Markup('<a href="{}" rel="noopener nofollow"{}>{}</a>').format(url, look, shown)


def when(ms: int | None) -> Markup:
    """A time as a machine-readable element that shows day and minute, in UTC."""
    if ms is None:
        return Markup("")
    moment = datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC)
    iso, shown = moment.strftime("%Y-%m-%dT%H:%M:%SZ"), moment.strftime("%Y-%m-%d %H:%M")
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(iso, iso, shown)


def day(ms: int | None) -> Markup:
    """Only the day of a time."""
    if ms is None:
        return Markup("")
    shown = datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC).strftime("%Y-%m-%d")
    return Markup('<time datetime="{}">{}</time>').format(shown, shown)


__all__ = ["Pages", "day", "outlink", "safe_url", "templates", "when"]
