"""Bringing organisations in: by the operator, or by the lead of a consortium, who then sees how far each of
its members is. Only environments at the lead's own registry are its business."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from laelia.client.orcid.addresses import PRODUCTION, SANDBOX, Addresses, at
from laelia.hub import tables
from laelia.hub.organisations import audit, roles, staff
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.hub.organisations.environments import (
    Environment,
    add_environment,
    add_organisation,
    by_handle,
)
from laelia.hub.organisations.environments import environment as one_environment
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.secret import KeyRing

# What a command calls the registries that everybody knows.
REGISTRIES = {"production": PRODUCTION, "sandbox": SANDBOX}

# How far an organisation is → how its chip looks, and what it says.
STATES = {
    "invited": ("", lazy("invited")),
    "joined": ("warn", lazy("client missing")),
    "untested": ("warn", lazy("client untested")),
    "failing": ("bad", lazy("client refused")),
    "ready": ("good", lazy("ready")),
    "open": ("good", lazy("people connect")),
}


@dataclass(frozen=True, kw_only=True)
class Member:
    """An organisation that a lead brought in, at the lead's registry."""

    place: Environment
    state: str
    contact: str | None
    invited: int
    connected: int


@dataclass(frozen=True, kw_only=True)
class Onboarded:
    environment_id: int
    contact: staff.Staff
    secret: str  # of the contact's link


def registry(named: str) -> Addresses:
    """`production` and `sandbox` are ORCID's; anything else is the address of a registry."""
    return REGISTRIES.get(named) or at(named)


def onboard(
    tx: Connection, now: int, by: By, keys: KeyRing, *, name: str, contact: str, where: Addresses,
    environment: str, slug: str | None = None, ror: str | None = None, lead: Environment | None = None,
    leads: bool = False, internal_url: str | None = None, connectors: tuple[str, ...] = ("datacite",),
) -> Onboarded:  # fmt: skip
    """A new organisation without a client, and a link for the contact who names it. For one whose contact has
    not come the link is made anew, for the same or another contact; a Clash if it has staff already."""
    name = " ".join(name.split())
    if not name:
        raise Clash(_("An organisation needs a name."))
    slug = slug or _slug(name)
    known = by_handle(tx, f"{slug}@{environment}", keys)
    if known is None:
        _organisation(tx, now, slug, name, ror, lead, leads)
        made = add_environment(
            tx, now, keys, organisation=slug, name=environment, client_id="", client_secret="",
            site_url=where.site, api_url=where.api, pub_url=where.pub, internal_url=internal_url,
            connectors=connectors,
        )  # fmt: skip
        audit.note(tx, now, made, by, "organisation-invited", slug, name=name, contact=contact)
    else:
        made = _again(tx, now, by, known, contact, lead)
    whom, secret = staff.invite(tx, now, made, by, email=contact, role=roles.OWNER)
    return Onboarded(environment_id=made, contact=whom, secret=secret)


def of_lead(tx: Connection, lead: Environment, keys: KeyRing) -> list[Member]:
    """The members of a consortium at this registry, by name."""
    o, e = tables.organisation.c, tables.environment.c
    ids = (
        select(e.id)
        .join(tables.organisation)
        .where(o.lead_id == lead.organisation_id, e.site_url == lead.site_url)
        .order_by(o.name, e.name)
    )
    return [_member(tx, one_environment(tx, one, keys)) for one in tx.execute(ids).scalars()]


def state(tx: Connection, place: Environment) -> str:
    """How far an organisation is: a key of STATES."""
    people = staff.colleagues(tx, place.id)
    if not place.ready:
        return "joined" if any(one.joined for one in people) else "invited"
    if place.test_answer is None:
        return "untested"
    if place.test_answer != "ok":
        return "failing"
    return "open" if _counts(tx, place).get("connected") else "ready"


def make_lead(tx: Connection, slug: str, leads: bool) -> None:
    done = update(tables.organisation).where(tables.organisation.c.slug == slug).values(leads=leads)
    if not tx.execute(done).rowcount:
        raise Clash(f"there is no organisation {slug!r}")


def _organisation(
    tx: Connection, now: int, slug: str, name: str, ror: str | None, lead: Environment | None, leads: bool
) -> None:
    c = tables.organisation.c
    there = tx.execute(select(c.id, c.lead_id, c.name).where(c.slug == slug)).first()
    if there is not None and (there.name != name or (lead and there.lead_id != lead.organisation_id)):
        raise Clash(_("The address %(slug)s is another organisation's: choose one.", slug=slug))
    if there is None:
        made = add_organisation(tx, now, slug=slug, name=name, ror=ror)
        values = {"lead_id": lead.organisation_id if lead else None, "leads": leads}
        tx.execute(update(tables.organisation).where(c.id == made).values(values))


def _again(
    tx: Connection, now: int, by: By, known: Environment, contact: str, lead: Environment | None
) -> int:
    if lead is not None and known.lead_id != lead.organisation_id:
        raise Clash(_("The address %(slug)s is another organisation's: choose one.", slug=known.slug))
    people = staff.colleagues(tx, known.id)
    if any(one.joined for one in people):
        raise Clash(_("%(name)s has staff already: they invite others.", name=known.organisation_name))
    fresh = contact.strip().lower()
    for one in people:
        if one.email != fresh:
            staff.forget(tx, now, by, one)
    return known.id


def _member(tx: Connection, place: Environment) -> Member:
    people, counts = staff.colleagues(tx, place.id), _counts(tx, place)
    return Member(
        place=place, state=state(tx, place), contact=people[0].email if people else None,
        invited=sum(counts.values()), connected=counts.get("connected", 0),
    )  # fmt: skip


def _counts(tx: Connection, place: Environment) -> dict[str, int]:
    c = tables.person.c
    counted = select(c.state, func.count()).where(c.environment_id == place.id).group_by(c.state)
    return {row[0]: row[1] for row in tx.execute(counted)}


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
