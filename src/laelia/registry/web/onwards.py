"""What the pages of coming in know of where somebody goes afterwards."""

from urllib.parse import parse_qs, urlsplit

from laelia.lib.web.core import Call
from laelia.registry.account import onward
from laelia.registry.grants import clients
from laelia.registry.grants.clients import Client


def target(call: Call) -> str | None:
    """The address on this site that she goes on to, from the parameter `next`."""
    return onward.local(call.arg("next"))


def prefilled(target: str | None) -> dict[str, str]:
    """What an authorisation request says about the person (oauth.md §1.1): `email` or `orcid` for the
    sign-in, names for registering."""
    query = parse_qs(urlsplit(target or "").query)
    first = {name: values[0] for name, values in query.items()}
    # A plus sign in an address that was not encoded arrives as a space.
    email = first.get("email", "").strip().replace(" ", "+")
    return {
        "name": first.get("orcid") or email or first.get("login_hint") or "",
        "email": email,
        "given": first.get("given_names") or "",
        "family": first.get("family_names") or "",
    }


def asking(call: Call, target: str | None) -> Client | None:
    """The organisation she goes on to, so that the page can say its name."""
    parts = urlsplit(target or "")
    if parts.path != "/oauth/authorize":
        return None
    wanted = parse_qs(parts.query).get("client_id", [""])[0]
    if call.open_tx is not None:
        return clients.find(call.open_tx, wanted)
    with call.service.db.reading() as tx:
        return clients.find(tx, wanted)
