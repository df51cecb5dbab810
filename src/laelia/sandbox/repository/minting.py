"""DOIs: what the DOI registry should know is a row, and a job tells it until it has been told.

A PUT to /dois/{doi} makes the DOI where there is none and changes it where there is one, so that a call
repeated after a crash or a lost answer does no harm.
"""

import base64
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, select

from laelia.lib.clock import MINUTE, SECOND, Clock
from laelia.lib.database import Database, insert_ignore
from laelia.lib.http import Http, HttpError, Response
from laelia.lib.jobs import Job, Retry, enqueue
from laelia.lib.log import get_logger
from laelia.sandbox.repository import datacite
from laelia.sandbox.repository.draft import Body
from laelia.sandbox.repository.figshare import Item, landing_path
from laelia.sandbox.repository.settings import Settings
from laelia.sandbox.repository.tables import article, doi, job, version

MINT = "mint"
log = get_logger()


class Minter(Protocol):
    """What minting needs of the service."""

    settings: Settings
    db: Database
    http: Http
    clock: Clock


def want(tx: Connection, now: int, article_id: int, name: str, number: int) -> None:
    """Note that the DOI registry should hear of this DOI, in the transaction that changed the item."""
    insert_ignore(tx, doi, {"doi": name, "article_id": article_id, "number": number, "wanted": 0})
    tx.execute(sa.update(doi).where(doi.c.doi == name).values(wanted=doi.c.wanted + 1))
    again(tx, now, name)


def again(tx: Connection, now: int, name: str) -> None:
    """Try (again) as soon as the worker comes to it."""
    enqueue(tx, job, kind=MINT, key=name, payload={"doi": name}, now=now)


def mint(service: Minter, work: Job) -> None:
    """Tell the DOI registry about one DOI, as it stands now. The job of `want`."""
    name = str(work.payload["doi"])
    with service.db.reading() as tx:
        wanted, values = _present(tx, service.settings, name)
    if values is None:
        return
    try:
        answer = _put(service, name, values)
        trouble = None if answer.status in (200, 201) else refusal(answer)
    except HttpError as error:
        trouble = f"The DOI registry did not answer ({error.kind})."
    with service.db.writing() as tx:
        tries = _settle(tx, service.clock.now(), name, wanted, trouble)
    if trouble:
        log.warning("DOI not registered", doi=name, tries=tries, trouble=trouble)
        # Never given up: a publication without its DOI is what this repository must not leave behind.
        raise Retry(min(SECOND * 2 ** min(tries, 12), 10 * MINUTE))


def refusal(answer: Response) -> str:
    """Why the DOI registry said no, in a sentence its owner can act on (DataCite: errors with a title)."""
    try:
        errors: Any = answer.json()["errors"]
        titles = [str(one["title"]) for one in (errors if isinstance(errors, list) else [errors])]
    except (ValueError, KeyError, TypeError):
        titles = []
    return f"The DOI registry answered {answer.status}: {'; '.join(titles)[:500] or 'no reason given'}."


def _present(tx: Connection, settings: Settings, name: str) -> tuple[int, dict[str, Any] | None]:
    """The revision that is wanted and the attributes to send; None when the registry has them already."""
    state = tx.execute(select(doi).where(doi.c.doi == name)).first()
    if state is None or state.sent == state.wanted:
        return 0, None
    row = tx.execute(select(article).where(article.c.id == state.article_id)).one()
    if row.unpublished is not None:
        return int(state.wanted), {"doi": name, "event": "hide"}
    number = state.number or row.version
    which = select(version).where(version.c.article_id == row.id, version.c.number == number)
    shown = tx.execute(which).one()
    item = Item(
        id=row.id,
        account_id=row.account_id,
        body=msgspec.convert(shown.body, Body),
        number=number,
        doi=name,
        public=True,
        created=row.created,
        modified=shown.modified,
        posted=row.posted,
        published=shown.published,
    )
    path = landing_path(item) + (f"/{number}" if state.number else "")
    values = datacite.attributes(
        item,
        url=settings.base + path,
        publisher=settings.name,
        orcid_base=settings.id_base.rstrip("/"),
        identical_to=row.doi if state.number else None,
    )
    return int(state.wanted), values


def _put(service: Minter, name: str, values: dict[str, Any]) -> Response:
    settings = service.settings
    basic = base64.b64encode(f"{settings.doi_user}:{settings.doi_password}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/vnd.api+json"}
    return service.http.put(
        f"{settings.doi_url.rstrip('/')}/dois/{name}",
        headers=headers,
        content=msgspec.json.encode(datacite.document(values)),
        trusted=True,
    )


def _settle(tx: Connection, now: int, name: str, wanted: int, trouble: str | None) -> int:
    """Note how the call went; returns how often it has failed in a row. A change that came meanwhile has
    enqueued the job anew."""
    change = sa.update(doi).where(doi.c.doi == name)
    if trouble:
        failed = change.values(tried=now, trouble=trouble, tries=doi.c.tries + 1).returning(doi.c.tries)
        return int(tx.execute(failed).scalar_one())
    registered = sa.func.coalesce(doi.c.registered, now)
    tx.execute(change.values(tried=now, trouble=None, tries=0, sent=wanted, registered=registered))
    return 0
