"""Everything that people, staff and registries do, with faults in between; and no secret of it in a line of
the log, even where all that libraries say is kept, nor in a column that is not sealed or hashed."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from hub.people.test_inviting import her_letter, invite, link_in, permit
from hub.staff.desk import invited, joined
from hub.web.town import HUB, Town
from laelia.hub import tables, worker
from laelia.lib import faults
from laelia.lib.browser import Browser
from laelia.lib.clock import HOUR

LETTERS = {"outbox", "job"}
"""A letter bears its link until it is sent; an outbox is the sandbox's own."""


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that libraries would say if someone let them."""
    with caplog.at_level(logging.DEBUG):
        yield caplog
    faults.disarm()


class Secrets:
    """Each with a name, since the value must not be shown either when one leaks."""

    def __init__(self, town: Town) -> None:
        self.town, self.found = town, dict[str, str]()
        for handle in ("datacite", "production", "library"):
            self.add(f"client secret of {handle}", town.client(getattr(town, handle)).secret)

    def add(self, name: str, value: str | None) -> None:
        if value and len(value) > 5:
            self.found[f"{name} {len(self.found)}"] = value

    def of_browser(self, browser: Browser) -> None:
        for url in browser.visited:
            for name in ("code", "state"):
                for value in parse_qs(urlsplit(url).query).get(name, []):
                    self.add(name, value)
            if found := re.search(r"/(?:join|invitation|i)/([\w-]{16,})", url):
                self.add("link", found[1])
        for name, value in browser.cookies(urlsplit(HUB).hostname or "").items():
            self.add(f"cookie {name}", value)

    def of_permissions(self) -> None:
        for handle in ("datacite", "library"):
            held = self.town.permission(self.town.ada, getattr(self.town, handle))
            if held is not None:
                self.add("access token", held.access_token)
                self.add("refresh token", held.refresh_token)

    def of_letters(self) -> None:
        for letter in self.town.rows("outbox"):
            for url in re.findall(r"https?://\S+", letter.text):
                last = url.rpartition("/")[2]
                self.add("link in a letter", last if len(last) > 20 else None)

    def within(self, text: str) -> list[str]:
        return sorted(name for name, value in self.found.items() if value in text)


def work(town: Town, hours: int = 1) -> None:
    for _ in range(hours):
        town.clock.advance(HOUR)
        town.work()


def broken_table(town: Town, name: str) -> Any:
    with town.hub.db.writing() as tx:
        tx.execute(sa.text(f"ALTER TABLE {name} RENAME TO {name}_away"))

    def mend() -> None:
        with town.hub.db.writing() as tx:
            tx.execute(sa.text(f"ALTER TABLE {name}_away RENAME TO {name}"))

    return mend


def play(town: Town, secrets: Secrets) -> None:
    """Invite, connect, fail to connect, pull, push, revoke, and write letters that do not get through."""
    staff = joined(town, "editor@library.example", "owner")
    invite(town, staff, "ada@library.example", given_names="Ada")
    ada = town.browser(town.ada)
    permit(ada.open(link_in(her_letter(town, "ada@library.example"))).form("answer").submit("connect"))
    secrets.of_permissions()
    page = town.connect(ada)
    page.form("auto-update-switch").submit()
    secrets.of_permissions()
    town.publish("one", "One", town.ada)
    faults.arm("hub.pull.read", "raise")
    faults.arm("hub.push.answered", "raise")
    work(town, 3)
    # Callbacks that go wrong: nobody's state, a no, a code that the registry does not know.
    lost = town.browser(town.stranger)
    lost.open(town.at("/datacite/callback?code=someone-elses&state=made-up-state"))
    lost.open(town.at("/datacite/connect")).form(containing="Deny").submit("Deny")
    mend = broken_table(town, "permission")
    again = town.browser(town.ada)
    assert again.open(town.at("/library/connect")).status == 500
    mend()
    secrets.add("code", "someone-elses")
    secrets.add("state", "made-up-state")
    # Letters: the table of the outbox is away, then the server of the mail.
    mend = broken_table(town, "outbox")
    staff.open(town.at("/library/staff/colleagues")).form("invite-form").fill(
        email="new@library.example", role="viewer"
    ).submit()
    town.work()
    mend()
    usual = town.hub.settings
    town.hub.settings = replace(usual, smtp_url="smtp://user:the mail password@127.0.0.1:9")
    town.hub.worker = worker.make(town.hub)
    secrets.add("mail password", "the mail password")
    work(town)
    town.hub.settings = usual
    town.hub.worker = worker.make(town.hub)
    work(town)
    # She takes it back at the registry, and the hub hears of it by being refused.
    ada.open(f"{town.registry}/account/trusted").form(containing="Revoke the permission of DataCite").submit()
    town.publish("two", "Two", town.ada)
    work(town)
    secrets.of_letters()
    secrets.of_browser(staff)
    for browser in (ada, lost, again):
        secrets.of_browser(browser)
    secrets.add("staff link", invited(town, "x@library.example").rpartition("/")[2])


def test_no_secret_is_in_the_log_nor_in_a_plain_column(
    town: Town, loud: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secrets = Secrets(town)
    play(town, secrets)
    kinds = {name.split(" ")[0] for name in secrets.found}
    assert kinds >= {"access", "client", "code", "cookie", "link", "refresh", "staff", "state", "mail"}, kinds
    out = capfd.readouterr()
    said = out.out + out.err + loud.text
    for telltale in ("job failed", "Fault: fault armed", "ConnectionRefusedError", '"status":500'):
        assert telltale in said, f"{telltale}: the flow was to fail in this way"
    assert secrets.within(said) == []
    with town.hub.db.reading() as tx:
        for table in tables.metadata.sorted_tables:
            text = "\n".join(str(row) for row in tx.execute(sa.select(table)))
            if table.name not in LETTERS:
                assert secrets.within(text) == [], table.name
        errors = tx.execute(sa.select(tables.job.c.error).where(tables.job.c.error.is_not(None))).scalars()
        assert secrets.within("\n".join(errors)) == [], "why a job failed is shown to staff"
