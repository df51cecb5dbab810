"""From the DOI registry to the record and back out again, with both registries real and in process."""

from typing import Any

import pytest

from hub.web.town import DOI, REPOSITORY, Town
from laelia.connectors.table import CONNECTORS
from laelia.hub import assertions, people, pull
from laelia.lib import faults
from laelia.lib.clock import DAY, HOUR
from laelia.lib.http import HttpError
from registry.place import Person


def follow(town: Town, who: Person) -> None:
    """Turn Auto-Update on, as its page does."""
    with town.hub.db.writing() as tx:
        now = town.clock.now()
        people.choose(tx, now, town.datacite, who.orcid, "datacite", "auto-update", True)
        pull.wake_look_back(tx, now, town.datacite, who.orcid, "datacite")


def settle(town: Town) -> None:
    """Let a pull come due and everything that follows from it happen."""
    town.clock.advance(HOUR)
    town.work()


def edit(town: Town, doi: str, **attributes: Any) -> None:
    body = {"data": {"type": "dois", "attributes": attributes}}
    login = (REPOSITORY["name"], REPOSITORY["password"])
    answer = town.everyone.put(f"{DOI}/dois/{doi}", json=body, auth=login)
    assert answer.status == 200, answer.text


def rows(town: Town, who: Person) -> list[Any]:
    with town.hub.db.reading() as tx:
        return assertions.rows(tx, town.datacite, who.orcid)


def titles(town: Town, who: Person) -> list[str]:
    return sorted(one["title"] for one in town.works(who))


def test_turning_it_on_looks_back(town: Town) -> None:
    for number in range(3):
        town.publish(f"old{number}", f"Old {number}", town.ada, town.stranger)
    town.connected(town.ada)
    assert pull.count(town.hub, "datacite", town.ada.orcid) == 3
    follow(town, town.ada)
    town.work()
    assert titles(town, town.ada) == ["Old 0", "Old 1", "Old 2"]
    assert titles(town, town.stranger) == []


def test_a_new_doi_arrives_by_itself_and_follows_its_metadata(town: Town) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    town.work()
    doi = town.publish("new", "First title", town.ada)
    settle(town)
    assert titles(town, town.ada) == ["First title"]
    [before] = rows(town, town.ada)
    edit(town, doi, titles=[{"title": "Second title"}])
    settle(town)
    assert titles(town, town.ada) == ["Second title"]
    [after] = rows(town, town.ada)
    assert (after.put_code, after.key) == (before.put_code, f"doi:{doi}")
    runs = len(town.rows("run"))
    settle(town)
    assert len(town.rows("run")) == runs  # what did not change makes no call to the registry, and no noise


def test_more_than_a_page_is_read_to_its_end(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("laelia.client.datacite._FROM_START", {"page[cursor]": "1", "page[size]": "2"})
    town.connected(town.ada)
    follow(town, town.ada)
    town.work()
    for number in range(5):
        town.publish(f"many{number}", f"Number {number}", town.ada)
    settle(town)
    assert len(titles(town, town.ada)) == 5


def test_the_cursor_moves_only_with_what_was_filed(town: Town) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    town.work()
    town.publish("new", "A title", town.ada)
    before = [row.position for row in town.rows("cursor")]
    faults.arm("hub.pull.read", "raise")
    with pytest.raises(faults.Fault):
        pull.pull(town.hub, town.datacite, "datacite")
    assert [row.position for row in town.rows("cursor")] == before
    assert rows(town, town.ada) == []
    faults.arm("hub.pull.filed", "raise")
    with pytest.raises(faults.Fault):
        pull.pull(town.hub, town.datacite, "datacite")
    assert len(rows(town, town.ada)) == 1
    pull.pull(town.hub, town.datacite, "datacite")
    town.work()
    assert titles(town, town.ada) == ["A title"]


def test_a_creator_who_is_taken_out_loses_the_work(town: Town) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    doi = town.publish("shared", "A title", town.ada, "Nobody, Norah")
    town.work()
    assert titles(town, town.ada) == ["A title"]
    edit(town, doi, creators=[{"name": "Nobody, Norah"}])
    settle(town)
    assert titles(town, town.ada) == []
    assert [(row.state, row.reason) for row in rows(town, town.ada)] == [("withdrawn", "no-creator")]


def test_a_hidden_doi_leaves_the_record_and_comes_back_with_it(town: Town) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    doi = town.publish("hidden", "A title", town.ada)
    kept = town.publish("kept", "Kept", town.ada)
    town.work()
    edit(town, doi, event="hide")
    town.clock.advance(DAY)
    town.work()
    assert titles(town, town.ada) == ["Kept"]
    assert {row.key: row.state for row in rows(town, town.ada)} == {
        f"doi:{doi}": "withdrawn",
        f"doi:{kept}": "in-record",
    }
    edit(town, doi, event="publish")
    settle(town)
    assert titles(town, town.ada) == ["A title", "Kept"]


def test_many_that_vanish_at_once_wait_for_a_person(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    for number in range(12):
        town.publish(f"n{number}", f"Number {number}", town.ada)
    town.work()
    connector = CONNECTORS["datacite"]
    empty = connector.__class__(**{**vars(connector), "present": lambda source, keys: {}})
    monkeypatch.setitem(CONNECTORS, "datacite", empty)
    result = pull.verify(town.hub, town.datacite, "datacite")
    assert (result.state, result.reason) == ("held", "missing-12-of-12")
    town.work()
    assert len(titles(town, town.ada)) == 12


def test_a_long_look_at_the_source_keeps_what_it_has_seen(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much was filed, a few documents are looked at, and written down, at a time."""
    town.connected(town.ada)
    follow(town, town.ada)
    for number in range(12):
        town.publish(f"n{number}", f"Number {number}", town.ada)
    town.work()
    edit(town, "10.5072/n0", titles=[{"title": "Edited"}])
    connector, asked = CONNECTORS["datacite"], list[int]()

    def present(source: Any, keys: Any) -> Any:
        asked.append(len(keys))
        if len(asked) == 3:
            raise HttpError("timeout", "no answer in time")
        return connector.present(source, keys)

    less = connector.__class__(**{**vars(connector), "present": present})
    monkeypatch.setitem(CONNECTORS, "datacite", less)
    monkeypatch.setattr("laelia.hub.pull.run.BATCH", 5)
    assert pull.verify(town.hub, town.datacite, "datacite").state == "stopped"
    assert asked == [5, 5, 2]
    assert "Edited" in [row.title for row in rows(town, town.ada)]


def test_a_name_unlike_hers_is_asked_about(town: Town) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    wrong = Person(town.ada.orcid, "Rossi, Mario", "")
    town.publish("asked", "Whose?", wrong)
    town.publish("other", "Whose too?", wrong)
    town.work()
    assert [(row.state, row.reason) for row in rows(town, town.ada)] == [("ask", "unlike-name")] * 2
    assert titles(town, town.ada) == []
    first, second = rows(town, town.ada)
    with town.hub.db.writing() as tx:
        assertions.answer(tx, town.clock.now(), town.datacite, first.id, "yes")
        assertions.answer(tx, town.clock.now(), town.datacite, second.id, "no")
    town.work()
    assert titles(town, town.ada) == ["Whose?"]
    assert [row.state for row in rows(town, town.ada)] == ["in-record", "declined"]


def test_an_id_goes_along_once_its_owner_connected(town: Town) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    town.publish("both", "Ours", town.ada, town.stranger)
    town.work()
    assert contributors(town, town.ada) == [(town.ada.name, town.ada.orcid), (town.stranger.name, None)]
    town.connected(town.stranger)
    follow(town, town.stranger)
    town.work()
    expected = [(town.ada.name, town.ada.orcid), (town.stranger.name, town.stranger.orcid)]
    assert contributors(town, town.ada) == expected
    assert contributors(town, town.stranger) == expected


def test_revoked_the_next_doi_waits_and_arrives_after_a_new_grant(town: Town) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    town.publish("first", "First", town.ada)
    town.work()
    permission = town.permission(town.ada)
    assert permission is not None
    town.place.revoke(town.client(town.datacite), permission.access_token or "")
    town.publish("second", "Second", town.ada)
    settle(town)
    settle(town)
    assert titles(town, town.ada) == ["First"]
    assert [(row.state, row.reason) for row in rows(town, town.ada)][1][0] == "waiting-permission"
    town.connected(town.ada)
    town.work()
    assert titles(town, town.ada) == ["First", "Second"]


def test_a_claim_needs_no_likeness_and_follows_its_doi(town: Town) -> None:
    town.connected(town.ada)
    doi = town.publish("claimed", "Claimed", "Somebody, Else")
    document = pull.look_up(town.hub, "datacite", doi)
    assert document is not None
    claim(town, document)
    town.work()
    assert titles(town, town.ada) == ["Claimed"]
    edit(town, doi, titles=[{"title": "Claimed and changed"}])
    settle(town)
    assert titles(town, town.ada) == ["Claimed and changed"]
    [row] = rows(town, town.ada)
    with town.hub.db.writing() as tx:
        assertions.withdraw(tx, town.clock.now(), town.datacite, row.id)
    town.work()
    assert titles(town, town.ada) == []
    edit(town, doi, titles=[{"title": "Changed once more"}])
    settle(town)
    assert titles(town, town.ada) == []
    claim(town, document)
    town.work()
    assert len(titles(town, town.ada)) == 1


def test_a_source_that_is_away_is_asked_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    town.work()
    town.publish("late", "Late", town.ada)
    monkeypatch.setattr("laelia.client.datacite.PAGE_SIZE", 100)
    away = town.hub.http.request

    def down(method: str, url: str, **rest: Any) -> Any:
        if url.startswith(DOI):
            url = "https://nowhere.invalid/"
        return away(method, url, **rest)

    monkeypatch.setattr(town.hub.http, "request", down)
    with pytest.raises(pull.Unreachable):
        pull.search(town.hub, "datacite", "late")
    settle(town)
    assert [run.state for run in town.rows("run") if run.kind == "pull"][-1] == "stopped"
    monkeypatch.setattr(town.hub.http, "request", away)
    settle(town)
    assert titles(town, town.ada) == ["Late"]


def claim(town: Town, document: pull.Document) -> None:
    with town.hub.db.writing() as tx:
        now, env = town.clock.now(), town.datacite
        from laelia.hub import organisations

        environment = organisations.environment(tx, env, town.hub.keys)
        made = assertions.claim(tx, now, environment, town.ada.orcid, "datacite", document, doi_url=DOI)
    assert isinstance(made, assertions.Claimed)


def contributors(town: Town, who: Person) -> list[tuple[str, str | None]]:
    [row] = rows(town, who)
    answer = town.everyone.get(
        f"https://registry.test/v3.0/{who.orcid}/work/{row.put_code}", headers={"Accept": "application/json"}
    )
    return [
        (one["credit-name"]["value"], (one["contributor-orcid"] or {}).get("path"))
        for one in answer.json()["contributors"]["contributor"]
    ]
