"""A registry with Ada's record, and the client with which a member speaks to it for her."""

import pathlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

import samples
from laelia.client import orcid
from laelia.registry.grants import tokens
from registry.place import Member, Person, Place


@dataclass(frozen=True)
class Club:
    """`member` adds to Ada's record with `token`; `registry` is nobody's."""

    place: Place
    member: Member
    token: str
    registry: orcid.Registry

    @property
    def ada(self) -> Person:
        return self.place.ada

    def record(self, **how: Any) -> orcid.Record:
        return replace(self.registry, **how).record(self.ada.orcid, self.token)


EVERY = ("/read-limited", "/activities/update", "/person/update")


def club(place: Place) -> Club:
    member = place.member("Bee Library")
    with place.service.db.writing() as tx:
        samples.register(tx, place.clock.now(), member.id)
        given = tokens.issue_token(
            tx, place.clock.now(), client_id=member.id, orcid=place.ada.orcid, scopes=EVERY
        )
    return Club(place, member, given.access_token, orcid.Registry(orcid.at(place.site), http=place.http))


@pytest.fixture
def bees(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Club]:
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield club(place)
    place.close()
