"""A brake on the form that lets anybody register a client in a sandbox: no address of the network may fill
the registry, and neither may all of them together."""

import ipaddress

from sqlalchemy import Connection, func, select, update

from laelia.lib import secret
from laelia.lib.clock import HOUR, MINUTE
from laelia.lib.sql import insert_ignore
from laelia.registry import tables
from laelia.registry.operators.audit import ANYONE

FREE, PAUSE = 20, MINUTE
"""So many clients at once from one address; after them one in this time."""
ALL = 1000
"""So many in an hour from everywhere."""


def charge(tx: Connection, now: int, address: str) -> int:
    """Count an attempt of this address; returns how long it has to wait, 0 when it may register now."""
    audit = tables.audit.c
    recent = (audit.actor == ANYONE, audit.action == "client.add", audit.time > now - HOUR)
    if int(tx.execute(select(func.count()).select_from(tables.audit).where(*recent)).scalar_one()) >= ALL:
        return HOUR
    table, key = tables.guess, secret.digest(f"clients:{network(address)}")
    insert_ignore(tx, table, {"key_hash": key, "failures": 0, "last": now})
    row = tx.execute(select(table).where(table.c.key_hash == key).with_for_update()).one()
    # The count runs down by one in each pause.
    passed = (now - row.last) // PAUSE
    made = max(0, row.failures - passed)
    if made >= FREE:
        return int(PAUSE - (now - row.last) % PAUSE)
    last = now if made == 0 else row.last + passed * PAUSE
    tx.execute(update(table).where(table.c.key_hash == key).values(failures=made + 1, last=last))
    return 0


def network(address: str) -> str:
    """An address, or of IPv6 the network that one subscriber has to herself (RFC 6177)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
