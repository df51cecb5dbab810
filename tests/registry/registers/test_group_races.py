"""Several at once at the groups of peer reviews: an id belongs to one, and none goes while it is in use."""

import pytest

from conftest import size
from registry.api.groups import ISSN, Groups, group, read, review
from registry.api.people import Api
from registry.at_once import at_once


@pytest.fixture
def groups(api: Api) -> Groups:
    return Groups(api)


def test_of_two_posts_of_one_id_one_gets_through(groups: Groups) -> None:
    for at in range(size(12, 300)):
        seen: list[int] = []

        def post(at: int = at, seen: list[int] = seen) -> None:
            seen.append(groups.ask("POST", body=group(f"publons:race.{at}")).status)

        at_once(post, post)
        assert sorted(seen) == [201, 409]


def test_of_two_changes_to_one_id_one_gets_through_and_an_issn_is_made_once(groups: Groups) -> None:
    one, other = groups.add(group("publons:one")), groups.add(group("publons:other"))
    for at in range(size(8, 200)):
        seen: list[int] = []

        def change(number: int, at: int = at, seen: list[int] = seen) -> None:
            said = group(f"publons:race.{at}", **{"put-code": number})
            seen.append(groups.ask("PUT", f"/{number}", said).status)

        at_once(lambda: change(one), lambda: change(other))
        assert sorted(seen) == [200, 409]
    found: list[int] = []

    def look() -> None:
        found.append(read(groups.ask("GET", f"?group-id={ISSN}"))["put-code"])

    at_once(look, look, look)
    assert len(set(found)) == 1


def test_a_review_and_the_deletion_of_its_group_do_not_pass_each_other(groups: Groups) -> None:
    api = groups.api
    for at in range(size(8, 200)):
        number = groups.add(group(f"publons:race.{at}"))
        seen: dict[str, int] = {}

        def post(at: int = at, seen: dict[str, int] = seen) -> None:
            said = review(f"publons:race.{at}")
            said["review-identifiers"]["external-id"][0]["external-id-value"] = f"r{at}"
            seen["post"] = api.post(said, path="/peer-review").status

        def delete(number: int = number, seen: dict[str, int] = seen) -> None:
            seen["delete"] = groups.ask("DELETE", f"/{number}").status

        at_once(post, delete)
        assert (seen["post"], seen["delete"]) in {(201, 409), (400, 204)}
