"""Scopes of the registry as staff are told of them: what each lets the organisation do."""

from laelia.lib.i18n import lazy

SCOPES = {
    "/authenticate": lazy("know that the iD is theirs"),
    "/read-limited": lazy("read what they show to everyone and to trusted organisations"),
    "/activities/update": lazy(
        "add affiliations, works, funding, peer reviews and research resources, and change what came from "
        "here"
    ),
    "/person/update": lazy(
        "add other names, keywords, web sites, countries and external ids, and change what came from here"
    ),
}


def scope_words(scopes: frozenset[str]) -> list[str]:
    """In the table's order; what it does not know as it is."""
    known = [str(words) for scope, words in SCOPES.items() if scope in scopes]
    return known + sorted(scopes - SCOPES.keys())
