"""News for the owner of a record: a job gathers them into a letter as often as she wants one."""

from sqlalchemy import Connection

from laelia.lib import secret
from laelia.lib.clock import MINUTE
from laelia.lib.jobs import enqueue
from laelia.lib.sql import insert_ignore
from laelia.registry import tables

KIND = "digest"
"""The kind of the job."""
SOON = 5 * MINUTE
"""What happens together is told together, even to who wants to know at once."""


def add(
    tx: Connection, now: int, orcid: str, kind: str, what: str, *, key: str | None = None, **about: object
) -> None:
    """Something to tell a person: `kind` is trust, `about` the other columns of the table. A key
    makes that it is told once."""
    row = {
        "key": key or secret.new_secret(),
        "orcid": orcid,
        "kind": kind,
        "what": what,
        "time": now,
        **about,
    }
    if insert_ignore(tx, tables.news, row):
        wake(tx, now, orcid)


def wake(tx: Connection, now: int, orcid: str) -> None:
    """Have it looked at soon whether there is a letter to write."""
    payload = {"orcid": orcid}
    enqueue(tx, tables.job, kind=KIND, key=orcid, payload=payload, now=now, due=now + SOON)
