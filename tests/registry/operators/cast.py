"""The people who have to do with clients: `ada` owns a public client, `carla` looks after those of a member,
`dora` after those of another, `olga` operates the registry, and `stranger` has to do with none of them."""

import functools
import pathlib
from typing import Any

from laelia.lib.browser import Browser, Page
from laelia.registry.operators import clients, members, role
from laelia.registry.operators.audit import By
from laelia.registry.record import people
from registry.place import BACK, Member, Person, Place

STAFF = By(actor="command:test", reason="for the tests")


class Cast(Place):
    def __init__(self, database: str, var: pathlib.Path, **settings: Any) -> None:
        super().__init__(database, var, **settings)
        self.carla = self.person("Carla", "Contact", "carla@example.org")
        self.dora = self.person("Dora", "Distant", "dora@example.org")
        self.olga = self.person("Olga", "Operator", "olga@example.org")
        now = self.clock.now()
        with self.service.db.writing() as tx:
            for one in (self.ada, self.carla, self.dora, self.olga, self.stranger):
                people.verify_email(tx, now, one.orcid, one.email)
            role.grant(tx, now, STAFF, self.olga.orcid)
            self.library = members.add(tx, now, STAFF, name="Example Library", kind="premium")
            self.press = members.add(tx, now, STAFF, name="Example Press", kind="basic")
            members.add_contact(tx, now, STAFF, self.library, self.carla.orcid)
            members.add_contact(tx, now, STAFF, self.press, self.dora.orcid)
            given = {"name": "Library Catalogue", "redirect_uris": [BACK]}
            self.catalogue = Member(*clients.add_for(tx, now, STAFF, self.library, **given))
            own = {"name": "Ada's Engine", "redirect_uris": [BACK], "owner_orcid": self.ada.orcid}
            self.engine = Member(*clients.add(tx, now, STAFF, kind="public", **own))

    @functools.cache  # noqa: B019 (a place lives as long as its tests; signing in is slow on purpose)
    def at_desk(self, who: Person | None) -> Browser:
        """One browser for each person, signed in once."""
        return self.browser(who)

    def see(self, who: Person | None, path: str) -> Page:
        return self.at_desk(who).open(self.at(path))

    def page_of(self, client: Member, who: Person) -> Page:
        return self.see(who, f"/clients/{client.id}")

    def actions(self) -> list[tuple[str, str, str]]:
        """Who did what on whom, in order."""
        return [(row.actor, row.action, row.subject) for row in self.rows("audit")]

    def works(self, client_id: str, secret: str) -> bool:
        """Whether the token endpoint takes the secret."""
        return self.credentials(Member(client_id, secret), "/read-public").status == 200
