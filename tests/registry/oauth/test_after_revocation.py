"""What a client may still do when its permission is gone: remove what it added, and nothing else."""

import json

import pytest

from registry.place import Member, Place

WORK = {
    "title": {"title": {"value": "Nectar volume"}},
    "type": "data-set",
    "external-ids": {
        "external-id": [
            {
                "external-id-type": "doi",
                "external-id-value": "10.5072/laelia.42",
                "external-id-relationship": "self",
            }
        ]
    },
}


def call(place: Place, token: str, method: str, path: str = "", body: object = None) -> int:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.orcid+json"}
    if body is not None:
        headers["Content-Type"] = "application/vnd.orcid+json"
    content = json.dumps(body).encode() if body is not None else None
    url = place.at(f"/v3.0/{place.ada.orcid}/work{path}")
    return place.http.request(method, url, headers=headers, content=content).status


def added(place: Place, client: Member) -> tuple[dict[str, str], str]:
    body = place.token(place.ada, client)
    assert call(place, body["access_token"], "POST", body=WORK) == 201
    return body, f"/{place.rows('item')[-1].put_code}"


def test_after_she_revoked_it_may_remove_its_own(place: Place) -> None:
    client = place.member()
    body, path = added(place, client)
    token = body["access_token"]
    browser = place.browser(place.ada)
    browser.open(place.at("/account/trusted")).form(f"/account/trusted/{client.id}/revoke").submit()
    assert call(place, token, "GET", path) == 401
    assert call(place, token, "PUT", path, WORK) == 401
    assert call(place, token, "POST", body=WORK) == 401
    assert call(place, token, "DELETE", path) == 204
    assert place.rows("item") == []


@pytest.mark.parametrize("end", ["client", "refresh", "expired"])
def test_after_any_other_end_it_may_not(place: Place, end: str) -> None:
    client = place.member()
    body, path = added(place, client)
    token = body["access_token"]
    if end == "client":
        place.revoke(client, token)
    elif end == "expired":
        place.clock.advance(631_138_519_000)
    else:
        place.refresh(client, body["refresh_token"])
    assert call(place, token, "DELETE", path) == 401
    assert len(place.rows("item")) == 1
