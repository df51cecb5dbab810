"""Looking first, then doing it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from laelia.client.orcid.addresses import Addresses
from laelia.hub import organisations
from laelia.hub.organisations import (
    Clash,
    Environment,
    add_environment,
    audit,
    credentials,
    letters,
    members,
    roles,
    staff,
    traffic,
)
from laelia.hub.organisations.audit import By
from laelia.hub.promotion import copying
from laelia.hub.promotion.copying import Change
from laelia.hub.promotion.probe import Served, probe
from laelia.hub.promotion.rule import Checked, Facts
from laelia.hub.promotion.rules import look
from laelia.lib.i18n import gettext as _


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What stands before anything is done: `target` is None where the environment is not there yet."""

    source: Environment
    target: Environment | None
    name: str
    to: Addresses
    checked: list[Checked]
    changes: list[Change]
    traffic: list[traffic.Seen]

    @property
    def stops(self) -> list[Checked]:
        return [one for one in self.checked if one.stops]

    @property
    def handle(self) -> str:
        """First part of the paths of its pages, also before it is there."""
        return self.target.handle if self.target else f"{self.source.slug}@{self.name}"


@dataclass(frozen=True, kw_only=True)
class Promoted:
    """`answer` is what the registry said of the client, None where none was given."""

    target: Environment
    changes: list[Change]
    invited: list[str]
    answer: str | None


def registry_of(hub: Served, source: Environment, name: str, registry: str | None) -> Addresses:
    """Where the environment of this name is, or shall be: as it is there already, else as named, else by its
    own name."""
    with hub.db.reading() as tx:
        target = _target(tx, hub, source, name)
    if target is not None:
        return Addresses(target.site_url, target.api_url, target.pub_url)
    if not registry and name not in members.REGISTRIES:
        raise Clash(_("Say at which registry %(name)s is.", name=name))
    return members.registry(registry or name)


def survey(hub: Served, source: Environment, name: str, to: Addresses) -> Survey:
    """Look at everything. Nothing is changed by it; call it with no transaction open."""
    if source.name == name:
        raise Clash(_("An environment can't go to itself."))
    seen = probe(hub, source)
    with hub.db.reading() as tx:
        facts = Facts(
            tx=tx, now=hub.clock.now(), place=source, to=to, public_url=hub.settings.public_url,
            calls_per_second=hub.settings.calls_per_second, probe=seen,
        )  # fmt: skip
        target = _target(tx, hub, source, name)
        return Survey(
            source=source, target=target, name=name, to=to, checked=look(facts),
            changes=copying.changes(tx, source, target), traffic=facts.traffic,
        )  # fmt: skip


def carry_out(
    hub: Served, by: By, seen: Survey, *, client_id: str = "", secret: str = "", anyway: bool = False
) -> Promoted:
    """Copy, invite the owners by letter, keep the client and test it; again, copy what changed since. A Clash
    where a rule that must hold does not, unless `anyway`."""
    if seen.stops and not anyway:
        raise Clash(_("Rules that must hold do not: %(ids)s.", ids=", ".join(o.rule.id for o in seen.stops)))
    source, now = seen.source, hub.clock.now()
    with hub.db.writing() as tx:
        target = _target(tx, hub, source, seen.name) or _add(tx, hub, seen)
        made = copying.copy(tx, now, by, source, target)
        invited = _owners(tx, now, hub, by, source, target)
        if client_id.strip():
            credentials.put_client(tx, now, by, target, hub.keys, client_id, secret)
        _note(tx, now, by, source, target, made, [one.rule.id for one in seen.stops])
        target = organisations.environment(tx, target.id, hub.keys)
    answer = None
    if client_id.strip():
        with traffic.noted(hub, target) as http:
            answer = credentials.ask(http, target)
        with hub.db.writing() as tx:
            credentials.remember(tx, now, by, target, answer)
    return Promoted(target=target, changes=made, invited=invited, answer=answer)


def _target(tx: Connection, hub: Served, source: Environment, name: str) -> Environment | None:
    return organisations.by_handle(tx, f"{source.slug}@{name}", hub.keys)


def _add(tx: Connection, hub: Served, seen: Survey) -> Environment:
    made = add_environment(
        tx, hub.clock.now(), hub.keys, organisation=seen.source.slug, name=seen.name, client_id="",
        client_secret="", site_url=seen.to.site, api_url=seen.to.api, pub_url=seen.to.pub,
        connectors=(),
    )  # fmt: skip
    return organisations.environment(tx, made, hub.keys)


def _owners(
    tx: Connection, now: int, hub: Served, by: By, source: Environment, target: Environment
) -> list[str]:
    """Staff belong to an environment: owners who are not there yet get a link. Returns their addresses."""
    there = {one.email for one in staff.colleagues(tx, target.id)}
    invited = []
    for one in staff.colleagues(tx, source.id):
        if one.role == roles.OWNER and one.joined is not None and one.email not in there:
            whom, link = staff.invite(
                tx, now, target.id, by, email=one.email, role=roles.OWNER, name=one.name
            )
            url = letters.address(hub.settings.public_url, target, link)
            letters.send(tx, now, target, whom, staff.JOIN, url, asked_by=by.name)
            invited.append(one.email)
    return invited


def _note(
    tx: Connection, now: int, by: By, source: Environment, target: Environment, made: list[Change],
    against: list[str],
) -> None:  # fmt: skip
    if made:
        more = {"against": " ".join(against)} if against else {}
        audit.note(tx, now, source.id, by, "promoted-to", target.handle, changes=len(made), **more)
        audit.note(tx, now, target.id, by, "promoted-from", source.handle, changes=len(made), **more)
