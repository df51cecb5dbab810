"""Assertions by key: put, changed, withdrawn, and looked at down to the registry's answer."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.api.desk import BACK, Desk, refused
from hub.uploads.desk import KNOWN, UNIVERSITY
from laelia.client import hub
from laelia.client.orcid import Registry, at
from laelia.hub import assertions, organisations, people
from laelia.model.common import ExternalId
from laelia.model.work import Work, WorkTitle
from laelia.registry.registers import organisations as register

PATH = "/people/HR-7/assertions/works/thesis"
EMPLOYMENT: dict[str, Any] = {
    "role-title": "Librarian",
    "start-date": {"year": {"value": "2024"}},
    "organization": {
        "name": "Example University", "address": {"city": "Dunedin", "country": "NZ"},
        "disambiguated-organization": {
            "disambiguated-organization-identifier": UNIVERSITY, "disambiguation-source": "ROR",
        },
    },
}  # fmt: skip


def work(title: str, doi: str = "10.5072/thesis") -> dict[str, Any]:
    ids = [{"external-id-type": "doi", "external-id-value": doi, "external-id-relationship": "self"}]
    return {"title": {"title": {"value": title}}, "type": "dissertation-thesis",
            "external-ids": {"external-id": ids}}  # fmt: skip


def test_the_way_of_an_item(desk: Desk) -> None:
    desk.connected()
    answer = desk.raw("PUT", PATH, work("On engines"))
    assert (answer.status, answer.json()["state"]) == (201, "pending")
    desk.town.work()
    assert [one["title"] for one in desk.town.works(desk.town.ada)] == ["On engines"]
    told = desk.hub.assertion("HR-7", "works", "thesis")
    assert (told.state, told.said, told.title) == ("in-record", "It stands on the record.", "On engines")
    assert told.put_code is not None
    assert told.item["title"]["title"]["value"] == "On engines"
    assert [(one.action, one.put_code) for one in told.answers or ()] == [("add", told.put_code)]
    # The same again does nothing.
    before = desk.town.rows("assertion"), desk.town.rows("attempt")
    assert desk.raw("PUT", PATH, work("On engines")).status == 200
    desk.town.work()
    assert (desk.town.rows("assertion"), desk.town.rows("attempt")) == before
    # Other words change it.
    doi = ExternalId(type="doi", value="10.5072/thesis", relationship="self")
    other = Work(title=WorkTitle(title="On new engines"), type="dissertation-thesis", external_ids=[doi])
    assert desk.hub.put("HR-7", "works", "thesis", other).state == "pending"
    desk.town.work()
    assert [one["title"] for one in desk.town.works(desk.town.ada)] == ["On new engines"]
    assert desk.hub.withdraw("HR-7", "works", "thesis").said == "It is being taken off the record."
    desk.town.work()
    assert desk.town.works(desk.town.ada) == []
    told = desk.hub.withdraw("HR-7", "works", "thesis")
    assert (told.state, told.wanted, told.reason) == ("withdrawn", False, "withdrawn-by-program")
    assert [one.action for one in told.answers or ()] == ["delete", "update", "add"]


def test_of_someone_who_has_not_come_it_waits(desk: Desk) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    told = desk.hub.put("HR-7", "employments", "contract/1 a", EMPLOYMENT)
    assert (told.state, told.reason, told.put_code) == ("waiting-permission", "not-connected", None)
    assert desk.raw("PUT", "/people/HR-7/assertions/employments/contract%2F1%20a", EMPLOYMENT).status == 200
    changed = {**EMPLOYMENT, "role-title": "Head librarian"}
    assert (
        desk.hub.put("HR-7", "employments", "contract/1 a", changed).title
        == "Head librarian, Example University"
    )
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    assert desk.hub.withdraw("HR-7", "works", "thesis").state == "withdrawn"
    with pytest.raises(hub.Refused) as problem:
        desk.hub.assertion("HR-7", "works", "thesis")
    assert problem.value.kind == "no-assertion"
    assert [one.key for one in desk.hub.assertions(state="waiting-permission")] == ["contract/1 a"]
    assert desk.town.rows("assertion") == []
    with desk.town.place.service.db.writing() as tx:
        register.put(tx, desk.town.clock.now(), KNOWN[0])
    desk.connected()
    told = desk.hub.assertion("HR-7", "employments", "contract/1 a")
    assert (told.state, told.title) == ("in-record", "Head librarian, Example University")
    assert desk.town.rows("waiting") == []


def come_unnoticed(desk: Desk) -> None:
    """She connects, and no job has run since."""
    desk.come(desk.town.browser(desk.town.ada), desk.hub.connect("HR-7", BACK).url or "")


def test_what_is_said_after_she_came_is_newer_than_what_waited_for_her(desk: Desk) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    desk.hub.put("HR-7", "works", "poem", work("On looms", "10.5072/poem"))
    come_unnoticed(desk)
    desk.hub.put("HR-7", "works", "thesis", work("On new engines"))
    assert [row.key for row in desk.town.rows("waiting")] == ["api:poem"]
    desk.town.work()
    assert sorted(one["title"] for one in desk.town.works(desk.town.ada)) == ["On looms", "On new engines"]


def test_what_is_withdrawn_is_so_in_the_ledger_and_where_it_waited(desk: Desk) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    come_unnoticed(desk)
    entry = assertions.Entry(desk.town.library, desk.town.ada.orcid, "works", "api:thesis", "api", "api")
    doi = ExternalId(type="doi", value="10.5072/thesis", relationship="self")
    filed = Work(title=WorkTitle(title="On engines"), type="dissertation-thesis", external_ids=[doi])
    with desk.town.hub.db.writing() as tx:
        assertions.file(tx, desk.town.clock.now(), entry, filed)
    assert desk.hub.withdraw("HR-7", "works", "thesis").wanted is False
    desk.town.work()
    assert desk.town.works(desk.town.ada) == []
    assert desk.hub.assertion("HR-7", "works", "thesis").state == "withdrawn"


def test_what_she_removed_stays_removed(desk: Desk) -> None:
    desk.connected()
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    desk.town.work()
    with desk.town.hub.db.reading() as tx:
        place = organisations.environment(tx, desk.town.library, desk.town.hub.keys)
    permission = desk.town.permission(desk.town.ada, desk.town.library)
    assert permission is not None
    record = Registry(at(place.site_url), http=desk.town.everyone).record(
        desk.town.ada.orcid, token=permission.access_token or ""
    )
    code = desk.hub.assertion("HR-7", "works", "thesis").put_code
    assert code is not None
    record.delete(Work, code)  # as it looks to the hub when she does it
    desk.hub.put("HR-7", "works", "thesis", work("On other engines"))
    desk.town.work()
    assert desk.hub.assertion("HR-7", "works", "thesis").state == "declined"
    # Neither sending it again nor withdrawing it first brings it back.
    assert desk.hub.put("HR-7", "works", "thesis", work("On engines")).state == "declined"
    desk.hub.withdraw("HR-7", "works", "thesis")
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    desk.town.work()
    assert desk.town.works(desk.town.ada) == []


def test_what_is_wrong_is_named_with_its_place(desk: Desk) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    body = refused(desk.raw("PUT", PATH, {"title": {"title": {"value": ""}}, "type": "poem"}), "item")
    assert body["place"] == "/type"
    assert body["code"] == 9047
    body = refused(desk.raw("PUT", PATH, {"title": {"title": {"value": "T"}}, "type": "other"}), "item")
    assert body["code"] == 9023
    assert refused(desk.raw("PUT", PATH, b"[1"), "not-json")
    assert refused(desk.raw("PUT", "/people/HR-7/assertions/poems/1", {}), "no-section")
    assert refused(desk.raw("PUT", "/people/HR-8/assertions/works/1", work("T")), "no-person")
    assert refused(desk.raw("DELETE", PATH), "no-assertion")
    assert refused(desk.raw("GET", "/assertions?state=lost"), "invalid")["place"] == "state"
    assert desk.town.rows("waiting") == []


def test_only_what_is_still_as_it_was_read(desk: Desk) -> None:
    desk.connected()
    assert desk.raw("PUT", PATH, work("One"), If_Match="*").status == 412
    assert desk.raw("PUT", PATH, work("One"), If_None_Match="*").status == 201
    refused(desk.raw("PUT", PATH, work("Two"), If_None_Match="*"), "changed")
    tag = desk.raw("GET", PATH).headers["etag"]
    assert desk.raw("GET", PATH, If_None_Match=tag).status == 304
    assert desk.raw("PUT", PATH, work("Two"), If_Match=tag).status == 200
    refused(desk.raw("PUT", PATH, work("Three"), If_Match=tag), "changed")
    refused(desk.raw("DELETE", PATH, If_Match=tag), "changed")
    assert desk.hub.assertion("HR-7", "works", "thesis").title == "Two"


def test_many_at_once_each_with_its_verdict(desk: Desk) -> None:
    desk.connected()
    desk.hub.put_person("HR-8", email="bela@library.example")
    desk.hub.put("HR-7", "works", "old", work("Old", "10.5072/old"))
    lines = [hub.line("HR-7", "works", f"w{n}", work(f"Work {n}", f"10.5072/{n}")) for n in range(3)]
    lines += [
        hub.line("HR-8", "works", "w0", work("Hers", "10.5072/h")),
        hub.line("HR-9", "works", "w0", work("Nobody's")),
        hub.line("HR-7", "works", "w0", work("Twice")),
        hub.line("HR-7", "works", "bad", {"type": "poem"}),
        hub.line("HR-7", "poems", "p", {}),
        hub.gone("HR-7", "works", "old"),
        hub.gone("HR-7", "works", "never"),
        hub.line("HR-7", "keywords", "a\nb", {"content": "looms"}),
    ]
    found = list(desk.hub.put_all(lines))
    assert [one.verdict for one in found] == ["added"] * 4 + ["wrong"] * 4 + ["withdrawn", "wrong", "wrong"]
    problems = [one.problem for one in found if one.problem is not None]
    assert [(one.type.rpartition("#")[2], one.place) for one in problems] == [
        ("no-person", "/assertions/4/local_id"), ("twice", "/assertions/5"),
        ("item", "/assertions/6/item/type"), ("no-section", None), ("no-assertion", "/assertions/9/key"),
        ("invalid", "/assertions/10/key"),
    ]  # fmt: skip
    desk.town.work()
    assert {one["title"] for one in desk.town.works(desk.town.ada)} == {"Work 0", "Work 1", "Work 2"}
    assert [one.verdict for one in desk.hub.put_all(lines[:4])] == ["same"] * 4
    many = {"assertions": [{"local_id": "HR-7", "section": "works", "key": "k"}] * 1001}
    assert refused(desk.raw("PUT", "/assertions", many), "invalid")["place"] == "/assertions"
    stated = {"assertions": [{"local_id": "HR-7", "section": "works", "key": "k", "orcid": "x"}]}
    assert refused(desk.raw("PUT", "/assertions", stated), "orcid")["place"] == "/assertions/0/orcid"
    # All of it is listed, page by page, and what waits for people to come behind the rest.
    first = desk.raw("GET", "/assertions?limit=3").json()
    rest = desk.raw("GET", f"/assertions?limit=3&cursor={first['next']}").json()
    assert [one["key"] for one in first["assertions"] + rest["assertions"]] == ["old", "w0", "w1", "w2", "w0"]
    assert rest["next"] is None
    assert [one.state for one in desk.hub.assertions("HR-8")] == ["waiting-permission"]


def test_what_changed_since_and_how_the_environment_stands(desk: Desk) -> None:
    desk.connected()
    desk.hub.put("HR-7", "works", "a", work("A", "10.5072/a"))
    desk.town.work()
    desk.town.clock.advance(60_000)
    since = datetime.fromtimestamp(desk.town.clock.now() / 1000, UTC)
    desk.hub.put("HR-7", "works", "b", work("B", "10.5072/b"))
    assert [one.key for one in desk.hub.assertions(modified_since=since)] == ["b"]
    status = desk.hub.status()
    assert (status.organisation, status.environment, status.ready) == ("library", "sandbox", True)
    assert status.people == {"connected": 1}
    assert status.assertions == {"in-record": 1, "pending": 1}
    assert status.runs[0].counts == {"add": 1}
    assert status.registry == desk.town.registry


def test_a_record_that_is_closed(desk: Desk) -> None:
    desk.connected()
    with desk.town.hub.db.writing() as tx:
        people.mark_closed(tx, desk.town.clock.now(), desk.town.library, desk.town.ada.orcid, "9044")
    refused(desk.raw("PUT", PATH, work("T")), "gone")
    [verdict] = desk.hub.put_all([hub.line("HR-7", "works", "k", work("T"))])
    assert verdict.problem is not None
    assert verdict.problem.place == "/assertions/0/local_id"
