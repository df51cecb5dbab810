"""Forms take only what our own pages sent, from this very session."""

import itertools
from urllib.parse import urlencode

from registry.place import PASSWORD, SITE, Place

FORMS = {
    "/signin": {"name": "x", "password": "y"},
    "/register": {"given": "x"},
    "/signout": {},
    "/register/terms": {"terms": "y"},
    "/account/emails/add": {"email": "new@example.org"},
    "/account/emails/remove": {"email": "ada@example.org"},
    "/account/preferences": {"locale": "en", "visibility": "public"},
    "/my-record/edit/names": {"given": "x"},
    "/my-record/edit/keywords/add": {"content": "x"},
    "/new-terms": {"terms": "y"},
    "/claim": {"email": "ada@example.org"},
    "/account/trusted/APP-1/revoke": {},
    "/my-record/works/1": {"visibility": "private"},
    "/my-record/works/1/edit": {},
    "/my-record/works/1/copy": {},
    "/my-record/employments/add": {},
    "/my-record/many": {"do": "delete", "chosen": "works-1"},
    "/account/close": {"choice": "erase"},
    "/account/close/x": {"password": PASSWORD},
    "/account/data": {"password": PASSWORD},
    "/account/duplicate": {"name": "x", "password": PASSWORD},
    "/account/duplicate/review": {"agreed": "y"},
    "/account/individuals": {"whom": "x"},
    "/account/individuals/add": {"whom": "x", "password": PASSWORD},
    "/account/individuals/remove": {"orcid": "x"},
    "/account/individuals/give-up": {"orcid": "x"},
    "/acting": {"orcid": "x"},
    "/acting/stop": {},
    "/reactivate": {"email": "ada@example.org"},
    "/reactivate/x": {"given": "x"},
    "/oauth/authorize?client_id=x": {"decision": "allow"},
}


FAULTS = ("no token", "another session's token", "foreign origin", "no origin")


def test_a_form_from_elsewhere_does_nothing(place: Place) -> None:
    place.token(place.ada, place.member())
    browser = place.browser(place.ada)
    own = browser.open(place.at("/account/trusted")).form("/signout").value("csrf_token")
    foreign = place.browser(place.stranger).open(place.at("/account")).form("/signout").value("csrf_token")
    cookies = browser.cookies("registry.test")
    before = place.everything()
    for path, fault in itertools.product(FORMS, FAULTS):
        token = {"no token": "", "another session's token": foreign}.get(fault, own)
        origin = {"foreign origin": "https://evil.example", "no origin": None}.get(fault, SITE)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            **({"Origin": origin} if origin else {}),
        }
        body = urlencode({**FORMS[path], "csrf_token": token}).encode()
        refused = place.http.post(place.at(path), content=body, headers=headers)
        assert (path, fault, refused.status) == (path, fault, 403)
    assert place.everything() == before


def test_the_cookie_is_bound_to_the_host_and_renewed_at_sign_in(place: Place) -> None:
    browser = place.browser()
    page = browser.open(place.at("/signin"))
    before = browser.cookies("registry.test")["__Host-laelia-registry"]
    line = page.headers["set-cookie"]
    assert all(flag in line for flag in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"))
    assert "Domain" not in line
    page.form("/signin").fill(name=place.ada.orcid, password=PASSWORD).submit()
    after = browser.cookies("registry.test")["__Host-laelia-registry"]
    assert before != after
    assert after not in place.everything()
    place.sign_out(browser)
    headers = {"Cookie": f"__Host-laelia-registry={after}", "Accept": "text/html"}
    assert place.http.get(place.at("/my-record"), headers=headers).status == 303


def test_pages_never_read_a_token_and_the_api_never_a_cookie(place: Place) -> None:
    token = place.token(place.ada, place.member())
    bearer = {"Authorization": f"Bearer {token['access_token']}", "Accept": "text/html"}
    assert place.http.get(place.at("/my-record"), headers=bearer).status == 303
    browser = place.browser(place.ada)
    cookie = browser.cookies("registry.test")["__Host-laelia-registry"]
    headers = {"Cookie": f"__Host-laelia-registry={cookie}", "Accept": "application/json"}
    with_cookie = place.http.get(place.at(f"/v3.0/{place.ada.orcid}/record"), headers=headers)
    without = place.http.get(
        place.at(f"/v3.0/{place.ada.orcid}/record"), headers={"Accept": "application/json"}
    )
    assert with_cookie.body == without.body


def test_pages_say_how_they_want_to_be_treated(place: Place) -> None:
    page = place.browser(place.ada).open(place.at("/my-record"))
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in page.headers
