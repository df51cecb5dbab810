"""“Not mine”: an item goes, does not come back by any client's call, and who added it is told."""

from typing import Any

import pytest

from laelia.lib.browser import Page
from laelia.lib.clock import DAY
from laelia.model.common import ExternalId
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry.access import person
from laelia.registry.grants import clients as granted
from laelia.registry.operators import audit, clients, members
from laelia.registry.record import items, people
from laelia.registry.web.sources import PLACE
from registry.api.people import FORMS, JSON, VERSIONS, Api, external_id, told, work, xml_work
from registry.at_once import at_once
from registry.web.deeds import EMPLOYMENT, listed, opened, press

FOREIGN = "10.5555/someone.elses"


def disown(api: Api, number: int, section: str = "works") -> Page:
    page = opened(api)
    action = f"/my-record/{section}/{number}/not-mine"
    return next(form for form in page.forms() if form.element.get("action") == action).submit()


def test_it_goes_and_does_not_come_back(api: Api) -> None:
    number = api.add(work(FOREIGN, "Not hers"))
    mine = api.add(work(title="Hers"))
    page = disown(api, number)
    assert "It will not come back" in page.text
    assert list(listed(api)) == [mine]
    answer = api.post(work(FOREIGN.upper()))  # any spelling, any client
    assert told(answer) == (403, 9004)
    assert f"put-code {number}" in answer.json()["developer-message"]
    assert told(api.post(work(FOREIGN), api.other)) == (403, 9004)
    assert told(api.put(mine, work(FOREIGN) | {"put-code": mine})) == (403, 9004)
    assert listed(api)[mine]["title"]["title"]["value"] == "Hers"
    bulk = api.ask(
        "POST", f"/v3.0/{api.ada}/works", api.member,
        body={"bulk": [{"work": work(FOREIGN)}, {"work": work(title="New")}]},
    )  # fmt: skip
    [refused, added] = bulk.json()["bulk"]
    assert (refused["error"]["response-code"], refused["error"]["error-code"]) == (403, 9004)
    assert added["work"]["title"]["title"]["value"] == "New"
    # A part of it, or a version, is another thing.
    part = work(title="Chapter")
    part["external-ids"]["external-id"].append(external_id(FOREIGN, relationship="part-of"))
    assert api.post(part).status == 201
    assert told(api.ask("POST", f"/v3.0/{api.sophie}/work", api.of_sophie, body=work(FOREIGN))) == (201, None)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", FORMS)
def test_every_version_and_form_tells_it(api: Api, version: str, form: str) -> None:
    disown(api, api.add(work(FOREIGN)))
    body = work(FOREIGN) if form == JSON else xml_work(FOREIGN)
    assert told(api.post(body, version=version, accept=form)) == (403, 9004)


def test_what_has_no_identifier_is_known_by_its_content(api: Api) -> None:
    token = api.token(api.member_client.id, api.ada, "/affiliations/update")
    job = api.post(EMPLOYMENT, token, path="/employment")
    number = int(job.headers["location"].rpartition("/")[2])
    disown(api, number, "employments")
    assert told(api.post(EMPLOYMENT, token, path="/employment")) == (403, 9004)
    other = EMPLOYMENT | {"role-title": "Guest"}
    assert api.post(other, token, path="/employment").status == 201
    page = opened(api)
    assert "Bee House" in page.text


def test_she_takes_it_back(api: Api) -> None:
    disown(api, api.add(work(FOREIGN, "Doubtful")))
    page = press(opened(api), "It is mine after all")
    assert "Organisations may add it again" in page.text
    assert api.post(work(FOREIGN)).status == 201
    record = next(row for row in api.place.rows("record") if row.orcid == api.ada)
    assert not record.marked


def test_adding_it_herself_lifts_it(api: Api) -> None:
    disown(api, api.add(work(FOREIGN)))
    with api.place.service.db.writing() as tx:
        own = [ExternalId(type="doi", value=FOREIGN, relationship="self")]
        made = Work(title=WorkTitle(title="Hers"), type="other", external_ids=own)
        items.add(tx, api.now, person(api.ada), api.ada, BY_NAME["works"], made)
    assert api.place.rows("not_mine") == []
    assert api.post(work(FOREIGN)).status == 201


def test_her_own_is_hers(api: Api) -> None:
    with api.place.service.db.writing() as tx:
        word = BY_NAME["keywords"].entity(content="bees")
        number = items.add(tx, api.now, person(api.ada), api.ada, BY_NAME["keywords"], word)
    browser = api.place.browser(api.place.ada)
    page = browser.open(api.place.at(PLACE))
    token = page.form("/signout").value("csrf_token")
    answer = browser.send(
        "POST", api.place.at(f"/my-record/keywords/{number}/not-mine"), data={"csrf_token": token}
    )
    assert "delete it instead" in answer.text
    gone = browser.send("POST", api.place.at("/my-record/works/99/not-mine"), data={"csrf_token": token})
    assert "not on your record any more" in gone.text
    for path in ("/my-record/nothing/1/not-mine", "/my-record/works/x/not-mine"):
        assert browser.send("POST", api.place.at(path), data={"csrf_token": token}).status == 404
    assert [row.put_code for row in api.place.rows("item")] == [number]


def _tended(api: Api) -> Any:
    """A member with the client, looked after by Sophie, who can be written to."""
    sophie, by = api.place.stranger, audit.at_command()
    with api.place.service.db.writing() as tx:
        member = members.add(tx, api.now, by, name="Bees & Co", kind="premium")
        members.add_contact(tx, api.now, by, member, sophie.orcid)
        client = granted.find(tx, api.member_client.id)
        assert client is not None
        clients.move(tx, api.now, by, client, member)
        people.verify_email(tx, api.now, sophie.orcid, sophie.email)
    return sophie


def letters(api: Api) -> list[Any]:
    api.place.service.work()
    return [row for row in api.place.rows("outbox") if row.subject.startswith("Not theirs")]


def test_the_organisation_is_told(api: Api) -> None:
    """On its page and by one letter a day; its webhook hears of it as of every change."""
    sophie = _tended(api)
    numbers = [api.add(work(title=f"Wrong {n}")) for n in range(3)]
    disown(api, numbers[0])
    disown(api, numbers[1])
    page = api.place.browser(sophie).open(api.place.at(f"/clients/{api.member_client.id}"))
    assert "Wrong 0" in page.text
    assert str(numbers[0]) in page.text
    assert api.ada in page.text
    assert letters(api) == []
    api.place.clock.advance(2 * DAY)
    [letter] = letters(api)
    assert letter.recipient == sophie.email
    for words in ("2 items", f"Wrong 0 ({numbers[0]})", f"Wrong 1 ({numbers[1]})", f"/{api.ada}"):
        assert words in letter.text
    disown(api, numbers[2])
    assert len(letters(api)) == 1
    api.place.clock.advance(2 * DAY)
    [_first, second] = letters(api)
    assert "Wrong 2" in second.text
    assert "Wrong 0" not in second.text
    press(opened(api), "It is mine after all")
    page = api.place.browser(sophie).open(api.place.at(f"/clients/{api.member_client.id}"))
    assert "Wrong 2" not in page.text
    stranger = api.place.browser(api.place.ada).open(api.place.at(f"/clients/{api.member_client.id}"))
    assert stranger.status == 404


def test_of_two_who_press_at_once_one_is_told_that_it_is_gone(api: Api) -> None:
    number = api.add(work(FOREIGN))
    first, second = opened(api), opened(api)
    action = f"/my-record/works/{number}/not-mine"
    said = [
        next(form for form in page.forms() if form.element.get("action") == action).submit().text
        for page in (first, second)
    ]
    assert "It will not come back" in said[0]
    assert "not on your record any more" in said[1]
    assert len(api.place.rows("not_mine")) == 1


def test_said_while_another_adds_the_same(api: Api) -> None:
    """What was added a moment before stands beside and can be disowned as well; nothing comes after."""
    for turn in range(6):
        doi = f"10.5555/race.{turn}"
        number = api.add(work(doi))
        page = opened(api)
        seen: list[int] = []

        def say(page: Page = page, number: int = number) -> None:
            action = f"/my-record/works/{number}/not-mine"
            next(form for form in page.forms() if form.element.get("action") == action).submit()

        def add(doi: str = doi, seen: list[int] = seen) -> None:
            seen.append(api.post(work(doi), api.other).status)

        at_once(say, add)
        assert seen in ([201], [403])
        assert number not in listed(api)
        assert told(api.post(work(doi))) == (403, 9004)
