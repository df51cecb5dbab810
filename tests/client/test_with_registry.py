"""The client at a real registry: views, groups, several at once, and each refusal as its own exception."""

import pathlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

import samples
from client.conftest import Club, club
from laelia.client import orcid
from laelia.client.orcid import OAuthRefused, Unavailable
from laelia.lib.http import Http, HttpError
from laelia.model import problems as p
from laelia.model.affiliation import Distinction, Education, Employment, EmploymentSummary
from laelia.model.common import Item
from laelia.model.funding import Funding
from laelia.model.language import V2_0, V2_1, V3_0
from laelia.model.peer_review import PeerReview, PeerReviewSummary
from laelia.model.person import Address, Keyword, ResearcherUrl
from laelia.model.work import Work, WorkSummary, WorkTitle
from laelia.registry.grants import consents, tokens
from laelia.registry.record import people
from registry.place import Place

WAYS: list[dict[str, Any]] = [
    {"version": version, "form": form} for version in (V2_0, V2_1, V3_0) for form in ("json", "xml")
]


def token(bees: Club, *scopes: str, orcid: str | None = None, **values: Any) -> str:
    given = {"client_id": bees.member.id, "orcid": orcid or bees.ada.orcid, "scopes": scopes, **values}
    with bees.place.service.db.writing() as tx:
        return tokens.issue_token(tx, bees.place.clock.now(), **given).access_token


def another(bees: Club) -> orcid.Record:
    """What a second member reaches of Ada's record."""
    member = bees.place.member("Other Library")
    return bees.registry.record(bees.ada.orcid, token(bees, "/activities/update", client_id=member.id))


def work(doi: str, *also: str, title: str = "On bees") -> Work:
    made = samples.minimal(Work)
    first = made.external_ids[0]
    more = [msgspec.structs.replace(first, value=one, relationship="version-of") for one in also]
    own = msgspec.structs.replace(first, value=doi)
    return msgspec.structs.replace(made, title=WorkTitle(title=title), external_ids=[own, *more])


def test_the_views_of_a_record(bees: Club) -> None:
    bees.record().add(samples.full(Work))
    bees.record().add(samples.full(Keyword))
    for way in WAYS:
        record = bees.record(**way)
        whole = record.whole()
        assert whole.orcid_identifier is not None
        assert whole.orcid_identifier.path == bees.ada.orcid
        assert whole.person is not None
        assert (whole.person, whole.activities_summary) == (record.person(), record.activities())
        details = record.personal_details()
        assert details.name is not None
        assert (details.name.given_names, details.name.family_name) == ("Ada", "Lovelace")
        assert record.emails().path == f"/{bees.ada.orcid}/email"
        with pytest.raises(p.NoBiography):
            record.biography()
        assert record.document("works").startswith(b"{" if way["form"] == "json" else b"<?xml")


def test_anybody_reads_what_is_public(bees: Club) -> None:
    number = bees.record().add(work("10.5555/public"))
    nobody = bees.registry.record(bees.ada.orcid)
    assert [one.put_code for one in nobody.section(WorkSummary)] == [number]
    assert nobody.get(Work, number).title == WorkTitle(title="On bees")
    with pytest.raises(p.OAuthProblem) as caught:
        nobody.add(work("10.5555/nobody"))
    assert caught.value.status == 401


def test_works_that_share_an_identifier_stand_together(bees: Club) -> None:
    record, other = bees.record(), another(bees)
    first, apart = record.add(work("10.5555/A")), record.add(work("10.5555/b", title="Another"))
    second = other.add(work("https://doi.org/10.5555/a"))
    groups = [[one.put_code for one in group] for group in record.groups(WorkSummary)]
    assert sorted(groups) == [[first, second], [apart]]
    assert sorted(one.put_code or 0 for one in record.section(WorkSummary)) == sorted([first, apart, second])
    in_2 = bees.record(version=V2_1).groups(WorkSummary)
    assert sorted(len(group) for group in in_2) == [1, 1, 1]


def test_peer_reviews_have_two_levels_since_3_0_and_affiliations_none_before(bees: Club) -> None:
    record = bees.record()
    reviews = [record.add(samples.minimal(PeerReview)), record.add(samples.full(PeerReview))]
    assert sorted(len(group) for group in record.groups(PeerReviewSummary)) == [1, 1]
    (together,) = bees.record(version=V2_1).groups(PeerReviewSummary)
    assert sorted(one.put_code or 0 for one in together) == reviews
    jobs = [record.add(samples.minimal(Employment)), record.add(samples.full(Employment))]
    for version in (V2_1, V3_0):
        alone = bees.record(version=version).groups(EmploymentSummary)
        assert sorted(one.put_code or 0 for (one,) in alone) == jobs


@pytest.mark.parametrize("way", [WAYS[at] for at in (1, 2, 4, 5)], ids=str)
def test_several_at_once_have_each_its_answer(bees: Club, way: dict[str, Any]) -> None:
    record = bees.record(**way)
    there = record.add(work("10.5555/there"))
    sent = [work("10.5555/one"), work("10.5555/there"), work("10.5555/none", title=" "), work("10.5555/two")]
    one, duplicate, untitled, two = record.add_all(sent)
    assert isinstance(one, int)
    assert isinstance(two, int)
    assert isinstance(duplicate, p.Duplicate)
    assert duplicate.params["put_code"] == there
    assert isinstance(untitled, p.Problem)
    found = record.get_all([two, 999_999, there])
    assert [each.put_code for each in found if isinstance(each, Work)] == [there, two]
    (absent,) = (each for each in found if isinstance(each, p.Problem))
    assert absent.code == 9034
    assert "999999" in orcid.said(absent)
    calls = record.api.peer
    assert (calls.reads, calls.writes) == (1, 2)


def with_organisation(kind: type[Item], **changed: Any) -> Item:
    made: Any = samples.minimal(kind)
    for name, value in changed.items():
        setattr(made.organisation.disambiguated, name, value)
    return made


def changed(kind: type[Item], **values: Any) -> Item:
    return msgspec.structs.replace(samples.minimal(kind), **values)


BAD: list[tuple[Item, Any]] = [
    (work("10.5555/x", title=" "), (p.TitleMissing, p.InvalidJson, p.BadRequest)),
    (changed(Work, external_ids=[]), p.ExternalIdInvalid),
    (changed(Work, put_code=5), p.PutCodeInBody),
    (with_organisation(Education, identifier="https://ror.org/nobody"), p.OrganisationUnknown),
    (changed(Distinction, organisation=None), p.OrganisationMissing),
    (changed(Funding, organisation=None), (p.InvalidJson, p.BadRequest)),
    (changed(PeerReview, review_group_id="orcid-generated:nobodys"), p.Invalid),
    (changed(ResearcherUrl, url=" "), p.Invalid),
    (changed(Address, country=None), (p.Invalid, p.InvalidJson, p.BadRequest)),
]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_wrong_with_an_item_is_told_by_class(bees: Club, form: Any) -> None:
    record = bees.record(form=form)
    for item, expected in BAD:
        with pytest.raises(expected) as caught:
            record.add(item)
        assert caught.value.status == 400
        assert orcid.said(caught.value)


class TestRefusals:
    def test_twice_the_same(self, bees: Club) -> None:
        record = bees.record()
        number = record.add(work("10.5555/twice"))
        with pytest.raises(p.Duplicate) as caught:
            record.add(work("https://doi.org/10.5555/TWICE"))
        assert caught.value.params["put_code"] == number
        record.add(samples.minimal(Keyword))
        with pytest.raises(p.DuplicateElement):
            record.add(samples.minimal(Keyword))

    def test_what_is_not_there(self, bees: Club) -> None:
        record = bees.record()
        for call in (
            lambda: record.get(Work, 999),
            lambda: record.get(WorkSummary, 999),
            lambda: record.change(work("10.5555/x"), 999),
            lambda: record.delete(Work, 999),
        ):
            with pytest.raises(p.NoSuchItem) as caught:
                call()
            assert caught.value.status == 404
        number = record.add(samples.minimal(Employment))
        with pytest.raises(p.WrongArgument):
            record.get(Education, number)

    def test_another_members_item(self, bees: Club) -> None:
        number, record = another(bees).add(work("10.5555/theirs")), bees.record()
        for call in (
            lambda: record.change(work("10.5555/theirs", title="Mine"), number),
            lambda: record.delete(Work, number),
        ):
            with pytest.raises(p.WrongSource):
                call()

    def test_a_permission_that_does_not_go_so_far(self, bees: Club) -> None:
        reader = bees.registry.record(bees.ada.orcid, token(bees, "/read-limited"))
        with pytest.raises(p.MissingScope) as caught:
            reader.add(work("10.5555/x"))
        assert caught.value.status == 403

    def test_a_token_for_another_record(self, bees: Club) -> None:
        stranger = bees.registry.record(bees.place.stranger.orcid, bees.token)
        with pytest.raises(p.WrongToken) as caught:
            stranger.section(WorkSummary)
        assert caught.value.status == 401

    def test_a_permission_that_was_revoked(self, bees: Club) -> None:
        record = bees.record()
        mine, now = record.add(work("10.5555/mine")), bees.place.clock.now()
        with bees.place.service.db.writing() as tx:
            consents.revoke(tx, now, bees.ada.orcid, bees.member.id)
        for call in (record.whole, lambda: record.add(work("10.5555/more"))):
            with pytest.raises(p.OAuthProblem) as caught:
                call()
            assert (caught.value.error, caught.value.status) == ("invalid_token", 401)
        record.delete(Work, mine)

    def test_a_record_that_is_closed(self, bees: Club) -> None:
        record, nobody = bees.record(), bees.registry.record(bees.ada.orcid)
        bees.place.set_state(bees.ada, "locked")
        for call in (record.whole, nobody.whole, lambda: record.add(work("10.5555/x"))):
            with pytest.raises(p.Locked) as caught:
                call()
            assert caught.value.status == 409
        bees.place.set_state(bees.ada, "deactivated")  # which ends every permission
        with pytest.raises(p.Deactivated):
            nobody.whole()
        with pytest.raises(p.OAuthProblem):
            record.whole()

    def test_a_record_that_has_moved(self, bees: Club) -> None:
        place, primary = bees.place, bees.place.stranger.orcid
        with place.service.db.writing() as tx:
            people.set_state(tx, place.clock.now(), bees.ada.orcid, "deprecated", primary=primary)
        record = bees.record()
        for call, status in (
            (lambda: record.section(WorkSummary), 301),
            (lambda: bees.registry.record(bees.ada.orcid).whole(), 301),
            (lambda: record.add(work("10.5555/x")), 409),
            (lambda: record.delete(Work, 1), 409),
        ):
            with pytest.raises(p.Deprecated) as caught:
                call()
            assert (caught.value.status, caught.value.params["primary"]) == (status, primary)


def test_too_many_requests_say_when_to_come_again(
    new_database: Callable[..., str], tmp_path: pathlib.Path
) -> None:
    place = Place(new_database("laelia.registry.migrations"), tmp_path, anonymous_rate=1, anonymous_burst=1)
    try:
        bees = club(place)
        nobody = bees.registry.record(bees.ada.orcid)

        def hurry() -> None:
            for _ in range(50):
                nobody.person()

        with pytest.raises(Unavailable) as caught:
            hurry()
        assert (caught.value.status, caught.value.certain) == (429, True)
        assert (caught.value.retry_after or 0) >= 1
        bees.record().person()
    finally:
        place.close()


def test_a_token_of_the_clients_own(bees: Club) -> None:
    number = bees.record().add(work("10.5555/seen"))
    given = bees.registry.client_token(bees.member.id, bees.member.secret, "/read-public")
    assert given.scopes == {"/read-public"}
    assert given.access_token not in f"{given!r}"
    own = replace(bees.registry, token=given.access_token)
    assert own.record(bees.ada.orcid).get(Work, number).put_code == number
    for secret, scope, error in (
        ("wrong", "/read-public", "invalid_client"),
        (bees.member.secret, "/no-such-scope", "invalid_scope"),
    ):
        with pytest.raises(OAuthRefused) as caught:
            bees.registry.client_token(bees.member.id, secret, scope)
        assert caught.value.error == error


def test_whether_a_registry_is_well(bees: Club) -> None:
    assert bees.registry.status()
    assert replace(bees.registry, token=bees.token).status()
    nowhere = orcid.Registry(orcid.at("http://127.0.0.1:9"), http=Http(timeout=2))
    with pytest.raises(HttpError):
        nowhere.status()
