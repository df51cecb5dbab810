"""The hub's settings, and what its parts may expect of the running service."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from laelia.lib.clock import Clock
from laelia.lib.database import Database
from laelia.lib.http import Http
from laelia.lib.secret import KeyRing
from laelia.lib.settings import SettingsError, setting

PREFIX = "LAELIA_HUB_"
MOST_WORKERS = 12  # each needs a connection of the pool, and the pages need some as well
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Settings:
    database: str = setting(
        "sqlite:///var/hub/hub.db", "URL of the database: sqlite:///… or postgresql+psycopg://…", secret=True
    )
    public_url: str = setting(
        "http://localhost:8001", "where people reach the hub; redirect URIs begin with it"
    )
    host: str = setting("127.0.0.1", "address to listen on")
    port: int = setting(8001, "port to listen on")
    threads: int = setting(4, "requests that are handled at once")
    processes: int = setting(1, "processes that serve; more than one is for PostgreSQL")
    workers: int = setting(
        1, "jobs that each serving process does at once; 0 leaves them to `laelia hub work`"
    )
    trusted_proxies: tuple[str, ...] = setting((), "addresses whose forwarded headers are believed")
    sign_in_headers: tuple[str, ...] = setting(
        (),
        "organisation=header, where a trusted proxy signs people in and names their local id in that header",
    )
    var: Path = setting(Path("var/hub"), "folder for the keys and other files the hub keeps")
    keys_folder: Path | None = setting(
        None, "folder of the keys that seal what is kept; default: keys in var"
    )
    sandbox: bool = setting(False, "show the sandbox banner, keep search engines away, allow faults")
    sandbox_hosts: tuple[str, ...] = setting((), "hosts, beside loopback, where a sandbox may be reached")
    faults: str = setting("", "points at which the process fails on purpose; sandbox only")
    secure_cookies: bool = setting(
        True, "send cookies over https only; false is for plain http in development"
    )
    smtp_url: str | None = setting(
        None,
        "smtp://user:password@host:port for sent mail; without it letters stay in the outbox",
        secret=True,
    )
    metrics_token: str | None = setting(
        None, "the bearer token that /metrics asks for; without it there is no such page", secret=True
    )
    mail_from: str = setting("hub@localhost", "sender of mail")
    bounce_address: str | None = setting(
        None,
        "where letters to people return to that can't be delivered, such as bounces@…; a + and the letter's "
        "mark are put in before the @. Without it they return to the sender",
    )
    pages_folder: Path | None = setting(
        None, "folder with about.html, privacy.html, terms.html, contact.html of your own"
    )
    datacite_url: str = setting("https://api.datacite.org", "DataCite REST API, or one that speaks like it")
    datacite_calls_per_minute: int = setting(
        100, "most calls a minute to DataCite's API, which allows 500 in five minutes; 0 for no limit"
    )
    figshare_url: str = setting(
        "https://api.figshare.com/v2", "Figshare's API, or one that speaks like it, with its version"
    )
    figshare_calls_per_minute: int = setting(
        60, "most calls a minute to Figshare's API, which asks for no more; 0 for no limit"
    )
    doi_url: str = setting("https://doi.org", "where links of DOIs lead; the DOI is added to it")
    calls_per_second: int = setting(
        24,
        "most calls a second to a registry, of all processes together; 0 for no limit (ORCID allows 24)",
    )
    verify_seconds: int = setting(
        86_400, "seconds between two looks whether what was filed is still published"
    )
    pull_seconds: int = setting(60, "seconds between two reads of a connector's source")
    api_calls_per_minute: int = setting(
        1440, "most calls a minute by one program to the hub's API, in each process; 0 for no limit"
    )
    api_token_seconds: int = setting(3600, "seconds for which a program's access token is good")
    private_callbacks: bool = setting(
        False, "let callbacks go to private and loopback addresses; for sandboxes and closed networks"
    )

    look_seconds: int = setting(86_400, "seconds between two reads of a connected person's whole record")
    webhooks: bool = setting(
        True, "ask the registry to call when a record changes; it has to reach public_url"
    )
    webhook_seconds: int = setting(30, "seconds to wait after such a call, so that several make one read")

    @property
    def key_files(self) -> Path:
        return self.keys_folder or self.var / "keys"

    def header_of(self, handle: str) -> str | None:
        """The header in which a proxy names the people of this organisation."""
        return dict(one.split("=", 1) for one in self.sign_in_headers).get(handle)

    @property
    def on_loopback(self) -> bool:
        return urlsplit(self.public_url).hostname in LOOPBACK


def check(settings: Settings) -> None:
    """Refuse at start what would be unsafe: plain http in the open, sandbox features on a public host."""
    url = urlsplit(settings.public_url)
    if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/"):
        raise SettingsError(f"{settings.public_url} must be an http or https address without a path")
    named = settings.on_loopback or url.hostname in settings.sandbox_hosts or url.hostname.endswith(".test")
    if settings.sandbox and not named:
        raise SettingsError(f"sandbox=true needs {url.hostname} to be loopback or named in sandbox_hosts")
    if url.scheme == "http" and not settings.on_loopback and not settings.sandbox:
        raise SettingsError(f"{settings.public_url} must be https: plain http is for loopback and sandboxes")
    for one in settings.sign_in_headers:
        if not re.fullmatch(r"[a-z0-9@-]+=[A-Za-z0-9-]+", one):
            raise SettingsError(f"{PREFIX}SIGN_IN_HEADERS: {one!r} is not of the form organisation=header")
        if not settings.trusted_proxies:
            raise SettingsError(f"{PREFIX}SIGN_IN_HEADERS needs {PREFIX}TRUSTED_PROXIES: who may send them")
    if settings.processes > 1 and settings.database.startswith("sqlite:"):
        raise SettingsError(f"{PREFIX}PROCESSES={settings.processes} needs PostgreSQL; SQLite is for one")
    if not (1 <= settings.processes <= 64 and 0 <= settings.workers <= MOST_WORKERS):
        raise SettingsError(f"{PREFIX}PROCESSES is 1 to 64, {PREFIX}WORKERS 0 to {MOST_WORKERS}")
    if settings.faults and not settings.sandbox:
        raise SettingsError(f"{PREFIX}FAULTS exists only with {PREFIX}SANDBOX=true")


class Hub(Protocol):
    """What the hub's parts need of the service that runs them; `app.Service` is the one that fits."""

    @property
    def db(self) -> Database: ...
    @property
    def http(self) -> Http: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def keys(self) -> KeyRing: ...
    @property
    def settings(self) -> Settings: ...
