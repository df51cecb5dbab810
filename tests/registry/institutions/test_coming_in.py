"""Coming in through an organisation: linked the first time, at once from then on."""

import pytest

from registry.institutions.hall import IDP, OP, Hall


def test_the_first_time_she_says_which_id_is_hers(hall: Hall) -> None:
    browser, page = hall.link(hall.ada)
    assert page.url == hall.at("/my-record")
    assert hall.signed_in(browser)
    (link,) = hall.rows("institution_link")
    assert (link.orcid, link.kind, link.subject) == (
        hall.ada.orcid, "eduPersonUniqueId", "a1ada@garden.example",
    )  # fmt: skip


@pytest.mark.parametrize("issuer", [IDP, OP])
def test_from_then_on_one_click_is_enough(hall: Hall, issuer: str) -> None:
    number = hall.numbers.get(issuer)
    hall.link(hall.ada, number)
    browser = hall.browser()
    page = hall.come(browser, number)
    assert page.url == hall.at("/my-record")
    assert hall.signed_in(browser)
    assert [row.methods for row in hall.sessions(hall.ada)][-1] == "fed"
