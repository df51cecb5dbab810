"""The story, step by step, played through the pages she sees and the public APIs; each step checks itself."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from laelia.lib.browser import Page
from laelia.model.identifiers import valid_orcid
from laelia.sandbox.demo import deposits, university
from laelia.sandbox.demo.stage import (
    XML,
    Stage,
    StepFailed,
    expect,
    self_dois,
    source_of,
    title_of,
    until,
)

GIVEN, FAMILY = "Inés", "Valverde"
PERMISSION_TITLE = "DataCite asks for your permission"


@dataclass(frozen=True)
class Step:
    """`play` returns one sentence about what was seen, and the page where anyone can look at it."""

    name: str
    title: str
    play: Callable[[Stage], tuple[str, str]]


def register(stage: Stage) -> tuple[str, str]:
    stage.memory["name"] = [GIVEN, FAMILY]
    stage.memory["email"], stage.memory["password"] = "ines.valverde@example.org", stage.memory.password()
    page = stage.browser.open(f"{stage.registry}/register")
    page = stage.press(page, "/register", given=GIVEN, family=FAMILY, email=stage.memory["email"])
    if page.url.endswith("/same-name"):
        page = stage.press(page, "/register/same-name")
    secret = stage.memory["password"]
    page = stage.press(page, "/register/password", password=secret, repeat=secret)
    page = stage.press(page, "employment", "Skip this step")
    page = stage.press(page, "/register/visibility", visibility="public")
    page = stage.press(page, "/register/terms", terms=True)
    expect(
        page.url.endswith("/my-record"), f"registration ends on her record, got {page.url}: {page.text[:300]}"
    )
    orcid = page.all("string(//*[contains(@class, 'iduri')]//*[contains(@class, 'id')])")[0]
    expect(valid_orcid(str(orcid)), f"the page shows an iD with a right check digit, got {orcid!r}")
    stage.memory["orcid"] = str(orcid)
    _confirm_address(stage)
    return f"{GIVEN} {FAMILY} registers and gets the iD {orcid}", f"{stage.registry}/{orcid}"


def _confirm_address(stage: Stage) -> None:
    """She opens the link of the message that was sent to her; a sandbox shows sent mail to everyone."""

    def link() -> str | None:
        sent = stage.get(f"{stage.registry}/sandbox/api/outbox", "application/json").json()["messages"]
        hers = [one["text"] for one in sent if one["to"] == stage.memory["email"]]
        return next((word for text in hers for word in text.split() if "/verify-email/" in word), None)

    page = stage.browser.open(until(link, "the message with the link that confirms her address"))
    expect("confirmed" in page.text, f"the link confirms her address, got {page.status}: {page.text[:200]}")


def allow_for_an_hour(stage: Stage) -> tuple[str, str]:
    settings = _through_permission_form(stage, until_revoked=False)
    expect("hour" in settings.text or "until" in settings.text, "the hub says that the permission is short")
    expect(settings.all("//*[@id='permission']"), "the hub shows what was permitted")
    return "She allows DataCite for one hour: the box was left unticked, and the hub says what it can't do", (
        f"{stage.hub}/datacite/settings"
    )


def allow_until_revoked(stage: Stage) -> tuple[str, str]:
    settings = _through_permission_form(stage, until_revoked=True)
    expect("until you revoke it" in settings.text, "the permission lasts until she revokes it")
    shown = {name: settings.all(f"string(//section[@id='{name}']//header//span)")[0] for name in SWITCHES}
    expect(
        shown == {"search-link": "on", "auto-update": "off"},
        f"Search & Link on, Auto-Update off, got {shown}",
    )
    return "She ticks “until I revoke it”: Search & Link is on, Auto-Update off", (
        f"{stage.hub}/datacite/settings"
    )


SWITCHES = ("search-link", "auto-update")


def _through_permission_form(stage: Stage, *, until_revoked: bool) -> Page:
    """From her record over *Search & link* and the hub to the permission form and back to the hub."""
    stage.sign_in()
    listed = stage.browser.open(f"{stage.registry}/my-record").link("Search & link")
    form = listed.link("Go to DataCite")
    expect(PERMISSION_TITLE in form.text, f"the permission form, got {form.url}: {form.text[:300]}")
    expect("/read-limited" in form.text and "/activities/update" in form.text, "the form names both scopes")
    links = form.links()
    expect(
        any("rivacy" in text for text in links), f"a link to DataCite's privacy policy, got {sorted(links)}"
    )
    expect("state=" in form.url, "the hub sent a state of its own")
    back = (
        form.form(containing="Authorise access").fill(until_revoked=until_revoked).submit("Authorise access")
    )
    expect(
        back.url.startswith(f"{stage.hub}/datacite/settings"),
        f"the hub's settings page, got {back.url}: {back.text[:300]}",
    )
    return back


def claim(stage: Stage) -> tuple[str, str]:
    unmarked, *marked = deposits.archive(stage)
    stage.memory["claimed"], stage.memory["carrying"] = unmarked, marked
    found = stage.at_hub("settings").link("Search & Link").link("Search for my name")
    expect(unmarked in found.text, f"the search for her name finds {unmarked}: {found.text[:300]}")
    found.form("claims").submit(unmarked)
    work = stage.arrives(unmarked)
    expect(source_of(work) == "DataCite", f"the source is DataCite, got {source_of(work)}")
    return f"She searches for her name and claims {unmarked}: it is on her record, source DataCite", (
        f"{stage.registry}/{stage.orcid}"
    )


def auto_update(stage: Stage) -> tuple[str, str]:
    marked = stage.memory["carrying"]
    page = stage.press(stage.at_hub("settings"), "auto-update-switch")
    said = f"{len(marked)} items already carry your iD"
    expect(said in page.text, f"the page says “{said}”, got {page.text[:600]}")
    page.form("add-all").submit()
    for doi in marked:
        stage.arrives(doi)
    return f"She turns Auto-Update on: {said}, and she adds them all", f"{stage.hub}/datacite/items"


def publish(stage: Stage) -> tuple[str, str]:
    stage.memory["title"] = "Pollinator visits to Laelia anceps, counted by camera"
    doi = deposits.publish(stage, stage.memory["title"])
    stage.memory["published"] = doi
    attributes = until(lambda: _minted(stage, doi), f"the repository to mint {doi}")
    ids = [one for creator in attributes["creators"] for one in creator["nameIdentifiers"]]
    expect(
        any(
            stage.orcid in one["nameIdentifier"] and one["schemeUri"].rstrip("/") == "https://orcid.org"
            for one in ids
        ),
        f"the DOI's metadata carry her iD with schemeUri https://orcid.org, got {ids}",
    )
    return f"She connects her iD at the repository and publishes a data set: {doi}, minted with her iD", (
        stage.memory["item page"]
    )


def _minted(stage: Stage, doi: str) -> dict[str, Any] | None:
    answer = stage.get(f"{stage.doi}/dois/{doi}", "application/vnd.api+json")
    return answer.json()["data"]["attributes"] if answer.status == 200 else None


def follow(stage: Stage) -> tuple[str, str]:
    doi, title = stage.memory["published"], "Pollinator visits to Laelia anceps, counted by camera and by eye"
    before = stage.arrives(doi, stage.memory["title"])
    deposits.retitle(stage, title)
    after = stage.arrives(doi, title)
    expect(
        after["put-code"] == before["put-code"],
        f"the same put-code {before['put-code']}, got {after['put-code']}",
    )
    stage.memory["title"] = title
    return f"Auto-Update added it by itself; she edits the title, and put-code {after['put-code']} follows", (
        f"{stage.registry}/{stage.orcid}"
    )


def revoke(stage: Stage) -> tuple[str, str]:
    if "waiting" not in stage.memory:
        _take_back(stage)
    doi = stage.memory["waiting"]
    items = f"{stage.hub}/datacite/items"

    def shown() -> bool:
        text = stage.at_hub("items").text.lower()
        return "permission revoked" in text and "dusk" in text

    until(shown, "the hub to show “permission revoked” and the item that waits")
    refused = until(lambda: _refused(stage), "the refusal in the registry's call log")
    # Long enough for Auto-Update, which looks every second, to come round again.
    time.sleep(3)
    expect(_refused(stage) == refused, "the hub does not try again")
    expect(stage.work(doi) is None, f"{doi} is not on the record")
    return f"She revokes DataCite; {doi} is not pushed, the hub shows that the permission is revoked", items


def _take_back(stage: Stage) -> None:
    """She looks at what each organisation may do and last did, revokes DataCite, and publishes once more."""

    def listed() -> Page | None:
        # The call log is written every tenth of a second; the page shows what it says.
        page = stage.browser.open(f"{stage.registry}/account/trusted")
        return page if "changed a work" in page.text else None

    trusted = until(listed, "DataCite's last act, that it changed a work, under Trusted organisations")
    for name in ("DataCite", "Example Repository"):
        expect(name in trusted.text, f"{name} among the trusted organisations: {trusted.text[:400]}")
    expect("Since" in trusted.text and "It last" in trusted.text, "since when, and what each last did")
    page = trusted.form(containing="Revoke the permission of DataCite").submit()
    expect(page.status == 200, f"the permission is revoked, got {page.status}: {page.text[:200]}")
    stage.memory["waiting"] = deposits.publish(stage, "Scent samples of Laelia anceps at dusk")


def _refused(stage: Stage) -> int:
    """How many calls the registry has refused for their token, from its call log."""
    rows = json.loads(stage.place.laelia("registry", "calls", "--json"))
    return sum(row["count"] for row in rows if row["status"] == 401)


def grant_again(stage: Stage) -> tuple[str, str]:
    _through_permission_form(stage, until_revoked=True)
    work = stage.arrives(stage.memory["waiting"])
    return (
        f"She grants it again, and what waited arrives: “{title_of(work)}”",
        f"{stage.registry}/{stage.orcid}",
    )


def read(stage: Stage) -> tuple[str, str]:
    base, orcid = stage.registry, stage.orcid
    page = stage.get(f"{base}/{orcid}", "text/html")
    expect(page.status == 200 and FAMILY in page.text, f"the public page shows her name, got {page.status}")
    expected = {
        stage.memory["claimed"],
        *stage.memory["carrying"],
        stage.memory["published"],
        stage.memory["waiting"],
    }
    shown = [doi for work in stage.works() for doi in self_dois(work)]
    expect(
        set(shown) == expected and len(shown) == len(expected),
        f"each of {sorted(expected)} once, got {sorted(shown)}",
    )
    for path in (f"/v3.0/{orcid}/record", f"/v2.0/{orcid}/works"):
        as_xml, as_json = stage.get(base + path, XML), stage.get(base + path)
        for answer in (as_xml, as_json):
            expect(answer.status == 200, f"{path} is read, got {answer.status}")
            missing = [doi for doi in expected if doi not in answer.text.lower()]
            expect(not missing, f"{path} names {missing}")
        expect(as_xml.body.lstrip().startswith(b"<"), f"{path} in XML")
        as_json.json()
    return "Anyone reads the record: page, 3.0 and 2.0, XML and JSON", f"{base}/v3.0/{orcid}/record"


STEPS = (
    Step("register", "Register for an iD", register),
    Step("allow-hour", "Permission for one hour", allow_for_an_hour),
    Step("allow", "Permission until revoked", allow_until_revoked),
    Step("claim", "Search & Link", claim),
    Step("auto-update", "Auto-Update looks back", auto_update),
    Step("publish", "Publish in the repository", publish),
    Step("follow", "A title changes", follow),
    Step("revoke", "Revoke", revoke),
    Step("grant-again", "Grant again", grant_again),
    Step("university-connect", "The university's letter", university.connect),
    Step("university-asserts", "An employment by a file", university.assert_employment),
    Step("university-corrects", "The employment is corrected", university.correct),
    Step("university-withdraws", "She leaves", university.leave),
    Step("read", "Read as anyone", read),
)

__all__ = ["STEPS", "Step", "StepFailed"]
