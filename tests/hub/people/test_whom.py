"""One way to write what comes from elsewhere, however often it goes through a door."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from laelia.client import oidc
from laelia.hub.people import whom

_UNSEEN = st.sampled_from("a7 \t\n\x1b\u00a0\u00ad\u200b\u2028\ufeff")


@pytest.mark.parametrize("plain", [whom.plain, lambda text: oidc.plain(text, 3)], ids=["hub", "sign-in"])
@given(text=st.text(_UNSEEN | st.characters(exclude_categories=["Cs"])))
@example(text="\u200b 17")
@example(text="1 \u200b 7")
@example(text="17 8")
def test_what_is_plain_stays_as_it_is(plain: Callable[[str], str], text: str) -> None:
    made = plain(text)
    assert plain(made) == made == made.strip()
    assert made.isprintable()
    assert "  " not in made
