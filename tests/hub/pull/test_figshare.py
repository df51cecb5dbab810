"""From the repository to the record by Figshare's API, with all of them real and in process."""

import pytest

from hub.repository import OWN, Repository, rows, standing, works
from laelia.connectors.table import CONNECTORS
from laelia.hub import organisations, pull


def test_an_item_arrives_changes_and_goes_by_figshare_alone(repository: Repository) -> None:
    town, token = repository.town, repository.token(repository.town.ada)
    town.connected(town.ada)
    repository.draw()
    old = repository.publish(token, title="From before")
    assert pull.count(town.hub, "figshare", town.ada.orcid) == 1
    repository.follow(town.ada, "figshare")
    town.work()
    [[one]] = works(repository, town.ada)
    assert one == {
        "title": "From before",
        "type": "data-set",
        "journal": None,
        "ids": [
            ("doi", f"10.5072/laelia.{old}", "self"),
            ("doi", f"10.5072/laelia.{old}.v1", "version-of"),
        ],
    }
    repository.settle()
    new = repository.publish(token, title="New", defined_type="poster")
    repository.settle()
    assert sorted(group[0]["title"] for group in works(repository, town.ada)) == ["From before", "New"]
    before = rows(repository, town.ada)
    repository.change(token, new, title="New, second version")
    repository.settle()
    assert sorted(group[0]["title"] for group in works(repository, town.ada))[1] == "New, second version"
    after = rows(repository, town.ada)
    assert {key: row.put_code for key, row in before.items()} == {
        key: row.put_code for key, row in after.items()
    }
    [poster] = [group[0] for group in works(repository, town.ada) if group[0]["type"] == "conference-poster"]
    assert poster["ids"][1] == ("doi", f"10.5072/laelia.{new}.v2", "version-of")
    runs = len(town.rows("run"))
    repository.settle()
    assert len(town.rows("run")) == runs  # nothing changed, nothing is said
    repository.unpublish(token, new)
    repository.settle()
    assert [group[0]["title"] for group in works(repository, town.ada)] == ["From before"]
    assert rows(repository, town.ada)[f"doi:10.5072/laelia.{new}"].reason == "hidden"
    repository.call(token, "POST", f"{OWN}/{new}/publish")
    repository.settle()
    assert len(works(repository, town.ada)) == 2


def test_who_is_no_author_any_more_loses_the_work(repository: Repository) -> None:
    town, token = repository.town, repository.token(repository.town.stranger)
    town.connected(town.ada)
    repository.draw()
    repository.follow(town.ada, "figshare")
    both = [{"name": town.ada.name, "orcid_id": town.ada.orcid}, {"name": "Norah Nobody"}]
    made = repository.publish(token, authors=both)
    town.work()
    assert len(works(repository, town.ada)) == 1
    repository.change(token, made, authors=both[1:])
    repository.settle()
    assert works(repository, town.ada) == []
    assert [row.reason for row in rows(repository, town.ada).values()] == ["no-creator"]


def test_a_name_unlike_hers_is_asked_about(repository: Repository) -> None:
    town, token = repository.town, repository.token(repository.town.stranger)
    town.connected(town.ada)
    repository.draw()
    repository.follow(town.ada, "figshare")
    repository.publish(token, authors=[{"name": "Mario Rossi", "orcid_id": town.ada.orcid}])
    town.work()
    assert [(row.state, row.reason) for row in rows(repository, town.ada).values()] == [
        ("ask", "unlike-name")
    ]


@pytest.mark.parametrize("narrow", ["group", "institution", "token"])
def test_a_part_of_figshare(repository: Repository, narrow: str) -> None:
    town = repository.town
    hers, other = repository.token(town.ada), repository.token(town.stranger)
    author = [{"name": town.ada.name, "orcid_id": town.ada.orcid}]
    town.connected(town.ada)
    value = {"group": "7", "institution": "1", "token": hers}[narrow]
    repository.publish(other, title="Elsewhere", authors=author, group_id=8)
    repository.draw(**{narrow: value})
    repository.follow(town.ada, "figshare")
    town.work()
    made = repository.publish(hers, title="Within", group_id=7)
    repository.settle()
    found = sorted(group[0]["title"] for group in works(repository, town.ada))
    assert found == (["Elsewhere", "Within"] if narrow == "institution" else ["Within"])
    repository.change(hers, made, title="Within, changed")
    repository.settle()
    assert "Within, changed" in [group[0]["title"] for group in works(repository, town.ada)]
    with town.hub.db.reading() as tx:
        place = organisations.environment(tx, town.datacite, town.hub.keys)
        kept = pull.listed(tx, place)[1]
    assert kept["token" if narrow == "token" else narrow] == ("kept" if narrow == "token" else value)
    assert all(hers not in str(row.token) for row in town.rows("source"))


def test_a_search_and_a_key_find_the_item(repository: Repository) -> None:
    town, token = repository.town, repository.token(repository.town.ada)
    made = repository.publish(token, title="Hummingbirds at dawn")
    found = pull.search(town.hub, "figshare", "hummingbirds")
    assert [pull.show("figshare", one).title for one in found.documents] == ["Hummingbirds at dawn"]
    source = pull.source_of(town.hub, CONNECTORS["figshare"])
    key = f"doi:10.5072/laelia.{made}"
    assert set(CONNECTORS["figshare"].present(source, [key, "doi:10.5072/laelia.99", "handle:1/2"])) == {key}
    assert pull.look_up(town.hub, "figshare", f"10.5072/laelia.{made}") is not None


def test_she_switches_each_source_on_her_page(repository: Repository) -> None:
    town, token = repository.town, repository.token(repository.town.ada)
    repository.draw("figshare")
    repository.publish(token)
    browser = town.connected(town.ada)
    page = browser.open(town.at("/datacite/settings"))
    assert "Auto-Update from DataCite" in page.text
    assert "Auto-Update from Figshare" in page.text
    page = page.form("auto-update-figshare-switch").submit("Turn Auto-Update on")
    assert page.url.endswith("/from-before/figshare")
    assert "1 item already carries your iD" in page.text
    page = page.form("add-all").submit()
    assert page.url.endswith("/settings#auto-update-figshare")
    assert page.form("auto-update-switch").text.strip().startswith("Turn Auto-Update on")
    town.work()
    assert list(standing(repository, town.ada).values()) == ["figshare"]
    page.form("auto-update-switch").submit("Turn Auto-Update on").form("add-all").submit()
    town.work()
    assert list(standing(repository, town.ada).values()) == ["figshare"]
    repository.prefer("datacite")
    town.work()
    repository.prefer("figshare")
    town.work()
    page = browser.open(town.at("/datacite/items"))
    assert "It comes to your record from another source." in page.text
    assert "Add it again" not in page.text
    page = browser.open(town.at("/datacite/settings"))
    page.form("auto-update-figshare-switch").submit("Turn Auto-Update off")
    town.work()
    assert set(standing(repository, town.ada).values()) == {"datacite"}
