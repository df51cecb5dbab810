"""Items in the database: drafts, what is public of them, and publication."""

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row, select

from laelia.sandbox.repository import files, minting, people
from laelia.sandbox.repository.draft import Body, Draft, lacking, makes_version
from laelia.sandbox.repository.figshare import Item
from laelia.sandbox.repository.problems import BadRequest, Invalid, NotAllowed, NotFound
from laelia.sandbox.repository.search import index
from laelia.sandbox.repository.settings import Settings
from laelia.sandbox.repository.tables import article, doi, version


def create(tx: Connection, now: int, account_id: int, draft: Draft) -> int:
    """A new draft; without authors it is its owner's, as at Figshare."""
    if not draft.authors:
        draft = msgspec.structs.replace(draft, authors=[people.own_author(tx, account_id)])
    values = {"account_id": account_id, "draft": msgspec.to_builtins(draft), "created": now, "modified": now}
    return int(tx.execute(sa.insert(article).values(values).returning(article.c.id)).scalar_one())


def locked(tx: Connection, account_id: int, article_id: int) -> Row[Any]:
    """The owner's row, held until the transaction ends: every change of an item starts here."""
    wanted = select(article).where(article.c.id == article_id, article.c.account_id == account_id)
    row = tx.execute(wanted.with_for_update()).first()
    if row is None:
        raise NotFound(f"There is no item {article_id} among yours.")
    return row


def draft_of(row: Row[Any]) -> Draft:
    return msgspec.convert(row.draft, Draft)


def change(tx: Connection, now: int, row: Row[Any], draft: Draft) -> None:
    statement = sa.update(article).where(article.c.id == row.id)
    tx.execute(statement.values(draft=msgspec.to_builtins(draft), modified=now))


def touched(tx: Connection, now: int, article_id: int) -> None:
    tx.execute(sa.update(article).where(article.c.id == article_id).values(modified=now))


def delete(tx: Connection, account_id: int, article_id: int) -> None:
    """Drafts only: what was public has a DOI and stays."""
    row = locked(tx, account_id, article_id)
    if row.version:
        raise NotAllowed(f"Item {article_id} is public; published items can't be deleted.")
    files.delete_all(tx, article_id)
    tx.execute(sa.delete(article).where(article.c.id == article_id))


def own(tx: Connection, account_id: int, article_id: int) -> Item:
    """The owner's view: the draft as it stands."""
    wanted = select(article).where(article.c.id == article_id, article.c.account_id == account_id)
    row = tx.execute(wanted).first()
    if row is None:
        raise NotFound(f"There is no item {article_id} among yours.")
    return _own(tx, row)


def own_list(tx: Connection, account_id: int, offset: int, limit: int) -> list[Item]:
    wanted = select(article).where(article.c.account_id == account_id)
    wanted = wanted.order_by(article.c.created.desc(), article.c.id.desc()).offset(offset).limit(limit)
    return [_own(tx, row) for row in tx.execute(wanted)]


def ids_of(tx: Connection, account_id: int) -> set[int]:
    return set(tx.execute(select(article.c.id).where(article.c.account_id == account_id)).scalars())


def public(tx: Connection, article_id: int, number: int | None = None) -> Item:
    """One public version, by default the newest."""
    found = public_list(
        tx,
        _public().where(article.c.id == article_id, version.c.number == (number or article.c.version)),
    )
    if not found:
        raise NotFound(
            f"There is no public item {article_id}" + (f" with version {number}." if number else ".")
        )
    return found[0]


def newest() -> sa.Select[Any]:
    """A query over the newest public version of every item, to be narrowed and ordered."""
    return _public().where(version.c.number == article.c.version)


def public_list(tx: Connection, wanted: sa.Select[Any]) -> list[Item]:
    return [
        Item(
            id=row.id,
            account_id=row.account_id,
            body=msgspec.convert(row.body, Body),
            number=row.number,
            doi=row.shown_doi,
            public=True,
            created=row.created,
            modified=row.changed,
            posted=row.posted,
            published=row.out,
        )
        for row in tx.execute(wanted)
    ]


def versions(tx: Connection, article_id: int) -> list[int]:
    wanted = select(version.c.number).where(version.c.article_id == article_id).order_by(version.c.number)
    return list(tx.execute(wanted).scalars())


def published_body(tx: Connection, article_id: int, number: int) -> Body | None:
    """What a version shows the public, None before the first publication."""
    wanted = select(version.c.body).where(version.c.article_id == article_id, version.c.number == number)
    found = tx.execute(wanted).scalar_one_or_none()
    return None if found is None else msgspec.convert(found, Body)


def body_of(tx: Connection, row: Row[Any]) -> Body:
    draft = draft_of(row)
    return Body(draft, people.authors(tx, draft.authors), files.of_draft(tx, row.id))


def reserve(tx: Connection, settings: Settings, row: Row[Any]) -> str:
    """The DOI the item will have; it is only told to the DOI registry at publication."""
    if row.doi:
        return str(row.doi)
    name = f"{settings.doi_prefix}/{settings.doi_namespace}{row.id}".lower()
    tx.execute(sa.update(article).where(article.c.id == row.id).values(doi=name))
    return name


def publish(tx: Connection, now: int, settings: Settings, account_id: int, article_id: int) -> int:
    """Make the draft public; returns the version. The DOI is minted by a job, so that an unreachable DOI
    registry delays the DOI and never the publication."""
    row = locked(tx, account_id, article_id)
    body, old = body_of(tx, row), published_body(tx, row.id, row.version)
    if missing := lacking(body):
        raise Invalid(missing)
    if old == body and row.unpublished is None:
        return int(row.version)
    base = reserve(tx, settings, row)
    number = int(row.version)
    if old is None or makes_version(old, body):
        number += 1
        shown = f"{base}.v{number}" if settings.version_dois else base
        values = {"article_id": row.id, "number": number, "doi": shown, "published": now, "modified": now}
        tx.execute(sa.insert(version).values(values | {"body": msgspec.to_builtins(body)}))
    else:
        same = sa.update(version).where(version.c.article_id == row.id, version.c.number == number)
        tx.execute(same.values(body=msgspec.to_builtins(body), modified=now))
    _now_public(tx, now, row, number)
    index(tx, article_id, body, base)
    minting.want(tx, now, article_id, base, 0)
    if settings.version_dois:
        minting.want(tx, now, article_id, f"{base}.v{number}", number)
    if row.unpublished is not None:
        _tell(tx, now, article_id)
    return number


def unpublish(tx: Connection, now: int, account_id: int, article_id: int) -> None:
    """Take a public item from the public: lists and links no longer know it, its DOIs are hidden."""
    row = locked(tx, account_id, article_id)
    if not row.version or row.unpublished is not None:
        raise BadRequest(f"Item {article_id} is not public.")
    tx.execute(sa.update(article).where(article.c.id == row.id).values(unpublished=now, modified=now))
    _tell(tx, now, article_id)


def _tell(tx: Connection, now: int, article_id: int) -> None:
    for one in dois(tx, article_id):
        minting.want(tx, now, article_id, one.doi, one.number)


def dois(tx: Connection, article_id: int) -> list[Row[Any]]:
    """How it stands with the item's DOIs: the base DOI first."""
    return list(tx.execute(select(doi).where(doi.c.article_id == article_id).order_by(doi.c.number)))


def _now_public(tx: Connection, now: int, row: Row[Any], number: int) -> None:
    values: dict[str, Any] = {"version": number, "modified": now, "posted": row.posted or now}
    values["unpublished"] = None
    if number != row.version:
        values["published"] = now
    tx.execute(sa.update(article).where(article.c.id == row.id).values(values))


def _public() -> sa.Select[Any]:
    return select(
        article.c.id,
        article.c.account_id,
        article.c.created,
        article.c.posted,
        version.c.number,
        version.c.body,
        version.c.doi.label("shown_doi"),
        version.c.modified.label("changed"),
        version.c.published.label("out"),
    ).join(version, (version.c.article_id == article.c.id) & article.c.unpublished.is_(None))


def _own(tx: Connection, row: Row[Any]) -> Item:
    shown = select(version.c.doi).where(version.c.article_id == row.id, version.c.number == row.version)
    return Item(
        id=row.id,
        account_id=row.account_id,
        body=body_of(tx, row),
        number=row.version,
        doi=tx.execute(shown).scalar_one_or_none() or row.doi,
        public=False,
        created=row.created,
        modified=row.modified,
        posted=row.posted,
        published=row.published,
        hidden=row.unpublished is not None,
    )
