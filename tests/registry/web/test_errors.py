"""Every code has a page, and every error body leads to it."""

from laelia.model.problems import CATALOGUE
from registry.place import Place


def test_an_error_body_leads_to_a_page_about_its_code(place: Place) -> None:
    headers = {"Accept": "application/json"}
    body = place.http.get(place.at(f"/v3.0/{place.ada.orcid}/work/77"), headers=headers).json()
    assert body["more-info"] == "https://registry.test/errors/9016"
    page = place.browser().open(body["more-info"])
    assert "Error 9016" in page.text
    assert "404" in page.text
    assert CATALOGUE[9016].remedy in page.text


def test_each_code_says_what_to_do_and_what_is_none_has_no_page(place: Place) -> None:
    browser = place.browser()
    for code in (*sorted(CATALOGUE), 8001):
        page = browser.open(place.at(f"/errors/{code}"))
        assert page.status == 200
        assert "What to do" in page.text
    for none in ("1", "9999", "x", "90161111111"):
        assert browser.open(place.at(f"/errors/{none}")).status == 404


def test_the_list_leads_to_all(place: Place) -> None:
    page = place.browser().open(place.at("/errors"))
    assert all(f'href="/errors/{code}"' in page.html for code in CATALOGUE)
