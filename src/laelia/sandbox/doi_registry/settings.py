"""What an operator of the DOI registry can set, by LAELIA_DOI_… variables."""

from dataclasses import dataclass
from pathlib import Path

from laelia.lib.settings import setting

PREFIX = "LAELIA_DOI_"


@dataclass(frozen=True, kw_only=True)
class Settings:
    database: str = setting(
        "sqlite:///var/doi/doi.db", "URL of the database: sqlite:///… or postgresql://…", secret=True
    )
    public_url: str = setting("http://localhost:8002", "address of the registry as its users see it")
    host: str = setting("127.0.0.1", "address to listen at")
    port: int = setting(8002, "port to listen at")
    var: Path = setting(
        Path("var/doi"), "set alike for every service; this one keeps everything in its database"
    )
    sandbox: bool = setting(True, "this service is a stand-in and says so on its pages")
    threads: int = setting(4, "requests served at the same time")
    trusted_proxies: tuple[str, ...] = setting((), "addresses whose forwarded headers are believed")
