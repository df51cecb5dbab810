"""What happens is counted by person and month as it happens, and calls to the registry by their kind."""

import sqlalchemy as sa

from hub.people.test_inviting import her_letter, invite, link_in, permit, person
from hub.staff.desk import joined
from hub.web.town import Town
from laelia.hub import assertions, tables
from laelia.lib.clock import DAY
from laelia.model.common import ExternalId
from laelia.model.work import Work, WorkTitle

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = 202609, 202610, 202611, 202612


def counted(town: Town) -> list[tuple[int, str, int, int]]:
    return sorted((row.month, row.what, row._mapping["count"], row.delta) for row in town.rows("tally"))


def want(town: Town, environment_id: int, orcid: str, doi: str, title: str = "A title") -> None:
    entry = assertions.Entry(environment_id, orcid, "works", f"doi:{doi}", "datacite", "auto-update")
    ids = [ExternalId(type="doi", value=doi, relationship="self")]
    with town.hub.db.writing() as tx:
        item = Work(title=WorkTitle(title=title), type="data-set", external_ids=ids)
        assertions.file(tx, town.clock.now(), entry, item)
        assertions.wake(tx, town.clock.now(), environment_id, orcid)
    town.work()


def withdraw_all(town: Town, environment_id: int) -> None:
    with town.hub.db.writing() as tx:
        for row in assertions.rows(tx, environment_id):
            assertions.withdraw(tx, town.clock.now(), environment_id, row.id)
    town.work()


def test_each_month_keeps_what_happened_in_it(town: Town):
    editor = joined(town, "editor@library.example", "editor")
    invite(town, editor, "ada@library.example", local_id="HR-7")
    invite(town, editor, "bo@library.example")
    letter = her_letter(town, "ada@library.example")
    assert counted(town) == [(SEPTEMBER, "invited", 1, 0)] * 2
    town.clock.advance(12 * DAY)
    editor = joined(town, "other@library.example", "editor")
    people = editor.open(town.at("/library/staff/people"))
    people.form(containing="Write again").submit()  # no second count
    town.browser().open(link_in(her_letter(town, "bo@library.example"))).form("answer").submit("no")
    ada = town.browser(town.ada)
    permit(ada.open(link_in(letter)).form("answer").submit("connect"))
    want(town, town.library, town.ada.orcid, "10.5072/a")
    want(town, town.library, town.ada.orcid, "10.5072/b")
    assert [one for one in counted(town) if one[0] == OCTOBER] == [
        (OCTOBER, "connected", 1, 1), (OCTOBER, "denied", 1, 0), (OCTOBER, "in-record", 2, 2),
    ]  # fmt: skip
    town.browser(town.ada).open(town.at("/library/connect"))  # she is connected already
    town.clock.advance(31 * DAY)
    withdraw_all(town, town.library)
    ada = town.browser(town.ada)
    ada.open(town.at("/library/connect"))
    ada.open(town.at("/library/disconnect")).form("disconnect").submit()
    assert person(town, "ada@library.example").state == "revoked"
    assert [one for one in counted(town) if one[0] == NOVEMBER] == [
        (NOVEMBER, "off-record", 2, -2), (NOVEMBER, "revoked", 1, -1),
    ]  # fmt: skip
    town.clock.advance(31 * DAY)
    town.connected(town.ada, handle="library")
    assert (DECEMBER, "connected", 1, 1) in counted(town)
    assert [one for one in counted(town) if one[0] < NOVEMBER] == [
        (SEPTEMBER, "invited", 1, 0), (SEPTEMBER, "invited", 1, 0), (OCTOBER, "connected", 1, 1),
        (OCTOBER, "denied", 1, 0), (OCTOBER, "in-record", 2, 2),
    ]  # fmt: skip


def test_who_had_connected_before_she_was_invited_is_one_person(town: Town):
    town.connected(town.ada, handle="library")
    editor = joined(town, "editor@library.example", "editor")
    invite(town, editor, "ada@library.example")
    page = town.browser(town.ada).open(link_in(her_letter(town, "ada@library.example")))
    page.form("answer").submit("connect")
    assert counted(town) == [(SEPTEMBER, "connected", 1, 1), (SEPTEMBER, "invited", 1, 0)]
    [who] = town.rows("person")
    assert {row.person_id for row in town.rows("tally")} == {who.id}


def test_counts_stay_when_a_person_is_gone(town: Town):
    town.connected(town.ada, handle="library")
    with town.hub.db.writing() as tx:
        tx.execute(sa.delete(tables.person))
    assert [(row.person_id, row.what) for row in town.rows("tally")] == [(None, "connected")]


def test_calls_to_the_registry_are_counted_by_kind_without_what_they_carried(town: Town):
    ada = town.connected(town.ada, handle="library")
    want(town, town.library, town.ada.orcid, "10.5072/a")
    want(town, town.library, town.ada.orcid, "10.5072/b")
    withdraw_all(town, town.library)
    ada.open(town.at("/library/disconnect")).form("disconnect").submit()
    rows = [row for row in town.rows("traffic") if row.environment_id == town.library]
    seen = {(row.method, row.host, row.path, row.status): row._mapping["count"] for row in rows}
    assert seen == {
        ("POST", "oauth", "/oauth/token", 200): 1,
        ("POST", "oauth", "/oauth/revoke", 200): 1,
        ("GET", "api", "/v3.0/{orcid}/works", 200): 2,
        ("GET", "api", "/v3.0/{orcid}/activities", 200): 1,  # all of it, once she has connected
        ("POST", "api", "/v3.0/{orcid}/work", 201): 2,
        ("DELETE", "api", "/v3.0/{orcid}/work/{put-code}", 204): 2,
    }
    assert {row.media for row in rows if row.host == "api"} == {"application/vnd.orcid+json"}
    for row in rows:
        assert town.ada.orcid not in str(row)
        assert not row.code


def test_a_refusal_is_counted_with_its_code(town: Town):
    town.connected(town.ada, handle="library")
    permission = town.permission(town.ada, town.library)
    assert permission is not None
    town.place.revoke(town.client(town.library), permission.access_token or "")
    want(town, town.library, town.ada.orcid, "10.5072/a")
    kinds = {(row.path, row.status, row.code) for row in town.rows("traffic")}
    assert ("/v3.0/{orcid}/activities", 401, "invalid_token") in kinds
    assert (SEPTEMBER, "revoked", 1, -1) in counted(town)
