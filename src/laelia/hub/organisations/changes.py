"""What an organisation says of itself, changed by its own staff."""

from sqlalchemy import Connection, select, update

from laelia.hub import tables
from laelia.hub.organisations import audit, ror
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.hub.organisations.environments import Environment, check_links
from laelia.lib.i18n import gettext as _

FIELDS = ("name", "ror", "about", "website", "privacy_url", "support_url")


def change(tx: Connection, now: int, by: By, place: Environment, **given: str) -> None:
    """Name, ROR id, description and addresses; what is empty is none. They are the organisation's at every
    registry, so that only staff of the environment that its pages show may change them."""
    if not place.is_default:
        raise Clash(
            _("This is changed where the organisation's own pages are, not in %(name)s.", name=place.name)
        )
    values: dict[str, str | None] = {field: given.get(field, "").strip() or None for field in FIELDS}
    if not values["name"]:
        raise Clash(_("An organisation needs a name."))
    if values["ror"]:
        values["ror"] = ror.wanted(values["ror"])
    check_links(values)
    tx.execute(
        update(tables.organisation).where(tables.organisation.c.id == place.organisation_id).values(values)
    )
    audit.note(
        tx, now, place.id, by, "organisation-changed", place.slug, **{k: v for k, v in values.items() if v}
    )


def confirmed(tx: Connection, place: Environment) -> bool:
    """Whether its own staff looked at what the organisation says of itself."""
    c = tables.audit.c
    line = select(c.id).where(c.environment_id == place.id, c.action == "organisation-changed")
    return tx.execute(line.limit(1)).first() is not None
