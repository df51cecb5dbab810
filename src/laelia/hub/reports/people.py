"""People and their iDs."""

from collections.abc import Iterator

from sqlalchemy import select

from laelia.hub import tables
from laelia.hub.organisations import Environment
from laelia.hub.reports.report import Column, Report, Row, Scope
from laelia.lib.i18n import lazy

BATCH = 2_000
_COLUMNS = (
    Column("local-id", lazy("Local id")),
    Column("email", lazy("E-mail")),
    Column("given-names", lazy("Given names")),
    Column("family-names", lazy("Family names")),
    Column("name", lazy("Name at the registry")),
    Column("unit", lazy("Unit")),
    Column("unit-code", lazy("Code of the unit")),
    Column("orcid", lazy("iD, proven by signing in"), "link"),
    Column("state", lazy("State"), "person-state"),
    Column("invited", lazy("Invited"), "time"),
    Column("reminded", lazy("Last letter"), "time"),
    Column("connected", lazy("Connected"), "time"),
    Column("refused", lazy("Said no"), "time"),
    Column("scopes", lazy("Permission")),
    Column("granted", lazy("Permission given"), "time"),
    Column("expires", lazy("Permission until"), "time"),
    Column("ended", lazy("Permission ended"), "time"),
    Column("moved-to", lazy("iD it leads to now"), "link"),
)


def iri(place: Environment, orcid: str | None) -> str | None:
    """An iD as the address that its own registry gave it: one of a sandbox is never written as another's."""
    return place.address_of(orcid) if orcid else None


def _rows(scope: Scope) -> Iterator[Row]:
    p, u, g = tables.person.c, tables.unit.c, tables.permission.c
    hers = (g.environment_id == p.environment_id) & (g.orcid == p.orcid)
    found = (
        select(
            p.local_id, p.email, p.given_names, p.family_names, p.name, u.name.label("unit"), u.code, p.orcid,
            p.state, p.invited, p.reminded, p.connected, p.refused, g.scopes, g.granted, g.expires, g.changed,
            g.state.label("standing"), p.moved_to,
        )
        .outerjoin(tables.unit, u.id == p.unit_id)
        .outerjoin(tables.permission, hers)
        .where(p.environment_id == scope.place.id)
        .order_by(p.id)
    )  # fmt: skip
    if scope.units is not None:
        found = found.where(p.unit_id.in_(scope.units))
    for row in scope.tx.execute(found.execution_options(yield_per=BATCH)):
        ended = row.changed if row.standing not in (None, "active") else None
        yield (
            row.local_id, row.email, row.given_names, row.family_names, row.name, row.unit, row.code,
            iri(scope.place, row.orcid), row.state, row.invited, row.reminded, row.connected, row.refused,
            row.scopes, row.granted, row.expires, ended, iri(scope.place, row.moved_to),
        )  # fmt: skip


REPORT = Report(
    name="people",
    title=lazy("People and iDs"),
    about=lazy("Everyone with local id, address, unit, iD, state, dates and permission."),
    columns=_COLUMNS,
    rows=_rows,
    by_unit=True,
)
