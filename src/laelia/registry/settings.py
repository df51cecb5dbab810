"""The registry's settings: the one declaration that the environment, the commands and the docs are read
from."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from laelia.lib.secret import KeyRing
from laelia.lib.settings import SettingsError, setting
from laelia.model.addresses import web_address

PREFIX = "LAELIA_REGISTRY_"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Lifetime:
    """When a version of the API is deprecated and when it ends, in milliseconds since 1970 UTC: at the
    beginning of these days."""

    deprecated: int
    ends: int


def _lifetime(text: str) -> tuple[str, Lifetime]:
    name, _, span = text.partition("=")
    start, _, end = span.partition("/")
    try:
        first, last = (
            int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) for day in (start, end)
        )
    except ValueError:
        raise SettingsError(
            f"{PREFIX}VERSION_DATES: {text!r} is not of the form 2.0=2027-01-01/2027-06-30"
        ) from None
    if name not in ("2.0", "2.1"):
        raise SettingsError(f"{PREFIX}VERSION_DATES: only 2.0 and 2.1 can end, not {name!r}")
    if last < first:
        raise SettingsError(f"{PREFIX}VERSION_DATES: {name} would end before it is deprecated")
    return name, Lifetime(first * 1000, last * 1000)


@dataclass(frozen=True, kw_only=True)
class Settings:
    database: str = setting(
        "sqlite:///var/registry/registry.db",
        "URL of the database: sqlite:///path or postgresql://…",
        secret=True,
    )
    public_url: str = setting("http://localhost:8000", "address of the web site, and of both APIs by default")
    internal_url: str | None = setting(None, "address for calls from other services; default: public_url")
    api_url: str | None = setting(None, "address of the Member API; default: public_url")
    pub_url: str | None = setting(None, "address of the Public API; default: public_url")
    id_base: str | None = setting(None, "what stands before an iD in its URI; default: public_url")
    host: str = setting("127.0.0.1", "address to listen on")
    port: int = setting(8000, "port to listen on")
    threads: int = setting(4, "requests that are handled at once")
    trusted_proxies: tuple[str, ...] = setting((), "addresses whose forwarded headers are believed")
    var: Path = setting(Path("var/registry"), "folder of keys and certificates")
    keys_folder: Path | None = setting(
        None, "folder of the keys that seal what is kept; default: keys in var"
    )
    search_folder: Path | None = setting(
        None, "folder of the search index, on a disk of this machine; default: search in var"
    )
    sandbox: bool = setting(
        False, "allow fixtures, the outbox page and a moving clock; never for real records"
    )
    sandbox_hosts: tuple[str, ...] = setting((), "hosts, beside loopback, where a sandbox may be reached")
    secure_cookies: bool = setting(True, "send cookies over https only; false is for development over http")
    pages_folder: Path | None = setting(None, "folder of your own about, privacy, terms and contact texts")
    short_codes: bool = setting(False, "authorisation codes of six characters, as ORCID's; sandbox only")
    unknown_organisations: str = setting(
        "refuse", "refuse or accept (sandbox only) items of organisations that were not loaded here"
    )
    smtp_url: str | None = setting(None, "smtp://user:password@host:port for sent mail", secret=True)
    mail_from: str = setting("registry@localhost", "sender of mail")
    support: str | None = setting(
        None, "e-mail or web address of support, shown on the page Help and contact"
    )
    terms_version: str = setting(
        "1", "version of your terms of use: after a change, people are asked to accept them when they sign in"
    )
    cache_bytes: int = setting(256 * 1024 * 1024, "memory for rendered anonymous answers, per process")
    cache_max_age: int = setting(0, "seconds for which anonymous answers may be kept without asking again")
    anonymous_rate: int = setting(0, "anonymous API requests per second and address; 0 is no limit")
    anonymous_burst: int = setting(40, "anonymous API requests that may come at once beyond the rate")
    more_info: str | None = setting(
        None, "address below which each error code has a page, named in error bodies; default: our own pages"
    )
    version_dates: tuple[str, ...] = setting(
        (), "API versions that end: 2.0=2027-01-01/2027-06-30, from when deprecated and when it ends"
    )
    private_webhooks: bool = setting(
        False, "let webhooks call private and loopback addresses; for sandboxes and closed networks"
    )
    saml_key: Path | None = setting(
        None, "PEM file of the key that signs SAML requests; with saml_certificate it turns SAML sign-in on"
    )
    saml_certificate: Path | None = setting(None, "PEM file of the certificate of saml_key")
    saml_entity_id: str | None = setting(
        None, "our name towards identity providers; default: the address of our SAML metadata"
    )
    saml_sign_requests: bool = setting(True, "sign what is sent to SAML identity providers")
    saml_contact: str | None = setting(None, "e-mail address of support, named in our SAML metadata")
    institutions_refresh: int = setting(6, "hours after which SAML metadata is loaded again")
    datacite_url: str | None = setting(
        None, "DataCite REST API at which DOIs are looked up, such as https://api.datacite.org; default: none"
    )
    doi_resolver: str | None = setting(
        None,
        "where DOIs that DataCite does not know are asked for as CSL JSON, such as https://doi.org; "
        "default: nowhere",
    )
    pubmed_url: str | None = setting(
        None,
        "where PubMed ids are looked up as CSL JSON, such as https://api.ncbi.nlm.nih.gov/lit/ctxp/v1; "
        "default: nowhere",
    )
    doi_url: str = setting("https://doi.org", "where links of looked-up DOIs lead; the DOI is added to it")
    fixtures: Path | None = setting(None, "file of people, clients and tokens to start with; sandbox only")
    faults: str = setting("", "points at which the process fails on purpose; sandbox only")

    @property
    def on_loopback(self) -> bool:
        """Whether nobody but this machine reaches the web site."""
        return urlsplit(self.public_url).hostname in LOOPBACK

    def open_keys(self) -> KeyRing:
        """The keys that seal what is kept. A first one makes itself only where nobody else reaches the
        registry; elsewhere an operator makes it, and without one this raises NoKeys."""
        return KeyRing.open(self.key_files, create=self.on_loopback or self.sandbox)

    @property
    def key_files(self) -> Path:
        return self.keys_folder or self.var / "keys"

    @property
    def search(self) -> Path:
        return self.search_folder or self.var / "search"

    @property
    def ids(self) -> str:
        return (self.id_base or self.public_url).rstrip("/")

    @property
    def member_api(self) -> str:
        return (self.api_url or self.public_url).rstrip("/")

    @property
    def public_api(self) -> str:
        return (self.pub_url or self.public_url).rstrip("/")

    @property
    def error_pages(self) -> str:
        return (self.more_info or f"{self.public_url.rstrip('/')}/errors").rstrip("/")

    @cached_property
    def lifetimes(self) -> dict[str, Lifetime]:
        """The versions of the API that end, by name."""
        return dict(map(_lifetime, self.version_dates))

    @property
    def saml_entity(self) -> str:
        return self.saml_entity_id or f"{self.public_url.rstrip('/')}/saml/metadata"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address under which this registry answers."""
        return tuple(u for u in (self.public_url, self.internal_url, self.api_url, self.pub_url) if u)


def check(settings: Settings) -> None:
    """Refuse at start what would be unsafe: plain http in the open, sandbox features on a public host."""
    allowed = (*LOOPBACK, *(settings.sandbox_hosts if settings.sandbox else ()))
    for url in settings.addresses:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"{url} is not an http or https address")
        if parts.scheme == "http" and url != settings.internal_url and parts.hostname not in allowed:
            raise SettingsError(f"{url} must be https: plain http is for loopback and named sandbox hosts")
    for asked in (settings.datacite_url, settings.doi_resolver, settings.pubmed_url, settings.doi_url):
        if asked and web_address(asked) is None:
            raise SettingsError(f"{asked} is not an http or https address")
    _ = settings.lifetimes  # raises for what can't be read
    _check_saml(settings)
    hostname = urlsplit(settings.public_url).hostname
    if settings.sandbox and hostname not in allowed and not (hostname or "").endswith(".test"):
        raise SettingsError(f"sandbox=true needs {hostname} to be loopback or named in sandbox_hosts")
    for name in ("fixtures", "faults", "short_codes"):
        if getattr(settings, name) and not settings.sandbox:
            raise SettingsError(f"{PREFIX}{name.upper()} exists only with {PREFIX}SANDBOX=true")
    if settings.unknown_organisations not in ("refuse", "accept"):
        raise SettingsError(f"{PREFIX}UNKNOWN_ORGANISATIONS is refuse or accept")
    if settings.unknown_organisations == "accept" and not settings.sandbox:
        raise SettingsError(f"{PREFIX}UNKNOWN_ORGANISATIONS=accept needs {PREFIX}SANDBOX=true")


def _check_saml(settings: Settings) -> None:
    if (settings.saml_key is None) != (settings.saml_certificate is None):
        raise SettingsError(f"{PREFIX}SAML_KEY and {PREFIX}SAML_CERTIFICATE go together")
    for file in (settings.saml_key, settings.saml_certificate):
        if file is not None and not file.is_file():
            raise SettingsError(f"{file} is named for SAML and is no file that can be read")
    if settings.saml_key is not None and shutil.which("xmlsec1") is None:
        raise SettingsError("SAML needs xmlsec1, which is not installed. On Debian: apt-get install xmlsec1")
