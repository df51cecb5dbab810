"""The repository's settings; the environment names them LAELIA_REPOSITORY_…"""

from dataclasses import dataclass
from pathlib import Path

from laelia.lib.settings import setting

PREFIX = "LAELIA_REPOSITORY_"


@dataclass(frozen=True, kw_only=True)
class Settings:
    database: str = setting(
        "sqlite:///var/repository/repository.db",
        "URL of the database: sqlite:///… or postgresql://…",
        secret=True,
    )
    public_url: str = setting(
        "http://localhost:8003", "The base URL under which browsers and API clients reach it."
    )
    internal_url: str | None = setting(None, "The base URL for other services' calls; default: public_url.")
    sandbox: bool = setting(True, "This service is a stand-in and says so on every page.")
    host: str = setting("127.0.0.1", "The address to listen on.")
    port: int = setting(8003, "The port to listen on.")
    var: Path = setting(Path("var/repository"), "The folder of the keys that seal tokens.")
    name: str = setting(
        "Laelia Repository", "The repository's name, also the publisher named in the DOI's metadata."
    )
    secure_cookies: bool = setting(True, "Send the session cookie only over https and loopback.")
    pages: Path | None = setting(
        None, "A folder of pages that replace ours: about.html, privacy.html and so on."
    )
    threads: int = setting(4, "How many requests are answered at once.")
    trusted_proxies: tuple[str, ...] = setting(
        (), "Addresses of proxies whose forwarded headers are believed."
    )
    registry_site: str = setting("http://localhost:8000", "The registry's site as browsers reach it.")
    registry_internal: str | None = setting(
        None, "The registry as this service reaches it; default: registry_site."
    )
    registry_name: str = setting("Laelia", "What the registry is called on the pages.")
    client_id: str = setting("APP-REPOSITORY00001", "This repository's client id at the registry.")
    client_secret: str = setting("", "Its client secret.", secret=True)
    id_base: str = setting("https://orcid.org", "The URI under which iDs stand in the metadata of DOIs.")
    doi_url: str = setting("http://localhost:8002", "The base of the DOI registry's REST API.")
    doi_user: str = setting("demo.repository", "The repository account at the DOI registry.")
    doi_password: str = setting("", "The password of that account.", secret=True)
    doi_prefix: str = setting("10.5072", "The prefix of its DOIs.")
    doi_namespace: str = setting("laelia.", "What stands between the prefix and an item's number.")
    doi_resolver: str = setting(
        "http://localhost:8002", "Where links of DOIs lead: the DOI registry's own pages, or https://doi.org."
    )
    version_dois: bool = setting(
        True,
        "Mint a DOI for each version besides the base DOI (with .v1, .v2 … behind it), as Figshare does.",
    )
    institution: int = setting(
        1, "The number under which the API lists all items of this repository as an institution's."
    )
    max_file_bytes: int = setting(20 * 1024 * 1024, "The largest file taken, in bytes.")
    part_bytes: int = setting(1024 * 1024, "The size of the parts an upload through the API is cut into.")

    @property
    def registry(self) -> str:
        return (self.registry_internal or self.registry_site).rstrip("/")

    @property
    def base(self) -> str:
        return self.public_url.rstrip("/")
