"""Each form about clients, members and records takes only what our own pages sent, from this very session."""

import itertools
from urllib.parse import urlencode

import pytest

from laelia.registry.web import desk
from laelia.registry.web.operator import addresses
from registry.operators.cast import Cast
from registry.place import SITE

FORMS = [route.path for route in (*desk.routes, *addresses.routes) if route.method == "POST"]
FAULTS = ("no token", "another session's token", "foreign origin", "no origin")
GIVEN = {
    "name": "Forged", "uris": "https://evil.test/back", "uri": "https://evil.test/", "kind": "default",
    "overlap": "0", "what": "deactivate", "reason": "forged", "why": "spam", "state": "locked",
}  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_a_form_from_elsewhere_does_nothing(cast: Cast, path: str) -> None:
    """Sent by whoever may do all of it: the owner, or the operator."""
    who = (
        cast.olga
        if path.startswith("/operator") or path.endswith(("rights", "move", "listed"))
        else cast.carla
    )
    own = cast.see(who, "/account").form("/signout").value("csrf_token")
    foreign = cast.see(cast.stranger, "/account").form("/signout").value("csrf_token")
    cookies = "; ".join(f"{k}={v}" for k, v in cast.at_desk(who).cookies("registry.test").items())
    address = path.format(
        client_id=cast.catalogue.id, member=cast.library.id, orcid=cast.ada.orcid, key="x", mark="x"
    )
    before = cast.everything()
    for fault, given in itertools.product(FAULTS, [GIVEN]):
        token = {"no token": "", "another session's token": foreign}.get(fault, own)
        origin = {"foreign origin": "https://evil.example", "no origin": None}.get(fault, SITE)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookies,
            **({"Origin": origin} if origin else {}),
        }
        body = urlencode({**given, "csrf_token": token}).encode()
        assert (fault, cast.http.post(cast.at(address), content=body, headers=headers).status) == (fault, 403)
    assert cast.everything() == before
