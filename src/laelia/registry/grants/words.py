"""What a scope means, in words for the person who is asked for it or has given it."""

from collections.abc import Iterable
from dataclasses import dataclass

from laelia.lib.i18n import gettext as _
from laelia.registry.access import widest


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that an organisation may do: a sentence that follows "it may", and what it may not by that.
    `scopes` are those held or asked for that say it; `name`, one of them, stands for the line in forms."""

    name: str
    scopes: frozenset[str]
    may: str
    but: str

    @property
    def writes(self) -> bool:
        """Whether it may add something or change what it added."""
        return writes(self.scopes)


def writes(scopes: Iterable[str]) -> bool:
    """Whether any of these scopes lets an organisation add something or change what it added."""
    return any(scope.endswith(("/update", "/create")) for scope in scopes)


def _table() -> dict[str, tuple[str, str]]:
    """One line per scope, in the order a form shows them. Made on each call, as the language changes."""
    know = (
        _("know your iD, because you signed in here, and read what everyone can see on your record"),
        _("Your e-mail address is not part of this, and your password is told to nobody."),
    )
    limited = (
        _("read what you show to trusted organisations"),
        _("What you set to “Only me” is not part of this."),
    )
    details = (
        _("read the personal details you show to trusted organisations"),
        _("Your works and other activities are not part of this."),
    )
    activities = (
        _(
            "add works, employment, funding and other activities to your record, "
            "and change or remove the ones it added"
        ),
        _("Each bears its name as the source. Your personal details are not part of this."),
    )
    person = (
        _(
            "add personal details, such as keywords and links, to your record, "
            "and change or remove the ones it added"
        ),
        _("Your name, your biography and your e-mail addresses are not part of this."),
    )
    only_add = _("It can’t change or remove them afterwards.")
    only_change = _("Each bears its name as the source.")
    only_read = _("Adding and changing are not part of this.")
    return {
        "/authenticate": know,
        "openid": know,
        "/read-public": (_("read what everyone can see on your record"), _("Everyone can, without asking.")),
        "/read-limited": limited,
        "/orcid-profile/read-limited": limited,
        "/activities/read-limited": (
            _("read the works and other activities you show to trusted organisations"),
            _("Your personal details are not part of this."),
        ),
        "/person/read-limited": details,
        "/orcid-bio/read-limited": details,
        "/email/read-private": (
            _("read all your e-mail addresses, also those that only you can see"),
            _("It can’t change them."),
        ),
        "/activities/update": activities,
        "/person/update": person,
        "/orcid-bio/update": person,
        "/orcid-bio/external-identifiers/create": (
            _("add your identifiers in other systems to your record, and change the ones it added"),
            _("It can’t remove them afterwards."),
        ),
        "/affiliations/create": (
            _("add employment, education and other affiliations to your record"),
            only_add,
        ),
        "/affiliations/update": (
            _("add employment, education and other affiliations, and change or remove the ones it added"),
            only_change,
        ),
        "/affiliations/read-limited": (
            _("read the affiliations you show to trusted organisations"),
            only_read,
        ),
        "/funding/create": (_("add funding to your record"), only_add),
        "/funding/update": (_("add funding, and change or remove the funding it added"), only_change),
        "/funding/read-limited": (_("read the funding you show to trusted organisations"), only_read),
        "/orcid-works/create": (_("add works to your record"), only_add),
        "/orcid-works/update": (_("add works, and change or remove the works it added"), only_change),
        "/orcid-works/read-limited": (_("read the works you show to trusted organisations"), only_read),
        "/peer-review/create": (_("add peer reviews to your record"), only_add),
        "/peer-review/update": (
            _("add peer reviews, and change or remove the peer reviews it added"),
            only_change,
        ),
        "/peer-review/read-limited": (
            _("read the peer reviews you show to trusted organisations"),
            only_read,
        ),
    }


def lines(scopes: Iterable[str]) -> list[Line]:
    """What an organisation with these scopes may do: each thing once, knowing first and writing last. A scope
    that another of them contains is not said again, and one without words of ours is shown as it is written.
    """
    held, table = frozenset(scopes), _table()
    wide = widest(held)
    found: dict[tuple[str, str], list[str]] = {}
    for scope in (*table, *sorted(wide - table.keys())):
        if scope in wide:
            words = table.get(scope) or (_("use the permission %(scope)s", scope=scope), "")
            found.setdefault(words, []).append(scope)
    return [
        Line(
            name=named[0],
            scopes=frozenset(named) | {scope for scope in held if table.get(scope) == words},
            may=words[0],
            but=words[1],
        )
        for words, named in found.items()
    ]


def not_able_to(scopes: Iterable[str]) -> list[str]:
    """What it would not be able to do: the fears that the sentences above leave open."""
    asked = set(scopes)
    lines = [
        _("change or remove anything that you or others added")
        if writes(asked)
        else _("add, change or remove anything on your record")
    ]
    if "/email/read-private" in asked:
        return [*lines, _("see your password, or other things that you keep to yourself")]
    return [*lines, _("see what you keep to yourself, or your password")]
