"""What Ada does at the registry before she leaves, and how she leaves."""

import pathlib
import re
from typing import Any

import sqlalchemy as sa

from laelia.lib.browser import Browser, Page
from laelia.registry import tables
from laelia.registry.account import delegates
from laelia.registry.account.closing import letters
from laelia.registry.record import people
from registry.api.desk import asking, item
from registry.api.people import work
from registry.notify.conftest import Receiver, Town
from registry.place import PASSWORD, Place, answer

# Every value that Ada enters, or that is written about her, somewhere.
TITLE, DOI, BIOGRAPHY, KEYWORD = "Zq-orchids of Ockham", "10.5555/zq.ada.1", "Zq-counts engines", "Zq-notes"
CREDIT, SECOND, SUBJECT, AGENT = (
    "Zq-Countess",
    "zq-second@ockham.example",
    "Zq-subject for Ada",
    "Zq-Browser/1",
)
HOOK = "https://receiver.test/changed?who=zq-hook"
PERSONAL = {
    "her name": "Lovelace",
    "her credit name": CREDIT,
    "her address": "ada@example.org",
    "her second address": "zq-second",
    "her domain": "ockham.example",
    "her work": TITLE,
    "its identifier": DOI,
    "her biography": BIOGRAPHY,
    "her keyword": KEYWORD,
    "what a member wrote to her": SUBJECT,
    "where a member is called about her": "zq-hook",
    "her browser": AGENT,
}


class Life(Town):
    """The people of the API's tests, Ada's traces, and her ways out."""

    def __init__(self, place: Place, receiver: Receiver) -> None:
        super().__init__(place, receiver)
        self.asker = self.token(self.member_client.id, None, "/premium-notification")

    # ---- what she leaves behind

    def live(self) -> Browser:
        """A trace in every table that can hold one; returns her browser, signed in."""
        place, ada = self.place, self.place.ada
        with place.service.db.writing() as tx:
            people.verify_email(tx, self.now, ada.orcid, ada.email)
            people.add_email(tx, self.now, ada.orcid, SECOND)
            people.verify_email(tx, self.now, ada.orcid, SECOND)
            people.set_names(tx, self.now, ada.orcid, given="Ada", family="Lovelace", credit=CREDIT)
            people.set_biography(tx, self.now, ada.orcid, BIOGRAPHY, "private")
        self.work_added = self.add(work(DOI, TITLE))
        writer = self.token(self.member_client.id, self.ada, "/person/update")
        assert self.post({"content": KEYWORD}, writer, path="/keywords").status == 201
        asked = asking("3.0", item(), **{"notification-subject": SUBJECT})
        assert self.post(asked, self.asker, path="/notification-permission").status == 201
        assert self.hook(uri=HOOK).status == 201
        browser = place.browser(ada)
        self.permission = self.permit(browser)
        with place.service.db.writing() as tx:
            tx.execute(sa.update(tables.session).values(agent=AGENT))
            people.add_email(tx, self.now, ada.orcid, "zq-third@example.org")
            for owner, actor in ((self.ada, self.sophie), (self.sophie, self.ada)):
                delegates.add(tx, self.now, owner, actor)
                letters.trusted(tx, self.now, owner, actor, place.site)
        browser.open(place.at("/account/emails")).form("/account/emails/link").submit()
        place.browser().open(place.at("/signin")).form("/signin").fill(name=ada.email, password="no").submit()
        self.get("/record", self.member)
        place.service.work()
        self.receiver.heard.clear()
        return browser

    def permit(self, browser: Browser) -> dict[str, Any]:
        """A permission that she gives at the page; returns the tokens."""
        form = browser.open(
            self.place.authorize_url(self.member_client, scope="/read-limited /person/update")
        ).form(containing="Authorise")
        code = answer(form.fill(until_revoked=True).submit("Authorise access").url)["code"]
        given: dict[str, Any] = self.place.redeem(self.member_client, code).json()
        return given

    # ---- how she leaves

    def mails(self, to: str) -> list[str]:
        self.place.service.work()
        return [row.text for row in self.place.rows("outbox") if row.recipient == to]

    def link(self, to: str, path: str) -> str:
        """The newest link of this kind that was sent to an address."""
        found = [re.findall(rf"https://registry\.test{path}\S+", text) for text in self.mails(to)]
        return [link for links in found for link in links][-1]

    def asked_to(self, choice: str, browser: Browser) -> Page:
        """The page behind the link in the mail."""
        browser.open(self.place.at("/account/close")).form("/account/close").fill(choice=choice).submit()
        return browser.open(self.link(self.place.ada.email, "/account/close/"))

    def leave(self, choice: str, browser: Browser) -> Page:
        page = self.asked_to(choice, browser)
        return page.form(-1).fill(password=PASSWORD).submit()

    # ---- what is left

    def rows_about(self, table: str, orcid: str | None = None) -> list[Any]:
        """The rows that bear an iD."""
        return [row for row in self.place.rows(table) if (orcid or self.ada) in map(str, row)]

    def traces(self, *, in_files: bool = True) -> dict[str, list[str]]:
        """Which personal value is found where: in the rows of any table and, on SQLite, in any byte of the
        file and its log."""
        found: dict[str, list[str]] = {}
        for table in tables.metadata.tables:
            text = "\n".join(map(_said, self.place.rows(table)))
            for what, value in PERSONAL.items():
                if value.lower() in text.lower():
                    found.setdefault(what, []).append(table)
        for path in self.files() if in_files else ():
            data = path.read_bytes().lower()
            for what, value in PERSONAL.items():
                if value.lower().encode() in data:
                    found.setdefault(what, []).append(path.suffix)
        return found

    def files(self) -> list[pathlib.Path]:
        url = sa.make_url(self.place.settings.database)
        if url.get_backend_name() != "sqlite":
            return []
        path = pathlib.Path(str(url.database))
        return [one for one in (path, path.with_name(path.name + "-wal")) if one.exists()]


def _said(row: Any) -> str:
    return " ".join(one.decode() if isinstance(one, bytes) else str(one) for one in row)
