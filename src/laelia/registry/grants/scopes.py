"""Who may ask for which scope, and how: what a client of each kind holds, which scopes a person gives and
which a client has of itself. What a scope allows is in `registry.access`."""

# A client asks for these in its own name (client credentials, RFC 6749 §4.4): no person is asked.
OF_CLIENT = frozenset({"/read-public", "/webhook", "/premium-notification", "/basic-notification",
                       "/group-id-record/read", "/group-id-record/update"})  # fmt: skip

_PUBLIC = ("/authenticate", "/read-public", "openid")
_SECTIONS = ("/affiliations", "/funding", "/orcid-works", "/peer-review")
_BASIC = (
    *_PUBLIC,
    "/read-limited",
    "/activities/read-limited",
    "/activities/update",
    "/person/read-limited",
    "/person/update",
    *(f"{section}/{right}" for section in _SECTIONS for right in ("create", "read-limited", "update")),
    "/orcid-bio/read-limited",
    "/orcid-bio/update",
    "/orcid-bio/external-identifiers/create",
    "/orcid-profile/read-limited",
    "/group-id-record/read",
    "/group-id-record/update",
)
# Given at creation, by kind of client; staff may give a client more (/email/read-private, for one).
BY_KIND = {"public": _PUBLIC, "basic": _BASIC, "premium": (*_BASIC, "/webhook", "/premium-notification")}
KNOWN = frozenset({*BY_KIND["premium"], *OF_CLIENT, "/email/read-private"})

# OpenID Connect libraries send these unasked; they mean nothing here and are left out without an error.
IGNORED = frozenset({"profile", "email", "address", "phone", "offline_access"})


def split(text: str) -> tuple[str, ...]:
    """The scopes of a request in the order sent, each once. A literal plus sign separates as well,
    because clients that encode their query twice have always got away with it; /orcid-grants/… is what
    funding was called in the first versions."""
    names = text.replace("+", " ").replace("/orcid-grants/", "/funding/").split()
    return tuple(dict.fromkeys(name for name in names if name not in IGNORED))


def joined(names: frozenset[str] | tuple[str, ...] | list[str]) -> str:
    """Scopes as one line of text, sorted where the order carries nothing."""
    return " ".join(sorted(names) if isinstance(names, frozenset) else names)
