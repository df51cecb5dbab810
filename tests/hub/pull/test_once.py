"""What comes by Figshare and by DataCite stands on the record once, or as the organisation chose, whichever
way it came first."""

import pytest

from hub.repository import OWN, Repository, rows, standing, works
from laelia.hub import assertions, organisations, pull
from laelia.hub.assertions import newest
from laelia.lib.clock import DAY

BOTH = ("datacite", "figshare")


@pytest.mark.parametrize("first", BOTH)
@pytest.mark.parametrize("preferred", BOTH)
def test_what_comes_by_both_stands_once(repository: Repository, preferred: str, first: str) -> None:
    town, token = repository.town, repository.token(repository.town.ada)
    town.connected(town.ada)
    repository.draw(preferred)
    made = repository.publish(token)
    town.publish("alone", "At DataCite alone", town.ada)
    for connector in (first, *BOTH):
        repository.follow(town.ada, connector)
        town.work()
    check_once(repository, preferred, made)
    repository.change(token, made, title="A second version")
    repository.settle()
    check_once(repository, preferred, made, versions=2)
    titles = {one["title"] for group in works(repository, town.ada) for one in group}
    assert {"A second version", "At DataCite alone"} <= titles
    repository.settle_day()
    check_once(repository, preferred, made, versions=2)
    repository.unpublish(token, made)
    repository.settle_day()
    repository.settle_day()
    assert list(standing(repository, town.ada)) == ["doi:10.5072/alone"]


def test_of_datacite_s_versions_the_doi_of_the_item_alone(repository: Repository) -> None:
    town, token = repository.town, repository.token(repository.town.ada)
    town.connected(town.ada)
    repository.draw("datacite")
    with town.hub.db.writing() as tx:
        place = organisations.environment(tx, town.datacite, town.hub.keys)
        newest.choose(tx, town.clock.now(), place, newest_only=True)
    made = repository.publish(token)
    repository.follow(town.ada, *BOTH)
    town.work()
    repository.change(token, made, title="A second version")
    repository.settle()
    assert standing(repository, town.ada) == {f"doi:10.5072/laelia.{made}": "datacite"}
    [[one]] = works(repository, town.ada)
    assert one["title"] == "A second version"


def check_once(repository: Repository, preferred: str, made: int, versions: int = 1) -> None:
    base, ada = f"doi:10.5072/laelia.{made}", repository.town.ada
    expected = {base: preferred, "doi:10.5072/alone": "datacite"}
    if preferred == "datacite":  # its DOIs of versions are things of their own there, in one group
        expected |= {f"{base}.v{number}": "datacite" for number in range(1, versions + 1)}
    assert standing(repository, ada) == expected
    groups = works(repository, ada)
    assert len(groups) == 2
    assert sum(len(group) for group in groups) == len(expected)


@pytest.mark.parametrize("first", BOTH)
def test_both_stand_in_one_group(repository: Repository, first: str) -> None:
    town, token = repository.town, repository.token(repository.town.ada)
    town.connected(town.ada)
    repository.draw(assertions.BOTH)
    made = repository.publish(token)
    for connector in (first, *BOTH):
        repository.follow(town.ada, connector)
        town.work()
    base = f"doi:10.5072/laelia.{made}"
    second = "figshare" if first == "datacite" else "datacite"
    for _ in range(2):
        assert standing(repository, town.ada) == {
            base: first, f"{second}:{base}": second, f"{base}.v1": "datacite",
        }  # fmt: skip
        assert [len(group) for group in works(repository, town.ada)] == [3]
        repository.settle_day()
    repository.prefer("figshare")
    town.work()
    assert standing(repository, town.ada) == {base: "figshare"}
    repository.prefer("datacite")
    town.work()
    assert standing(repository, town.ada) == {base: "datacite", f"{base}.v1": "datacite"}
    repository.prefer(assertions.BOTH)
    town.work()
    assert [len(group) for group in works(repository, town.ada)] == [3]
    assert sorted(standing(repository, town.ada).values()) == ["datacite", "datacite", "figshare"]


def test_when_the_preferred_source_loses_it_the_other_brings_it(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, token = repository.town, repository.token(repository.town.ada)
    town.connected(town.ada)
    repository.draw("figshare")
    repository.follow(town.ada, *BOTH)
    made = repository.publish(token)
    town.work()
    base = f"doi:10.5072/laelia.{made}"
    assert standing(repository, town.ada) == {base: "figshare"}
    # The repository hides it; its DOIs stay findable until the worker of the repository has told.
    repository.call(token, "POST", f"{OWN}/{made}/unpublish", {"reason": "The wrong file."})
    town.clock.advance(DAY)
    town.work()
    assert standing(repository, town.ada) == {base: "datacite", f"{base}.v1": "datacite"}


@pytest.mark.parametrize("preferred", BOTH)
def test_what_she_declined_stays_away_from_both(repository: Repository, preferred: str) -> None:
    town, token = repository.town, repository.token(repository.town.ada)
    town.connected(town.ada)
    repository.draw("figshare")
    repository.follow(town.ada, *BOTH)
    made = repository.publish(token)
    town.work()
    base = f"doi:10.5072/laelia.{made}"
    row = rows(repository, town.ada)[base]
    with town.hub.db.writing() as tx:
        assertions.withdraw(tx, town.clock.now(), town.datacite, row.id)
    town.work()
    assert works(repository, town.ada) == []
    repository.prefer(preferred)
    repository.change(token, made, title="Changed meanwhile")
    repository.settle_day()
    assert rows(repository, town.ada)[base].answer == "no"
    assert base not in standing(repository, town.ada)


def test_a_claim_goes_before_what_comes_by_itself(repository: Repository) -> None:
    town, token = repository.town, repository.token(repository.town.stranger)
    town.connected(town.ada)
    repository.draw("figshare")
    made = repository.publish(token, authors=[{"name": town.ada.name, "orcid_id": town.ada.orcid}])
    document = pull.look_up(town.hub, "datacite", f"10.5072/laelia.{made}")
    assert document is not None
    with town.hub.db.writing() as tx:
        place = organisations.environment(tx, town.datacite, town.hub.keys)
        now = town.clock.now()
        assertions.claim(tx, now, place, town.ada.orcid, "datacite", document, doi_url=town.doi_url)
    repository.follow(town.ada, *BOTH)
    town.work()
    assert standing(repository, town.ada) == {
        f"doi:10.5072/laelia.{made}": "datacite",
        f"doi:10.5072/laelia.{made}.v1": "datacite",
    }
