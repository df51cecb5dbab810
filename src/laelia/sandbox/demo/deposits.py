"""What is put into the neighbourhood: documents of an archive at the DOI registry, her own deposits in the
repository."""

from typing import Any

from laelia.lib.browser import Page
from laelia.sandbox.demo.setup import ARCHIVE_ACCOUNT, ARCHIVE_PREFIX
from laelia.sandbox.demo.stage import Stage, StepFailed, expect

ARCHIVE = (
    ("nectar", "Dataset", "Nectar volume of Laelia anceps at three altitudes", False),
    ("roots", "Image", "Velamen of aerial roots: a series of micrographs", True),
    ("counting", "JournalArticle", "A field guide to counting what cannot be counted", True),
)


def archive(stage: Stage) -> list[str]:
    """An archive registers three DOIs of hers, through the REST API: the first carries only her name, the
    others her iD as well. Returns them in that order; registered once, they are left alone."""
    return [register(stage, *document) for document in ARCHIVE]


def register(stage: Stage, suffix: str, kind: str, title: str, with_id: bool) -> str:
    """The archive registers one DOI of hers, with or without her iD; returns it."""
    doi = f"{ARCHIVE_PREFIX}/archive.{suffix}"
    given, family = stage.memory["name"]
    creator: dict[str, Any] = {
        "name": f"{family}, {given}", "nameType": "Personal", "givenName": given, "familyName": family,
    }  # fmt: skip
    if with_id:
        creator["nameIdentifiers"] = [
            {
                "nameIdentifier": f"https://orcid.org/{stage.orcid}",
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
    attributes = {
        "event": "publish", "doi": doi, "creators": [creator], "titles": [{"title": title}],
        "publisher": {"name": "Example Archive"}, "publicationYear": 2026,
        "types": {"resourceTypeGeneral": kind}, "url": f"https://archive.example/{suffix}",
        "dates": [{"date": "2026-03-14", "dateType": "Issued"}],
    }  # fmt: skip
    answer = stage.http.put(
        f"{stage.doi}/dois/{doi}",
        json={"data": {"type": "dois", "attributes": attributes}},
        headers={"Content-Type": "application/vnd.api+json"},
        auth=(ARCHIVE_ACCOUNT, stage.memory.secret("archive account password")),
        trusted=True,
    )
    expect(
        answer.status in (200, 201), f"the DOI registry takes {doi}, got {answer.status}: {answer.text[:300]}"
    )
    return doi


def publish(stage: Stage, title: str) -> str:
    """She uploads a small file to the repository as a data set and publishes it; returns its DOI."""
    if "/signin" in (
        start := stage.browser.open(f"{stage.repository}/items/new")
    ).url or "new-item" not in _ids(start):
        start = _connect(stage)
    visits = b"hour,visits\n6,14\n7,31\n8,22\n"
    form = start.form("new-item").fill(
        title=title, description="Counted by the hour on six inflorescences.",
        keywords="orchids, pollination", file=("visits.csv", visits, "text/csv"),
    )  # fmt: skip
    for name, words in (("type", "ataset"), ("category", "")):
        form.fill({name: _option(start, name, words)})
    page = form.submit("Publish")
    expect("edit-item" in _ids(page), f"the item is published, got {page.url}: {page.text[:400]}")
    stage.memory["item page"] = page.url
    dois = page.all("//*[@id='state']//a[contains(@class, 'mono')]/text()")
    expect(dois, f"the page names the DOI: {page.text[:400]}")
    return str(dois[0]).lower()


def retitle(stage: Stage, title: str) -> None:
    """She edits the title of what she published."""
    page = stage.browser.open(stage.memory["item page"])
    page = page.form("edit-item").fill(title=title).submit("Publish changes")
    expect(title in page.html, f"the repository keeps the new title: {page.text[:300]}")


def _connect(stage: Stage) -> Page:
    """She connects her iD at the repository by OAuth; the first time she is asked for it."""
    stage.sign_in()
    page = stage.browser.open(f"{stage.repository}/signin")
    if "asks for your permission" in page.text:
        page = page.form(containing="Authorise access").fill(until_revoked=True).submit("Authorise access")
    expect(stage.repository in page.url, f"back at the repository, got {page.url}: {page.text[:300]}")
    page = stage.browser.open(f"{stage.repository}/items/new")
    expect("new-item" in _ids(page), f"the form for a new item, got {page.url}: {page.text[:300]}")
    return page


def _ids(page: Page) -> list[str]:
    return [str(one) for one in page.all("//form/@id")]


def _option(page: Page, field: str, words: str) -> str:
    """The value of the first real option of a select whose words contain these."""
    for option in page.all(f"//select[@name='{field}']/option"):
        if words in option.text_content() and option.get("value") not in ("", "0"):
            return str(option.get("value"))
    raise StepFailed(f"the field {field} offers nothing with {words!r}")


__all__ = ["archive", "publish", "register", "retitle"]
