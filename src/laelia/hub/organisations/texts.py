"""What an organisation's pages and letters say, in its own words or in ours. It is plain text; an empty
line begins a paragraph. In curly brackets stand what is known only later: {organisation}, {registry}."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from laelia.hub import tables
from laelia.hub.organisations import audit
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.hub.organisations.environments import Environment
from laelia.lib.database import upsert
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy

LONGEST = 5_000


@dataclass(frozen=True)
class Text:
    """One text: what it is called on the page where staff write it, where it stands, and ours."""

    label: str
    where: str
    ours: str


TEXTS = {
    "what": Text(
        lazy("What an iD is"),
        lazy("On the page where people connect."),
        lazy(
            "An iD is a number that is yours for life and tells you apart from everyone with a "
            "similar name. You sign in at the registry to prove that it is yours, so what is added "
            "reaches the right person."),
    ),
    "why": Text(
        lazy("What is asked, and why"),
        lazy("On the page where people connect."),
        lazy(
            "{organisation} asks for two things: to read what your record shows to everyone and to "
            "organisations you trust, and to add what it knows about your work. It changes only what "
            "it added itself. So your record grows without typing, and others can rely on where it "
            "comes from."),
    ),
    "withdraw": Text(
        lazy("How to withdraw"),
        lazy("On the page where people connect."),
        lazy(
            "Disconnect on your settings page here, at any time, or at the registry: account "
            "settings, Trusted organisations. What was added stays on your record, unless you have "
            "it taken off first."),
    ),
    "help": Text(
        lazy("Whom to ask for help"),
        lazy("On the page where people connect, and below every letter."),
        lazy("Ask the library or the research office of {organisation}."),
    ),
    "subject": Text(
        lazy("Subject of the invitation"),
        lazy("The first line of the letter that invites people."),
        lazy("{organisation} asks to connect your iD"),
    ),
    "invitation": Text(
        lazy("The invitation"),
        lazy(
            "The letter that invites people. {link} becomes the personal link, {name} the name of "
            "the person."),
        lazy(
            "Dear {name},\n\n{organisation} would like to keep your record at {registry} up to date "
            "for you: to add what it knows about your work there, with itself as the source. An iD "
            "at the registry tells you apart from everyone with a similar name; if you have none "
            "yet, you get one on the way.\n\nThis link is yours alone:\n\n{link}\n\nIt leads to a "
            "page that says what is asked. You sign in at the registry, not here, and can withdraw "
            "at any time. If you don't want this, say so on that page, and nobody asks again."),
    ),
}  # fmt: skip
# Without these a letter would lead nowhere.
NEEDED = {"invitation": "{link}"}
ONE_LINE = ("subject",)


def own(tx: Connection, environment_id: int) -> dict[str, str]:
    """What the organisation wrote itself, by name."""
    c = tables.text.c
    found = tx.execute(select(c.name, c.body).where(c.environment_id == environment_id))
    return {row.name: row.body for row in found if row.name in TEXTS}


def said(tx: Connection, environment_id: int) -> dict[str, str]:
    """Every text, as it was written: in the organisation's words, or in ours in the reader's language."""
    return {**{name: str(text.ours) for name, text in TEXTS.items()}, **own(tx, environment_id)}


def put(tx: Connection, now: int, by: By, environment_id: int, written: Mapping[str, str]) -> None:
    """Keep what was written. What is empty, or as ours, is ours again."""
    before = own(tx, environment_id)
    for name, body in written.items():
        body = body.replace("\r\n", "\n").strip()
        if name in ONE_LINE:
            body = " ".join(body.split())
        if problem := fault(name, body):
            raise Clash(problem)
        mine = {"environment_id": environment_id, "name": name}
        if not body or body == str(TEXTS[name].ours):
            c = tables.text.c
            tx.execute(delete(tables.text).where(c.environment_id == environment_id, c.name == name))
            after = None
        else:
            upsert(tx, tables.text, {**mine, "body": body, "modified": now}, key=("environment_id", "name"))
            after = body
        if before.get(name) != after:
            audit.note(tx, now, environment_id, by, "text-changed", name, own="yes" if after else "no")


def fault(name: str, body: str) -> str | None:
    """What is wrong with a text, if anything."""
    if len(body) > LONGEST:
        return _("At most %(n)s characters fit.", n=LONGEST)
    needed = NEEDED.get(name)
    if body and needed and needed not in body:
        return _("%(sign)s is missing: without it the letter leads nowhere.", sign=needed)
    return None


def fill(body: str, place: Environment, **more: str) -> str:
    """Put in what stands in curly brackets; other brackets stay as they are."""
    known = {"organisation": place.organisation_name, "registry": place.site_url, **more}
    for name, value in known.items():
        body = body.replace(f"{{{name}}}", value)
    return body


def paragraphs(body: str) -> list[str]:
    return [part.strip() for part in body.split("\n\n") if part.strip()]
