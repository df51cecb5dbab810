"""Closing a duplicate (registry-ui.md §7): one person's second iD leads to her first from then on."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from laelia.lib.sql import insert_ignore
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.account.closing import removal
from laelia.registry.account.closing.deactivation import NotOpen, end_permissions
from laelia.registry.grants import names as names_counter
from laelia.registry.grants import trusted
from laelia.registry.record import changes, people, states

REASON = "merge"


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one of the two records holds, for the page that asks whether to go on."""

    orcid: str
    name: str
    emails: list[str]
    items: dict[str, int]
    organisations: list[str]


def side(tx: Connection, now: int, orcid: str) -> Side:
    """A record as its owner is shown it before she merges. `items` counts by section."""
    item = tables.item.c
    counted = select(item.section, func.count()).where(item.orcid == orcid).group_by(item.section)
    return Side(
        orcid=orcid,
        name=people.display_name(tx, orcid),
        emails=[one.email for one in people.emails(tx, orcid)],
        items={str(section): int(number) for section, number in tx.execute(counted.order_by(item.section))},
        organisations=[one.name for one in trusted.organisations(tx, now, orcid)],
    )


def merge(tx: Connection, now: int, primary: str, duplicate: str) -> Counter[str]:
    """Close `duplicate` in favour of `primary`: addresses and their domains move, everything else on it is
    deleted, its permissions end, and its iD leads to the other. Returns what was removed, by table. Raises
    NotOpen when one of the two is not active any more."""
    assert primary != duplicate
    held = [states.lock(tx, orcid) for orcid in sorted((primary, duplicate))]
    if any(row is None or row.state != "active" for row in held):
        raise NotOpen
    _move_emails(tx, primary, duplicate)
    end_permissions(tx, now, duplicate, REASON)
    removed = removal.remove(tx, duplicate, "merge")
    people.set_state(tx, now, duplicate, "deprecated", primary=primary)
    changes.log(tx, now, person(primary), primary, kind="person", section="email")
    names_counter.changed(tx)
    return removed


def _move_emails(tx: Connection, primary: str, duplicate: str) -> None:
    email, domain = tables.email, tables.email_domain
    own = (email.c.orcid == duplicate, email.c.source_orcid == duplicate)
    tx.execute(update(email).where(*own).values(source_orcid=primary))
    moved = {"orcid": primary, "is_primary": False}
    tx.execute(update(email).where(email.c.orcid == duplicate).values(**moved))
    for row in tx.execute(select(domain).where(domain.c.orcid == duplicate)).mappings():
        insert_ignore(tx, domain, {**row, "orcid": primary})
