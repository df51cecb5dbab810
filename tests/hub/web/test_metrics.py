"""What a monitor reads: only with the token of the settings, right in its numbers, and about nobody."""

import re
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from hub.web.town import Town
from laelia.lib.clock import MINUTE
from laelia.lib.http import Response
from laelia.lib.process import name

TOKEN = "a token of the monitor"


def scrape(town: Town, token: str | None = TOKEN) -> Response:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return town.everyone.get(town.at("/metrics"), headers=headers)


def opened(town: Town) -> Town:
    town.hub.settings = replace(town.hub.settings, metrics_token=TOKEN)
    return town


def sample(text: str, family: str, **labels: str) -> float:
    found = [
        one.value
        for each in text_string_to_metric_families(text)
        for one in each.samples
        if one.name == family and labels.items() <= one.labels.items()
    ]
    return sum(found)


def test_there_is_no_such_page_without_a_token_in_the_settings(town: Town) -> None:
    assert scrape(town).status == 404
    assert scrape(town, "").status == 404


def test_the_token_is_asked_for(town: Town) -> None:
    opened(town)
    for wrong in (None, "", "a token", TOKEN + "x"):
        answer = scrape(town, wrong)
        assert answer.status == 401, wrong
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "laelia_" not in answer.text
    assert scrape(town).status == 200


def test_the_numbers_are_those_of_the_database(town: Town) -> None:
    opened(town)
    browser = town.connected(town.ada)
    page = browser.open(town.at("/datacite/settings"))
    page.form("auto-update-switch").submit()
    town.publish("counted", "Counted", town.ada)
    town.work()
    town.clock.advance(6 * MINUTE)
    said = scrape(town).text
    assert sample(said, "laelia_people", environment="datacite", state="connected") == 1
    assert sample(said, "laelia_assertions", environment="datacite", state="in-record") == 1
    assert sample(said, "laelia_runs", environment="datacite", kind="push", state="done") >= 1
    assert sample(said, "laelia_sent_items", environment="datacite", action="add", status="2xx") == 1
    assert sample(said, "laelia_source_age_seconds", environment="datacite", connector="datacite") == 360
    assert sample(said, "laelia_jobs", kind="pull", state="waiting") == 3
    assert sample(said, "laelia_job_wait_seconds", kind="pull") == 300
    own = {"process": name(), "route": "/{place}/connect"}
    assert sample(said, "laelia_request_seconds_count", **own) >= 1


def test_calls_are_counted_by_what_came_of_them(town: Town) -> None:
    opened(town)
    before = scrape(town).text
    browser = town.connected(town.ada)
    town.publish("called", "Called", town.ada)
    browser.open(town.at("/datacite/settings")).form("auto-update-switch").submit().form("add-all").submit()
    town.work()
    after = scrape(town).text
    service = town.registry.partition("://")[2]
    for method in ("GET", "POST"):
        labels = {"method": method, "status": "2xx", "service": service, "process": name()}
        made = [sample(said, "laelia_call_seconds_count", **labels) for said in (before, after)]
        assert made[1] > made[0], method


def test_nobody_is_named(town: Town) -> None:
    opened(town)
    browser = town.connected(town.ada)
    browser.open(town.at("/datacite/settings")).form("auto-update-switch").submit()
    town.publish("unnamed", "Unnamed", town.ada)
    town.work()
    said = scrape(town).text
    permission = town.permission(town.ada)
    assert permission is not None
    assert not re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", said)
    for secret in (town.ada.orcid, town.ada.name, town.ada.email, permission.access_token, TOKEN):
        assert str(secret) not in said


def test_counts_of_whole_tables_are_made_once_a_minute(town: Town) -> None:
    opened(town)
    people = {"environment": "datacite", "state": "connected"}
    assert sample(scrape(town).text, "laelia_people", **people) == 0
    town.connected(town.ada)
    assert sample(scrape(town).text, "laelia_people", **people) == 0
    town.clock.advance(MINUTE)
    assert sample(scrape(town).text, "laelia_people", **people) == 1
