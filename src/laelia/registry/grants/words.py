"""What a scope means, in words for the person who is asked for it or has given it."""

from collections.abc import Iterable

from laelia.lib.i18n import gettext as _


def _table() -> dict[str, str]:
    """One line per scope, in the order a form shows them. Made on each call, as the language changes."""
    know = _("know your iD, because you signed in here, and read what everyone can see on your record")
    activities = _(
        "add works, employment, funding and other activities to your record, "
        "and change or remove the ones it added"
    )
    person = _(
        "add personal details, such as keywords and links, to your record, "
        "and change or remove the ones it added"
    )
    return {
        "/authenticate": know,
        "openid": know,
        "/read-public": _("read what everyone can see on your record"),
        "/read-limited": _("read what you show to trusted organisations"),
        "/orcid-profile/read-limited": _("read what you show to trusted organisations"),
        "/activities/read-limited": _(
            "read the works and other activities you show to trusted organisations"
        ),
        "/person/read-limited": _("read the personal details you show to trusted organisations"),
        "/orcid-bio/read-limited": _("read the personal details you show to trusted organisations"),
        "/email/read-private": _("read all your e-mail addresses, also those that only you can see"),
        "/activities/update": activities,
        "/person/update": person,
        "/orcid-bio/update": person,
        "/orcid-bio/external-identifiers/create": _("add your identifiers in other systems to your record"),
        "/affiliations/create": _("add employment, education and other affiliations to your record"),
        "/affiliations/update": _("change or remove the affiliations it added"),
        "/affiliations/read-limited": _("read the affiliations you show to trusted organisations"),
        "/funding/create": _("add funding to your record"),
        "/funding/update": _("change or remove the funding it added"),
        "/funding/read-limited": _("read the funding you show to trusted organisations"),
        "/orcid-works/create": _("add works to your record"),
        "/orcid-works/update": _("change or remove the works it added"),
        "/orcid-works/read-limited": _("read the works you show to trusted organisations"),
        "/peer-review/create": _("add peer reviews to your record"),
        "/peer-review/update": _("change or remove the peer reviews it added"),
        "/peer-review/read-limited": _("read the peer reviews you show to trusted organisations"),
    }


def able_to(scopes: Iterable[str]) -> list[str]:
    """What an organisation with these scopes would be able to do: sentences that follow "it would be able
    to", each once, knowing first and writing last."""
    asked = set(scopes)
    return list(dict.fromkeys(line for scope, line in _table().items() if scope in asked))


def not_able_to(scopes: Iterable[str]) -> list[str]:
    """What it would not be able to do: the fears that the sentences above leave open."""
    asked = set(scopes)
    writes = any(scope.endswith(("/update", "/create")) for scope in asked)
    lines = [
        _("change or remove anything that you or others added")
        if writes
        else _("add, change or remove anything on your record")
    ]
    if "/email/read-private" in asked:
        return [*lines, _("see your password, or other things that you keep to yourself")]
    return [*lines, _("see what you keep to yourself, or your password")]
