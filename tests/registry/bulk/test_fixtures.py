"""A sandbox that starts with exactly its fixtures, again at each start."""

from typing import Any

import pytest
import yaml

from laelia.lib.http import Response
from laelia.model.sections import SECTIONS
from laelia.registry import tables
from laelia.registry.bulk import fixtures
from laelia.registry.record import people
from registry.bulk.sandbox import (
    ADA,
    DEACTIVATED,
    DEPRECATED,
    EXPIRED,
    GUIDE,
    LOCKED,
    MEMBER,
    OWN,
    REVOKED,
    SITE,
    UNCLAIMED,
    Sandbox,
)

VERSIONS = ("2.0", "2.1", "3.0")


def put_codes(answer: Response) -> list[int]:
    return [one["put-code"] for group in answer.json()["group"] for one in group["work-summary"]]


def test_what_the_guide_shows_is_there_and_nothing_else(sandbox: Sandbox) -> None:
    sandbox.start_with()
    assert put_codes(sandbox.ask(f"{ADA}/works")) == [12]
    assert sandbox.ask(f"{ADA}/work/12").json()["source"]["source-name"]["value"] == "Example University"
    assert sandbox.ask(f"{ADA}/works", MEMBER).status == 200
    assert sandbox.ask("0009-8000-0000-0020/works").status == 404


def test_starting_again_forgets_what_was_done_meanwhile(sandbox: Sandbox) -> None:
    sandbox.start_with()
    before = {name: sandbox.rows(name) for name in tables.metadata.tables if name not in PASSING}
    assert sandbox.ask(f"{ADA}/work/12", MEMBER, "DELETE").status == 204
    assert put_codes(sandbox.ask(f"{ADA}/works")) == []
    assert sandbox.ask("group-id-record?group-id=issn:1388-6150", OWN).status == 200
    sandbox.start_with()
    again = {name: sandbox.rows(name) for name in before}
    assert {name: len(rows) for name, rows in again.items()} == {n: len(rows) for n, rows in before.items()}
    assert [row["put_code"] for row in again["item"]] == [row["put_code"] for row in before["item"]]


def test_who_is_found_are_those_who_live_there_since(sandbox: Sandbox) -> None:
    def found(words: str) -> int:
        sandbox.service.search.work()
        return int(sandbox.ask(f"search?q={words}").json()["num-found"])

    sandbox.start_with()
    assert found("family-name:orchard") == 1
    with sandbox.service.db.writing() as tx:
        people.create_record(tx, sandbox.service.clock.now(), given="Ida", family="Interim")
    assert found("family-name:interim") == 1
    sandbox.start_with()
    sandbox.restart()
    assert (found("family-name:interim"), found("family-name:orchard")) == (0, 1)


PASSING = {"follower", "search_index", "change", "call_log", "alembic_version"}


def test_broken_tokens_are_broken_as_the_file_says(sandbox: Sandbox) -> None:
    sandbox.start_with()
    assert sandbox.ask(f"{ADA}/works", EXPIRED).status == 401
    assert sandbox.ask(f"{ADA}/works", REVOKED).status == 401
    # ORCID's exception: what a client added it may still remove after the person revoked it.
    assert sandbox.ask(f"{ADA}/work/12", REVOKED, "DELETE").status == 204


def test_put_codes_start_above_those_of_the_file_and_are_the_same_at_each_start(sandbox: Sandbox) -> None:
    work = yaml.safe_load(GUIDE.read_text())["people"][0]["items"][0]["content"]
    work["external-ids"]["external-id"][0]["external-id-value"] = "10.5555/another"
    made = []
    for _ in range(2):
        sandbox.start_with()
        answer = sandbox.ask(f"{ADA}/work", MEMBER, "POST", json=work)
        assert answer.status == 201, answer.text
        made.append(int(answer.headers["location"].rsplit("/", 1)[-1]))
    assert made[0] == made[1] > 40  # a notification has the highest of the file's


def test_what_the_database_refuses_stores_nothing_and_loses_no_number(sandbox: Sandbox) -> None:
    given = fixtures.read(GUIDE)
    sandbox.start_with(given)
    given.clients[1].redirect_uris = ["not a URI"]
    with pytest.raises(fixtures.BadFixtures, match=r"redirect.*\$\.clients\[1\]"):
        sandbox.start_with(given)
    assert put_codes(sandbox.ask(f"{ADA}/works")) == [12]
    taken = {row["put_code"] for row in sandbox.rows("item")}
    keyword = sandbox.ask(f"{ADA}/keywords", MEMBER, "POST", json={"content": "pollen"})
    assert int(keyword.headers["location"].rsplit("/", 1)[-1]) > max(taken)


# ---- people


def test_every_section_shows_its_item_in_every_version_that_has_it(sandbox: Sandbox) -> None:
    sandbox.start_with()
    stored = {row["section"]: row["put_code"] for row in sandbox.rows("item")}
    assert stored.keys() == {section.name for section in SECTIONS}
    for version in VERSIONS:
        record = sandbox.ask(f"{ADA}/record", MEMBER, version=version)
        assert record.status == 200
        for section in SECTIONS:
            if section.since.name > version:
                continue
            listing = sandbox.ask(f"{ADA}/{section.list_path}", MEMBER, version=version)
            one = sandbox.ask(f"{ADA}/{section.item_path}/{stored[section.name]}", MEMBER, version=version)
            assert (listing.status, one.status) == (200, 200 if section.name != "works" else 403), (
                section.name
            )
            assert f'"put-code":{stored[section.name]}' in listing.text or section.name == "works"


def test_the_person_is_as_the_file_says(sandbox: Sandbox) -> None:
    sandbox.start_with()
    record = sandbox.ask(f"{ADA}/record").json()
    assert record["preferences"] == {"locale": "es"}
    history = record["history"]
    assert (history["creation-method"], history["claimed"]) == ("MEMBER_REFERRED", True)
    assert (history["verified-email"], history["verified-primary-email"]) == (True, True)
    person = record["person"]
    assert person["name"]["credit-name"] == {"value": "A. Orchard"}
    assert person["biography"] is None
    assert [one["email"] for one in person["emails"]["email"]] == ["ada@bees.example"]
    assert sandbox.ask(f"{ADA}/biography", MEMBER).json()["content"] == "Counts what bees carry."
    [domain] = sandbox.rows("email_domain")
    assert (domain["domain"], domain["visibility"]) == ("bees.example", "public")
    assert domain["verified"] == 1_768_035_600_000


STATES = [
    # whose record, who reads, what is answered
    (UNCLAIMED, None, 409, 9036),
    (UNCLAIMED, OWN, 200, None),
    (LOCKED, None, 409, 9018),
    (LOCKED, OWN, 409, 9018),
    (DEACTIVATED, None, 409, 9044),
    (DEPRECATED, None, 301, 9007),
]


def test_records_are_in_the_states_that_the_file_says(sandbox: Sandbox) -> None:
    sandbox.start_with()
    for orcid, who, status, code in STATES:
        answer = sandbox.ask(f"{orcid}/record", who)
        found: Any = answer.json()
        assert (answer.status, found.get("error-code")) == (status, code), orcid
    unclaimed = sandbox.ask(f"{UNCLAIMED}/record", OWN).json()["history"]
    assert (unclaimed["creation-method"], unclaimed["claimed"]) == ("API", False)
    assert unclaimed["source"]["source-client-id"]["path"] == "APP-EXAMPLEUNIVERSIT"
    moved = sandbox.ask(f"{DEPRECATED}/record")
    assert moved.headers["location"] == f"{SITE}/v3.0/{ADA}/record"


# ---- registers and messages


def test_the_first_employment_works(sandbox: Sandbox) -> None:
    sandbox.start_with()
    [found] = sandbox.http.get(f"{SITE}/resources/organisations?name=example+uni").json()["organisations"]
    assert found["ids"][0] == {"source": "ROR", "id": "https://ror.org/0exampl01"}
    for at, (source, identifier) in enumerate(ORGANISATIONS):
        named = {"disambiguated-organization-identifier": identifier, "disambiguation-source": source}
        body = {
            "role-title": f"Beekeeper {at}",
            "organization": {
                "name": found["name"],
                "address": {"city": "Exampleton", "country": "NL"},
                "disambiguated-organization": named,
            },
        }
        made = sandbox.ask(f"{ADA}/employment", MEMBER, "POST", json=body)
        assert made.status == 201, made.text
    named["disambiguated-organization-identifier"] = "EXAMPLE0000000000098"
    assert sandbox.ask(f"{ADA}/employment", MEMBER, "POST", json=body).json()["error-code"] == 9045


ORGANISATIONS = [
    ("ROR", "https://ror.org/0exampl01"),
    ("GRID", "grid.999999.1"),
    ("FUNDREF", "http://dx.doi.org/10.13039/999999999999"),
    ("RINGGOLD", "999999"),
    ("LEI", "EXAMPLE0000000000099"),
]


def test_groups_and_types_are_there(sandbox: Sandbox) -> None:
    sandbox.start_with()
    group = sandbox.ask("group-id-record/30", OWN).json()
    assert (group["group-id"], group["name"]) == ("publons:bee-letters", "Bee Letters")
    # A review of the file names it, and its keeper is the file's client.
    assert sandbox.ask("group-id-record/30", OWN, "DELETE").json()["error-code"] == 9040
    [outer] = sandbox.ask(f"{ADA}/peer-reviews").json()["group"]
    assert outer["external-ids"]["external-id"][0]["external-id-value"] == "publons:bee-letters"
    types = {one["name"]: one for one in sandbox.ask("identifiers").json()}
    assert (types["bee-id"]["description"], types["bee-id"]["caseSensitive"]) == ("Number of a bee", True)
    [review] = outer["peer-review-group"][0]["peer-review-summary"]
    [normal] = [one["external-id-normalized"]["value"] for one in review["external-ids"]["external-id"]]
    assert normal == "R-1"


def test_webhooks_and_notifications_are_there(sandbox: Sandbox) -> None:
    sandbox.start_with()
    [webhook] = sandbox.rows("webhook")
    assert (webhook["orcid"], webhook["client_id"]) == (ADA, "APP-EXAMPLEUNIVERSIT")
    assert (webhook["uri"], len(webhook["uri_hash"])) == ("http://localhost:9000/changed", 64)
    [record] = [row for row in sandbox.rows("record") if row["orcid"] == ADA]
    assert webhook["told"] == record["revision"], "of what is in the file nobody is told"
    [notice] = sandbox.rows("notification")
    assert (notice["put_code"], notice["orcid"], notice["client_id"]) == (40, ADA, "APP-EXAMPLEUNIVERSIT")
    assert b'"notification-subject":"Your works at Example University"' in notice["body"]
    assert b'"item-type":"work"' in notice["body"]
    assert (notice["sent"], notice["read"], notice["archived"]) == (None, None, None)
