"""Her university's part of the story: it invites her, asserts her employment from a file, corrects it, and
withdraws it when she leaves."""

import csv
import json
from html import unescape
from typing import Any

from laelia.sandbox.demo.stage import Stage, expect, until

NAME, ROR = "Example University", "https://ror.org/05dxps055"
SLUG, CLIENT = "university", "APP-DEMOUNIVERSITY01"
LOCAL_ID, KEY = "HR-4711", "HR-4711-1"
FIRST, RIGHT = "Lecturer", "Senior Lecturer"


def connect(stage: Stage) -> tuple[str, str]:
    """She follows the link of the letter, reads what is asked, and allows it."""
    if "university letter" not in stage.memory:
        stage.place.laelia(
            "hub", "people", "invite", SLUG, stage.memory["email"], "--local-id", LOCAL_ID,
            "--given-names", stage.memory["name"][0], "--family-names", stage.memory["name"][1],
        )  # fmt: skip
        stage.memory["university letter"] = True
    stage.sign_in()
    page = stage.browser.open(until(lambda: _link(stage), "the letter of the university"))
    expect(NAME in page.text, f"the page says who asks, got {page.status}: {page.text[:300]}")
    form = page.form("answer").submit("connect")
    expect(f"{NAME} asks for your permission" in form.text, f"the permission form, got {form.url}")
    back = form.form(containing="Authorise access").fill(until_revoked=True).submit("Authorise access")
    expect(
        back.url.startswith(f"{stage.hub}/{SLUG}/settings"),
        f"back at the university's page, got {back.url}: {back.text[:300]}",
    )
    return f"{NAME} invites her; she connects her iD from its page", f"{stage.hub}/{SLUG}/settings"


def _link(stage: Stage) -> str | None:
    """The personal link. A sandbox shows sent mail to everyone."""
    words = unescape(stage.get(f"{stage.hub}/sandbox/outbox", "text/html").text).replace('"', " ").split()
    return next((word for word in words if word.startswith(f"{stage.hub}/{SLUG}/invitation/")), None)


def assert_employment(stage: Stage) -> tuple[str, str]:
    _hand_in(stage, "first", role=FIRST)
    shown = until(lambda: _employment(stage, FIRST), f"the employment as {FIRST} on the record")
    source = shown["source"]["source-name"]["value"]
    expect(source == NAME, f"its source is {NAME}, got {source}")
    stage.memory["employment"] = shown["put-code"]
    return f"{NAME} files her employment as {FIRST} by a file; it is on her record", _record(stage)


def correct(stage: Stage) -> tuple[str, str]:
    _hand_in(stage, "corrected", role=RIGHT)
    shown = until(lambda: _employment(stage, RIGHT), f"the employment as {RIGHT} on the record")
    code = stage.memory["employment"]
    expect(shown["put-code"] == code, f"the same put-code {code}, got {shown['put-code']}")
    return f"The next file says {RIGHT}, by the same key; put-code {code} follows", _record(stage)


def leave(stage: Stage) -> tuple[str, str]:
    _hand_in(stage, "left", role=RIGHT, delete="yes")
    until(lambda: not _employments(stage), "the employment to be gone from the record")
    shown = stage.browser.open(f"{stage.hub}/{SLUG}/items").text.lower()
    expect("taken back" in shown, f"her page at the university says that it was taken back: {shown[:300]}")
    return "She leaves, the university withdraws it by a file, and it is gone", f"{stage.hub}/{SLUG}/items"


def _hand_in(stage: Stage, name: str, **values: str) -> None:
    """The same row each time, but for what changed."""
    row = {
        "local-id": LOCAL_ID, "id": KEY, "affiliation-section": "employment", "role-title": "",
        "department-name": "Botany", "start-date": "2021-09-01", "org-name": NAME, "org-city": "Exampleton",
        "org-country": "NL", "disambiguated-organization-identifier": ROR, "disambiguation-source": "ROR",
        "delete": "", **{{"role": "role-title"}.get(key, key): value for key, value in values.items()},
    }  # fmt: skip
    path = stage.place.var / f"employments-{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        sheet = csv.DictWriter(out, list(row))
        sheet.writeheader()
        sheet.writerow(row)
    told: dict[str, Any] = json.loads(
        stage.place.laelia("hub", "upload", str(path), "--organisation", SLUG, "--json")
    )
    expect(told["state"] == "filed" and not told["wrong"], f"the row is good and filed, got {told}")


def _employments(stage: Stage) -> list[dict[str, Any]]:
    answer = stage.get(f"{stage.registry}/v3.0/{stage.orcid}/employments")
    expect(answer.status == 200, f"her employments can be read by anyone (200), got {answer.status}")
    groups = answer.json()["affiliation-group"]
    return [one["employment-summary"] for group in groups for one in group["summaries"]]


def _employment(stage: Stage, role: str) -> dict[str, Any] | None:
    found = _employments(stage)
    expect(len(found) <= 1, f"one employment, found {len(found)}")
    return found[0] if found and found[0]["role-title"] == role else None


def _record(stage: Stage) -> str:
    return f"{stage.registry}/{stage.orcid}"
