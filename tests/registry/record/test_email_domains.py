"""A confirmed address leaves its domain on the record, unless anybody can have one there."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from laelia.registry.record import people
from laelia.registry.record.email_domains import is_personal
from registry.place import Place


@pytest.fixture
def place(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Place]:
    made = Place(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("domain", "personal"),
    [
        ("gmail.com", True),
        ("GMAIL.com", True),
        ("yahoo.co.uk", True),
        ("mail.yahoo.de", True),
        ("web.de", True),
        ("uni-ulm.de", False),
        ("mail.uni-ulm.de", False),
        ("yahoo-research.example", False),
    ],
)
def test_which_domains_are_open_to_all(domain: str, personal: bool) -> None:
    assert is_personal(domain) is personal


def test_confirming_keeps_the_domain_once_with_her_default_visibility(place: Place) -> None:
    with place.service.db.writing() as tx:
        for address in ("ada@hive.example", "ada.l@HIVE.example", "ada@gmail.com"):
            people.add_email(tx, place.clock.now(), place.ada.orcid, address)
            people.verify_email(tx, place.clock.now(), place.ada.orcid, address)
    kept = [(row.orcid, row.domain, row.visibility) for row in place.rows("email_domain")]
    assert kept == [(place.ada.orcid, "hive.example", "public")]
