"""Claiming a record that an organisation made (registry-ui.md §3): a link goes to an address that is on it,
and whoever opens the link has the record."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from laelia.lib.i18n import gettext as _
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.account import credentials, email_links, letters, terms
from laelia.registry.record import changes, people, states

PURPOSE = "claim"
_record = tables.record.c


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What the person says. `version` is that of the terms she accepts."""

    password_hash: str
    visibility: str
    version: str
    locale: str


def send(tx: Connection, now: int, email: str, site: str) -> bool:
    """Send the link if the address stands on a record that waits for its owner; says whether it does, which
    is nobody's business."""
    orcid = people.by_email(tx, email)
    record = states.look(tx, orcid) if orcid is not None else None
    if orcid is None or record is None or record.claimed or record.state != "active":
        return False
    with letters.speaking(record.locale):
        maker = select(tables.client.c.name).where(tables.client.c.client_id == record.creator)
        name = tx.execute(maker).scalar() or _("An organisation")
        said = [
            _("%(name)s has made a record with an iD for you. Your iD is", name=name),
            f"  {site}/{orcid}",
            _("To make the record yours, choose a password there within three days:"),
            f"  {site}/claim/{email_links.make(tx, now, orcid, email, PURPOSE)}",
        ]
        letters.send(tx, now, orcid, email, _("Claim your record"), said, site)
    return True


def waiting(tx: Connection, now: int, link: str) -> tuple[str, str] | None:
    """(iD, address) of a link whose record can still be claimed, without spending it."""
    found = email_links.look(tx, now, link, PURPOSE)
    record = states.look(tx, found[0]) if found is not None else None
    return found if record is not None and not record.claimed and record.state == "active" else None


def claim(tx: Connection, now: int, link: str, said: Claim) -> str | None:
    """Make the record hers; returns the iD, or None when the link is spent or the record was claimed. What
    stands on it stays, and is seen by whom it was seen before."""
    found = email_links.use(tx, now, link, PURPOSE)
    if found is None:
        return None
    orcid, email = found
    record = states.lock(tx, orcid)
    if record is None or record.claimed or record.state != "active":
        return None
    values = {
        "claimed": True,
        "completed": now,
        "default_visibility": said.visibility,
        "locale": said.locale,
    }
    tx.execute(update(tables.record).where(_record.orcid == orcid).values(**values))
    credentials.set_password(tx, now, orcid, said.password_hash)
    terms.accept(tx, now, orcid, said.version)
    people.verify_email(tx, now, orcid, email)
    changes.log(tx, now, person(orcid), orcid, kind="record")
    return orcid
