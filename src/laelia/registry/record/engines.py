"""Whether search engines of the web may list a record: the one place that decides.

Pages that nobody looked at are worth a lot to whoever wants links to be found, and registering costs nothing.
So a record is kept out of other engines until somebody else vouches for it (registry-ui §2.4): an operator
who reviewed it, or an organisation that got a permission from its owner and used it. A client of her own
vouches for nobody. A record that an operator loaded was public elsewhere before, and counts as reviewed.
"""

from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.registry import tables

HEADERS = {"X-Robots-Tag": "noindex"}
"""What a page that is kept out says."""

_token, _client = tables.token.c, tables.client.c


def may_list(tx: Connection, record: Row[Any]) -> bool:
    """Whether this record, by its row, may be listed: it shows something, and somebody vouches for it."""
    if record.state != "active" or not record.claimed:
        return False
    return record.reviewed or record.loaded is not None or _has_trusted(tx, record.orcid)


def headers(tx: Connection, record: Row[Any]) -> dict[str, str]:
    """What the answer with a page about this record says to search engines."""
    return {} if may_list(tx, record) else dict(HEADERS)


def _has_trusted(tx: Connection, orcid: str) -> bool:
    """Whether an organisation has ever held a token for this record; what was revoked since counts too."""
    wanted = (
        select(_token.id)
        .join(tables.client, _client.client_id == _token.client_id)
        .where(_token.orcid == orcid, _client.owner_orcid.is_(None))
        .limit(1)
    )
    return tx.execute(wanted).first() is not None
