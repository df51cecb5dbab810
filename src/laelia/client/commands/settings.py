"""Where `laelia record` speaks to, and as whom."""

from dataclasses import dataclass
from pathlib import Path

from laelia.lib.settings import setting

PREFIX = "LAELIA_RECORD_"


@dataclass(frozen=True, kw_only=True)
class Settings:
    at: str = setting("http://localhost:8000", "address of the registry, or orcid, orcid-sandbox")
    token: str | None = setting(None, "access token that the record's owner gave", secret=True)
    client_id: str | None = setting(None, "client that reads what is public, where there is no such token")
    client_secret: str | None = setting(None, "secret of that client", secret=True)
    ca: Path | None = setting(None, "certificate authority of the registry, where it is one of your own")
