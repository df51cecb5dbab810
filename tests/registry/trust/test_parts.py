"""What taking one scope back leaves, and the words for scopes: pure rules."""

import pytest

from laelia.registry.access import expand, widest, without
from laelia.registry.grants import scopes, words

EVERYTHING = "/read-limited /activities/update /person/update"


@pytest.mark.parametrize(
    ("held", "taken", "left"),
    [
        (EVERYTHING, "/activities/update", "/read-limited /person/update"),
        (EVERYTHING, "/read-limited", "/activities/update /person/update"),
        # What is taken goes with all it contains, also where that was named beside it.
        ("/activities/update /orcid-works/update /read-limited", "/activities/update", "/read-limited"),
        ("/read-limited /activities/read-limited /person/read-limited", "/read-limited", ""),
        ("/person/update /orcid-bio/update openid", "/person/update", "openid"),
        ("openid /authenticate /read-limited", "openid", "/read-limited"),
        # What another contains as well stays.
        ("/read-limited /activities/read-limited", "/activities/read-limited", "/read-limited"),
        (
            "/activities/read-limited /read-limited /orcid-works/read-limited",
            "/activities/read-limited",
            "/read-limited /orcid-works/read-limited",
        ),
        # A part of something wider is not cut out of it.
        ("/activities/update", "/orcid-works/update", "/activities/update"),
        ("/orcid-works/create /orcid-works/update", "/orcid-works/update", "/orcid-works/create"),
        ("/email/read-private /read-limited", "/email/read-private", "/read-limited"),
        ("/read-limited", "/activities/update", "/read-limited"),
        ("/read-limited", "/no-such", "/read-limited"),
        ("", "/read-limited", ""),
    ],
)
def test_what_is_left(held: str, taken: str, left: str) -> None:
    assert " ".join(without(held.split(), taken.split())) == left


@pytest.mark.parametrize("scope", sorted(scopes.KNOWN - scopes.OF_CLIENT))
def test_what_was_taken_back_can_not_come_back_by_another_name(scope: str) -> None:
    """Whatever is held beside it: nothing that is left contains what was taken, unless it stood apart."""
    everything = tuple(sorted(scopes.KNOWN - scopes.OF_CLIENT))
    left = without(everything, {scope})
    wider = [other for other in everything if other != scope and scope in expand((other,))]
    assert scope not in left
    assert (scope in expand(left)) == bool(wider)


def test_the_widest() -> None:
    assert widest(["/read-limited", "/activities/read-limited", "openid", "/authenticate"]) == {
        "/read-limited",
        "openid",
    }


@pytest.mark.parametrize("scope", sorted(scopes.KNOWN - scopes.OF_CLIENT))
def test_every_scope_has_words_of_what_it_does_and_what_it_does_not(scope: str) -> None:
    (line,) = words.lines([scope])
    assert line.name == scope
    assert scope not in line.may
    assert line.may[0].islower()
    assert not line.may.endswith(".")
    assert line.but.endswith(".")
    assert words.not_able_to([scope])


def test_one_thing_is_said_once() -> None:
    said = words.lines(
        ["/authenticate", "openid", "/activities/update", "/orcid-works/create", "/orcid-works/update"]
    )
    assert [line.name for line in said] == ["openid", "/activities/update"]
    assert said[0].scopes == {"openid", "/authenticate"}


def test_a_scope_without_words_is_never_hidden() -> None:
    """As it may stand on a token that came with fixtures."""
    (line,) = words.lines(["/orcid-patents/update"])
    assert "/orcid-patents/update" in line.may
