"""What happens is told to the organisation's own systems: signed, in order, until it is taken."""

import dataclasses
import pathlib
from collections.abc import Callable, Iterator

import pytest

from hub.api.desk import BACK, HR, Desk, HrSite
from hub.api.test_assertions import work
from hub.callbacks.receiver import Receiver, receiving
from hub.mirror.record import Side
from hub.staff.desk import BY
from hub.web.town import Town
from laelia.client import hub
from laelia.hub import callbacks
from laelia.hub.organisations import Clash
from laelia.lib.clock import DAY, MINUTE


@pytest.fixture
def desk(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Desk]:
    site = HrSite()
    town = Town(new_database, tmp_path, apps={HR: site})
    town.hub.settings = dataclasses.replace(town.hub.settings, private_callbacks=True)
    yield Desk(town, site)
    town.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def call_back(desk: Desk, receiver: Receiver, *events: str) -> tuple[callbacks.Callback, str]:
    service, place = desk.town.hub, desk.town.library
    with service.db.writing() as tx:
        number, secret = callbacks.add(
            tx, desk.town.clock.now(), BY, service.keys, place, url=receiver.url, events=events, private=True
        )
        found = callbacks.find(tx, place, number)
    assert found is not None
    return found, secret


def test_the_whole_way_is_told_in_its_order(desk: Desk, receiver: Receiver) -> None:
    _address, secret = call_back(desk, receiver)
    assert secret not in str(desk.town.rows("callback"))
    desk.connected()
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    desk.town.work()
    desk.hub.withdraw("HR-7", "works", "thesis")
    desk.town.work()
    browser = desk.town.browser(desk.town.ada)
    settings = browser.open(desk.town.at("/library/connect"))  # she gave permission before
    settings.link("Disconnect…").form("disconnect").submit("Disconnect")
    desk.town.work()
    told = receiver.events(secret, desk.town.clock.now())
    assert [one.event for one in told] == ["connected", "in-record", "withdrawn", "connected", "revoked"]
    first, second = told[0], told[1]
    assert (first.organisation, first.environment, first.local_id) == ("library", "sandbox", "HR-7")
    assert first.orcid_uri == f"{desk.town.registry}/{desk.town.ada.orcid}"
    assert second.assertion is not None
    assert (second.assertion.section, second.assertion.key, second.assertion.state) == (
        "works", "thesis", "in-record",
    )  # fmt: skip
    assert second.assertion.put_code is not None
    assert told[-1].reason == "disconnected"
    assert len({one.id for one in told}) == 5
    assert {row.state for row in desk.town.rows("delivery")} == {"delivered"}


def test_denied_is_told_and_what_nobody_wants_is_not(desk: Desk, receiver: Receiver) -> None:
    _address, secret = call_back(desk, receiver, "denied")
    desk.hub.put_person("HR-7", email="ada@library.example")
    page = desk.town.browser(desk.town.ada).open(desk.hub.connect("HR-7", BACK).url or "")
    page.form(containing="Authorise").submit("Deny")
    desk.connected()
    [told] = receiver.events(secret, desk.town.clock.now())
    assert (told.event, told.local_id, told.orcid) == ("denied", "HR-7", None)


def test_a_record_that_became_another_is_told_once(desk: Desk, receiver: Receiver) -> None:
    _address, secret = call_back(desk, receiver, "revoked", "moved")
    desk.connected()
    desk.town.work()
    new = desk.town.place.person("Ada", "King", "ada@new.example")
    Side(desk.town).merges(new, desk.town.ada)
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    desk.town.work()
    [told] = receiver.events(secret, desk.town.clock.now())
    assert (told.event, told.local_id, told.reason) == ("moved", "HR-7", new.orcid)


def test_without_an_address_nothing_is_written(desk: Desk) -> None:
    desk.connected()
    assert desk.town.rows("delivery") == []
    assert [row for row in desk.town.rows("job") if row.kind == "callback"] == []


def test_a_call_that_fails_is_made_again_and_at_last_given_up(desk: Desk, receiver: Receiver) -> None:
    address, secret = call_back(desk, receiver, "connected", "in-record")
    receiver.answers = [500, 503, 404, 302, 429]
    desk.connected()
    desk.hub.put("HR-7", "works", "a", work("A", "10.5072/a"))
    desk.town.work()
    for minutes in (5, 10, 15, 20):
        assert [row.state for row in desk.town.rows("delivery")] == ["waiting", "waiting"]
        calls = len(receiver.got)
        desk.town.clock.advance(minutes * MINUTE - 1)
        desk.town.work()
        assert len(receiver.got) == calls  # too early, and the next event does not overtake
        desk.town.clock.advance(1)
        desk.town.work()
    first, second = desk.town.rows("delivery")
    assert (first.state, first.tries, first.status, second.state) == ("dead", 5, 429, "delivered")
    assert len({headers["webhook-id"] for headers, _ in receiver.got[:5]}) == 1
    now = desk.town.clock.now()
    assert receiver.got[-1][0]["webhook-timestamp"] == str(now // 1000)
    receiver.got.clear()
    with desk.town.hub.db.writing() as tx:
        assert callbacks.again(tx, now, address) == 1
    desk.town.work()
    [told] = receiver.events(secret, now)
    assert told.event == "connected"
    assert desk.hub.status().deliveries == {"delivered": 2}
    desk.town.clock.advance(31 * DAY)
    with desk.town.hub.db.writing() as tx:
        callbacks.try_out(tx, desk.town.clock.now(), address)
    desk.town.work()
    assert [row.event for row in desk.town.rows("delivery")] == ["test"]


def test_a_new_secret_leaves_the_former_good_for_a_day(desk: Desk, receiver: Receiver) -> None:
    address, former = call_back(desk, receiver)
    with desk.town.hub.db.writing() as tx:
        secret = callbacks.rotate(tx, desk.town.clock.now(), BY, desk.town.hub.keys, address)

    def test() -> tuple[dict[str, str], bytes]:
        with desk.town.hub.db.writing() as tx:
            callbacks.try_out(tx, desk.town.clock.now(), address)
        desk.town.work()
        return receiver.got.pop()

    headers, body = test()
    now = desk.town.clock.now() / 1000
    assert [hub.verify_callback(headers, body, one, now=now).event for one in (former, secret)] == [
        "test"
    ] * 2
    desk.town.clock.advance(DAY)
    headers, body = test()
    now = desk.town.clock.now() / 1000
    assert hub.verify_callback(headers, body, secret, now=now).event == "test"
    with pytest.raises(hub.BadCallback):
        hub.verify_callback(headers, body, former, now=now)


def test_an_address_that_is_off_waits_and_one_that_is_gone_is_forgotten(
    desk: Desk, receiver: Receiver
) -> None:
    address, secret = call_back(desk, receiver)
    now = desk.town.clock.now()
    with desk.town.hub.db.writing() as tx:
        callbacks.try_out(tx, now, address)
        callbacks.change(tx, now, BY, address, events=["connected"], enabled=False)
    desk.town.work()
    desk.connected()
    assert receiver.got == []
    off = dataclasses.replace(address, enabled=False)
    with desk.town.hub.db.writing() as tx:
        callbacks.change(tx, now, BY, off, events=["connected"], enabled=True)
    desk.town.work()
    assert [one.event for one in receiver.events(secret, now)] == ["test"]
    with desk.town.hub.db.writing() as tx:
        callbacks.try_out(tx, now, address)
        callbacks.remove(tx, now, BY, address)
    desk.town.work()
    assert receiver.got == []
    assert desk.town.rows("delivery") == []


def test_addresses_inside_the_network_are_not_called(desk: Desk, receiver: Receiver) -> None:
    address, _secret = call_back(desk, receiver)
    desk.town.hub.settings = dataclasses.replace(desk.town.hub.settings, private_callbacks=False)
    with desk.town.hub.db.writing() as tx:
        callbacks.try_out(tx, desk.town.clock.now(), address)
    desk.town.work()
    assert receiver.got == []
    [row] = desk.town.rows("delivery")
    assert "inside this network" in row.answer
    for url in ("https://127.0.0.1/x", "https://localhost/x", "http://hr.example.org/x", "ftp://x.example",
                "https://me:pw@hr.example.org/", "https://[::1]/", "https://0x7f000001/"):  # fmt: skip
        with pytest.raises(Clash), desk.town.hub.db.writing() as tx:
            callbacks.add(tx, 1, BY, desk.town.hub.keys, desk.town.library, url=url)
    assert len(desk.town.rows("callback")) == 1
