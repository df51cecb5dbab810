"""What stands on the page of sources, and pressing its buttons."""

from typing import Any

from laelia.lib.browser import Browser, Page
from laelia.model.sections import BY_NAME
from laelia.registry.web.sources import PLACE
from registry.api.people import Api

EMPLOYMENT = {
    "organization": {
        "name": "Bee House",
        "address": {"city": "Bern", "country": "CH"},
        "disambiguated-organization": {
            "disambiguated-organization-identifier": "https://ror.org/00000bee7",
            "disambiguation-source": "ROR",
        },
    },
    "role-title": "Keeper",
    "start-date": {"year": {"value": "2020"}},
}


def opened(api: Api, query: str = "", browser: Browser | None = None) -> Page:
    return (browser or api.place.browser(api.place.ada)).open(api.place.at(PLACE + query))


def press(page: Page, words: str, containing: str = "") -> Page:
    """Press the first button of this name in a form that contains some text."""
    form = next(
        form
        for form in page.forms()
        if any(words == " ".join(b.text_content().split()) for b in form.element.iter("button"))
        and containing in form.text + " ".join(str(form.value(name)) for name in form.fields)
    )
    return form.submit(words)


def listed(api: Api) -> dict[int, dict[str, Any]]:
    groups = api.get("/works", api.member).json()["group"]
    return {one["put-code"]: one for group in groups for one in group["work-summary"]}


def deeds(page: Page) -> list[str]:
    """Each item of each run with what is said of it, without its buttons."""
    found = page.all("//ul[contains(@class,'deeds')]/li")
    return [" ".join(" ".join(one.xpath("(p|span)//text()")).split()) for one in found]


def headings(page: Page) -> list[str]:
    return [
        " ".join(one.text_content().split()) for one in page.all("//section[@aria-labelledby='runs']//h3")
    ]


def keyword(text: str) -> Any:
    return BY_NAME["keywords"].entity(content=text)
