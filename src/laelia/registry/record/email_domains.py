"""E-mail domains: a confirmed address at an organisation shows where somebody is without showing the address.

Domains at which anybody gets an address say nothing about a person and are not kept.
"""

from functools import cache
from importlib.resources import files

from sqlalchemy import Connection

from laelia.lib.sql import insert_ignore
from laelia.registry import tables


@cache
def _open_to_all() -> frozenset[str]:
    lines = files("laelia.registry.record").joinpath("mail_providers.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_personal(domain: str) -> bool:
    """Whether anybody can have an address there: a provider, in any of its countries or below it."""
    labels = domain.lower().split(".")
    known = _open_to_all()
    return any(".".join(labels[at:]) in known or labels[at] in known for at in range(len(labels) - 1))


def confirmed(tx: Connection, now: int, orcid: str, email: str, visibility: str) -> None:
    """An address was confirmed: keep its domain, seen by whom new items are. What is there already stays."""
    domain = email.rpartition("@")[2].lower()
    if not is_personal(domain):
        row = {"orcid": orcid, "domain": domain, "visibility": visibility, "verified": now}
        insert_ignore(tx, tables.email_domain, row)
