"""Whatever stands where a page expects a number, it is answered, and never as an error of ours."""

import re
from urllib.parse import quote

import pytest

from hub.staff.desk import joined_with_id
from hub.web.town import Town
from laelia.hub.web import routes
from laelia.hub.web.numbers import paged, ticked, whole

ODD = ("9" * 5000, "9" * 19, "-3", "²")
NAMED = ("page", "before", "after", "item", "months", "unit", "plan", "run", "row")
PAGES = sorted(
    {route.path for route in routes if route.method == "GET" and route.path.startswith("/{place}/")}
)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:20])
def test_every_page_answers_odd_numbers(town: Town, odd: str) -> None:
    browser = town.connected(town.ada, handle="library")
    staff = joined_with_id(town, town.ada, environment_id=town.library)
    query = "&".join(f"{name}={quote(odd)}" for name in NAMED)
    for path in PAGES:
        if path.endswith(("/callback", "/leave")):
            continue
        filled = re.sub(r"{\w+}", quote(odd), path.replace("{place}", "library"))
        whose = staff if "/staff" in path else browser
        answer = whose.open(town.at(f"{filled}?{query}"))
        assert answer.status < 500 or answer.status == 503, (filled[:60], odd[:20], answer.status)


def test_what_is_no_number_is_taken_for_another() -> None:
    assert [whole(text, 7) for text in ("12", "", "-1", "x", "9" * 5000)] == [12, 7, 7, 7, 7]
    assert [paged(text, 3) for text in ("2", "0", "9", "x")] == [2, 1, 3, 1]
    assert ticked(["1", "x", "9" * 20, "3"]) == [1, 3]
