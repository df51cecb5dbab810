"""Where a registry is reached, and how fast it may be asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addresses:
    """Base addresses, each without a version: of the site (where people authorise and tokens are given), of
    the Member API and of the Public API. The rates are calls a second; 0 is no limit."""

    site: str
    api: str
    pub: str
    api_rate: float = 0
    pub_rate: float = 0


# The rates that ORCID publishes; each lets forty calls through at once.
PRODUCTION = Addresses("https://orcid.org", "https://api.orcid.org", "https://pub.orcid.org", 24, 12)
"""ORCID itself."""
SANDBOX = Addresses(
    "https://sandbox.orcid.org", "https://api.sandbox.orcid.org", "https://pub.sandbox.orcid.org", 24, 12
)
"""ORCID's sandbox."""


def at(url: str) -> Addresses:
    """A registry that answers everything at one address, as Laelia does by default."""
    base = url.rstrip("/")
    return Addresses(base, base, base)
