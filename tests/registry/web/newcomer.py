"""Somebody who registers: what she writes at each step, by the forms as they are served."""

from typing import Any
from urllib.parse import urlsplit

from laelia.lib.browser import Page
from registry.place import PASSWORD

NEW: dict[str, dict[str, Any]] = {
    "/register": {"given": "Émilie", "family": "du Châtelet", "email": "emilie@example.org", "others": ""},
    "/register/same-name": {},
    "/register/password": {"password": PASSWORD, "repeat": PASSWORD},
    "/register/employment": {},
    "/register/visibility": {"visibility": "limited"},
    "/register/terms": {"terms": True},
}
BUTTON = {"/register/employment": "Skip this step"}


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def step(page: Page, **changed: Any) -> Page:
    """Fill in the step that is shown, with what is changed of it, and go on."""
    path = path_of(page)
    said = {**NEW[path], **{name: value for name, value in changed.items() if name in NEW[path]}}
    return (
        page.form("employment" if path == "/register/employment" else path)
        .fill(said)
        .submit(BUTTON.get(path))
    )


def go_through(page: Page, until: str | None = None, **changed: Any) -> Page:
    """All steps from the one that is shown to the end, or to the one of that path; one that is refused ends
    it."""
    while path_of(page) in NEW and path_of(page) != until and page.status == 200:
        page = step(page, **changed)
    return page
