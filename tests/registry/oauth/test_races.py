"""What must stay single when requests come at once."""

from concurrent.futures import ThreadPoolExecutor

from conftest import size
from registry.place import Place


def test_one_code_from_six_threads(place: Place) -> None:
    """Exactly one request gets a token, and as the others held a copy of the code, the token is dead."""
    client = place.member()
    browser = place.browser(place.ada)
    for _ in range(size(12, 100)):
        page = browser.open(place.authorize_url(client))
        url = page.form(containing="Authorise").fill(until_revoked=False).submit("Authorise access").url
        code = url.split("code=")[1].split("&")[0]
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(lambda _, code=code: place.redeem(client, code), range(6)))
        assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400, 400]
        assert {a.json()["error"] for a in answers if a.status == 400} == {"invalid_grant"}
        token = next(a.json()["access_token"] for a in answers if a.status == 200)
        assert place.status_of(token) == 401


def test_one_refresh_token_from_six_threads(place: Place) -> None:
    client = place.member()
    token = place.token(place.ada, client)
    for _ in range(size(6, 60)):
        with ThreadPoolExecutor(6) as threads:
            old = token["refresh_token"]
            answers = list(threads.map(lambda _, old=old: place.refresh(client, old), range(6)))
        assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400, 400]
        token = next(a.json() for a in answers if a.status == 200)
    assert place.status_of(token["access_token"]) == 200


def test_no_token_outlives_a_revocation(place: Place) -> None:
    """She revokes while the client refreshes: whichever comes first, nothing is alive afterwards."""
    client = place.member()
    for _ in range(size(6, 60)):
        token = place.token(place.ada, client)
        browser = place.browser(place.ada)
        page = browser.open(place.at("/account/trusted"))
        form = page.form(f"/account/trusted/{client.id}/revoke")
        with ThreadPoolExecutor(3) as threads:
            refreshed = [
                threads.submit(place.refresh, client, token["refresh_token"], revoke_old="false")
                for _ in range(2)
            ]
            threads.submit(form.submit).result()
            for one in refreshed:
                one.result()
        assert [row for row in place.rows("token") if row.revoked is None] == []
