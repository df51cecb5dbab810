"""Every DataCite document at hand goes the whole way: loaded into the DOI registry, found by Auto-Update for
everyone whose iD it carries, on each record once, and a second run writes nothing."""

import pathlib
from collections import Counter, defaultdict
from typing import Any

from hub.web.town import DOI, Town
from laelia.client import datacite as client
from laelia.client.oauth import Granted
from laelia.client.peer import Peer
from laelia.connectors.datacite import work
from laelia.connectors.datacite_people import holders
from laelia.connectors.item import Setting
from laelia.hub import assertions, people, pull
from laelia.lib.clock import DAY, HOUR
from laelia.model.work import Work
from laelia.registry.grants import tokens
from laelia.registry.record import people as records
from laelia.sandbox.doi_registry.load import load
from registry.place import SITE

SCOPES = ("/read-limited", "/activities/update")


def test_all_real_documents(town: Town, shared_data: pathlib.Path) -> None:
    load(town.doi.db, town.clock, [shared_data / "datacite"])
    documents = client.changed_since(Peer(town.http, DOI, trusted=True), "1970-01-01T00:00:00Z")
    assert documents.next is None
    assert len(documents.dois) > 40
    carried: dict[str, dict[str, Work]] = defaultdict(dict)
    for doi in documents.dois:
        item = work(doi.attributes, Setting(doi_url=DOI))
        for holder in holders(doi.attributes):
            if holder.orcid not in carried:
                make(town, holder.orcid, holder.name)
            assert isinstance(item, Work)
            carried[holder.orcid][doi.id] = item
    follow(town, list(carried))
    town.work()
    settle_questions(town)
    for orcid, expected in carried.items():
        check_record(town, orcid, expected)
    assert town.works(town.ada) == []
    town.place.service.calls.flush()
    before = writes(town)
    follow(town, list(carried))
    for _ in range(2):
        town.clock.advance(DAY + HOUR)
        town.work()
    town.place.service.calls.flush()
    assert writes(town) == before


def check_record(town: Town, orcid: str, expected: dict[str, Work]) -> None:
    answer = town.everyone.get(f"{SITE}/v3.0/{orcid}/works", headers={"Accept": "application/json"}).json()
    found = {
        one["external-ids"]["external-id"][0]["external-id-value"]: one
        for group in answer["group"]
        for one in group["work-summary"]
    }
    assert sum(len(group["work-summary"]) for group in answer["group"]) == len(expected)
    assert found.keys() == expected.keys()
    for doi, item in expected.items():
        one = found[doi]
        assert (one["type"], one["title"]["title"]["value"]) == (item.type, item.title and item.title.title)
        assert (one["publication-date"] is None) == (item.publication_date is None)
        assert one["url"]["value"] == item.url
        assert one["source"]["source-name"]["value"] == "DataCite"


def make(town: Town, orcid: str, name: str) -> None:
    """A record with this very iD, and her permission, without the pages."""
    given, _, family = name.rpartition(" ")
    now, email = town.clock.now(), f"{orcid}@example.org"
    with town.place.service.db.writing() as tx:
        made: dict[str, Any] = {"given": given or family, "family": family if given else ""}
        records.create_record(tx, now, **made, email=email, default_visibility="public", orcid=orcid)
        owner = town.client(town.datacite).id
        issued = tokens.issue_token(tx, now, client_id=owner, orcid=orcid, scopes=SCOPES)
    granted = Granted(
        orcid=orcid, name=name, scopes=frozenset(SCOPES), access_token=issued.access_token,
        refresh_token=None, expires_in=631_138_518,
    )  # fmt: skip
    with town.hub.db.writing() as tx:
        people.grant(tx, now, town.datacite, granted, town.hub.keys)


def follow(town: Town, orcids: list[str]) -> None:
    with town.hub.db.writing() as tx:
        for orcid in orcids:
            now = town.clock.now()
            people.choose(tx, now, town.datacite, orcid, "datacite", "auto-update", True)
            pull.wake_look_back(tx, now, town.datacite, orcid, "datacite")


def settle_questions(town: Town) -> None:
    """One iD, several spellings of a name: say yes to all."""
    with town.hub.db.writing() as tx:
        for row in assertions.rows(tx, town.datacite):
            if row.state == "ask":
                assertions.answer(tx, town.clock.now(), town.datacite, row.id, "yes")
    town.work()
    with town.hub.db.reading() as tx:
        states = Counter((row.state, row.reason) for row in assertions.rows(tx, town.datacite))
    assert set(states) == {("in-record", None)}, states


def writes(town: Town) -> int:
    return sum(row.method != "GET" and row.client_id is not None for row in town.place.rows("call_log"))
