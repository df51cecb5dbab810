"""Who may do what with a client: its owner or the contacts of its member look after it, operators see to it
that all is well, and nobody else learns that it is there."""

from dataclasses import dataclass

from sqlalchemy import Connection

from laelia.registry.grants.clients import Client
from laelia.registry.operators import members, role
from laelia.registry.record import people


@dataclass(frozen=True, kw_only=True)
class Rights:
    """`keeps` the client: changes it and is shown new secrets. `operates`: changes what it may, its state and
    its member, ends secrets, and is never shown one."""

    keeps: bool
    operates: bool

    @property
    def none(self) -> bool:
        return not (self.keeps or self.operates)


def on(tx: Connection, client: Client, orcid: str) -> Rights:
    """Of somebody whose own record is locked or closed there are none."""
    if not people.active(tx, orcid):
        return Rights(keeps=False, operates=False)
    own = client.owner_orcid == orcid or members.is_contact(tx, client.member_id, orcid)
    return Rights(keeps=own, operates=role.holds(tx, orcid))
