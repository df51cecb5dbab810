"""What a person is told when an organisation gets a permission without an end: if it was not her, or not
meant so, she can take it back at once."""

from sqlalchemy import Connection, insert

from laelia.registry import tables
from laelia.registry.grants import news
from laelia.registry.grants.clients import Client
from laelia.registry.registers import put_codes

KIND = "trusted"
"""The kind of such a notice in the inbox, whose words are made when it is shown."""


def given(tx: Connection, now: int, orcid: str, client: Client) -> None:
    """Put a notice into the inbox; she is told by mail as well, as often as she wants such news."""
    row = {"put_code": put_codes.take(tx), "orcid": orcid, "client_id": client.client_id, "body": b"{}"}
    tx.execute(insert(tables.notification).values(**row, kind=KIND, created=now))
    news.add(tx, now, orcid, "trust", "allowed", client=client.client_id)
