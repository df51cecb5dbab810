"""What states are called on pages, in the person's words: a chip and the sentence that goes with it."""

from dataclasses import dataclass

from laelia.hub import people
from laelia.hub.organisations import Environment
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy

# Scope → what it lets an organisation do, as the list after "may".
SCOPE_WORDS = {
    "/activities/update": (lazy("add works to your record, and update or remove the ones it added"),),
    "/read-limited": (lazy("read what you show to everyone and to trusted organisations"),),
    "/person/update": (
        lazy("add other names, keywords, web sites and identifiers, and update or remove the ones it added"),
    ),
    "/authenticate": (lazy("know that this iD is yours"),),
    "openid": (lazy("know that it is you who is signed in"),),
}


@dataclass(frozen=True)
class Standing:
    """How a permission stands: `chip` with its `tone` (good, warn, bad or none), and what follows from it."""

    name: str
    chip: str
    tone: str
    sentence: str
    action: str | None  # the text of the button that asks for permission

    @property
    def usable(self) -> bool:
        """Whether something can be added now."""
        return self.name in ("connected", "short")


def scope_words(scopes: frozenset[str]) -> list[str]:
    known = [word for scope, words in SCOPE_WORDS.items() if scope in scopes for word in words]
    return [str(word) for word in known] + sorted(scopes - SCOPE_WORDS.keys())


def standing(permission: people.Permission | None, person_state: str | None, place: Environment) -> Standing:
    """The words for her permission, which was read with `now`, so that a spent hour shows as expired."""
    name = place.organisation_name
    if person_state == "closed":
        sentence = _(
            "The registry says that this record is closed, which ended the permission. If you opened it "
            "again, connect again as well."
        )
        return Standing("closed", _("record closed"), "bad", sentence, _("Connect again"))
    if permission is not None:
        return _active(permission, name) if permission.state == "active" else _ended(permission, place)
    if person_state == "denied":
        sentence = _("You did not give permission, so nothing is read and nothing is added.")
        return Standing("denied", _("no permission"), "", sentence, _("Connect my iD"))
    sentence = _("%(name)s can't add anything to your record yet.", name=name)
    return Standing("none", _("not connected"), "", sentence, _("Connect my iD"))


def _active(permission: people.Permission, name: str) -> Standing:
    if people.lacking(permission.scopes, ("/activities/update",)):
        sentence = _("You are connected, but %(name)s may not add works to your record.", name=name)
        return Standing("partial", _("connected in part"), "warn", sentence, _("Grant permission"))
    if permission.short:
        sentence = _(
            "You allowed it for one hour. What you claim now is added. After that %(name)s can't follow "
            "changes of the metadata and can't add new items, so Auto-Update does nothing.",
            name=name,
        )
        return Standing("short", _("for one hour"), "warn", sentence, _("Allow it until I revoke it"))
    sentence = _("You can end it at any time: here, or at the registry under Trusted organisations.")
    return Standing("connected", _("connected"), "good", sentence, None)


def _ended(permission: people.Permission, place: Environment) -> Standing:
    again = _("Grant permission again")
    if permission.state == "expired":
        sentence = _("The hour that you allowed is over. Nothing is pushed until you grant it again.")
        return Standing("expired", _("permission ended"), "warn", sentence, again)
    if permission.state == "moved":
        primary = place.address_of((permission.reason or "").rpartition(" ")[2])
        sentence = _("Your record is now %(orcid)s. Connect with that iD to go on.", orcid=primary)
        return Standing("moved", _("record moved"), "warn", sentence, _("Connect my iD"))
    if permission.reason == people.DISCONNECTED:
        sentence = _(
            "What %(name)s added stays on your record; nothing more is done.", name=place.organisation_name
        )
        return Standing("disconnected", _("disconnected"), "", sentence, _("Connect again"))
    sentence = _(
        "The registry no longer accepts the permission you gave. Nothing is pushed, nothing is tried."
    )
    return Standing("revoked", _("permission revoked"), "bad", sentence, again)
