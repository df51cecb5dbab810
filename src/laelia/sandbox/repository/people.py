"""Accounts (one per iD that signed in), their API tokens, and the authors that items name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, func, select

from laelia.lib.secret import digest, new_secret
from laelia.sandbox.repository.draft import Author
from laelia.sandbox.repository.intake import AuthorGiven, checked_orcid
from laelia.sandbox.repository.problems import BadRequest, Invalid
from laelia.sandbox.repository.tables import account, author, token


def signed_in(tx: Connection, now: int, orcid: str, name: str, scope: str) -> int:
    """The account of this iD, made on the first visit. The name is the one the registry shows publicly; an
    empty one (she hides it) leaves what was known."""
    row = tx.execute(select(account).where(account.c.orcid == orcid)).first()
    if row is None:
        made = sa.insert(account).values(orcid=orcid, name=name or orcid, scope=scope, created=now, seen=now)
        account_id = int(tx.execute(made.returning(account.c.id)).scalar_one())
        tx.execute(sa.insert(author).values(account_id=account_id, orcid=orcid, **names(name or orcid)))
        return account_id
    known = name or str(row.name)
    change = sa.update(account).where(account.c.id == row.id)
    tx.execute(change.values(name=known, scope=scope, seen=now, disconnected=None))
    if name:
        tx.execute(sa.update(author).where(author.c.account_id == row.id).values(**names(name)))
    return int(row.id)


def names(full_name: str) -> dict[str, str]:
    """Full, first and last name of a name written in either order; the last word is the family name."""
    if "," in full_name:
        last, _, first = (part.strip() for part in full_name.partition(","))
        return {"full_name": f"{first} {last}".strip(), "first_name": first, "last_name": last}
    first, _, last = full_name.strip().rpartition(" ")
    return {"full_name": full_name.strip(), "first_name": first, "last_name": last}


def keep_grant(tx: Connection, account_id: int, sealed: str | None) -> None:
    tx.execute(sa.update(account).where(account.c.id == account_id).values(grant_sealed=sealed))


def disconnected(tx: Connection, now: int, account_id: int) -> None:
    """The connection is taken back: the grant is forgotten here, items and DOIs stay as published."""
    change = sa.update(account).where(account.c.id == account_id)
    tx.execute(change.values(grant_sealed=None, scope="", disconnected=now))
    tx.execute(sa.delete(token).where(token.c.account_id == account_id))


def by_orcid(tx: Connection, orcid: str) -> Row[Any] | None:
    return tx.execute(select(account).where(account.c.orcid == orcid)).first()


def own_author(tx: Connection, account_id: int) -> int:
    return int(tx.execute(select(author.c.id).where(author.c.account_id == account_id)).scalar_one())


def authors(tx: Connection, ids: list[int]) -> list[Author]:
    """The authors with these ids, in the order asked for."""
    rows = tx.execute(select(author).where(author.c.id.in_(ids)))
    known = {row.id: row for row in rows}
    return [_author(known[one]) for one in ids if one in known]


def resolve(tx: Connection, given: list[AuthorGiven]) -> list[int]:
    """Author ids for what was given: an id that exists, or a new author made from names.

    A typed iD is taken over as Figshare does; whoever signed in here with that iD is that author.
    """
    found = []
    for one in given:
        if one.id is not None:
            if not authors(tx, [one.id]):
                raise BadRequest(f"There is no author {one.id}.")
            found.append(one.id)
            continue
        orcid = checked_orcid(one.orcid_id)
        proven = select(author.c.id).where(author.c.orcid == orcid, author.c.account_id.is_not(None))
        if orcid and (row := tx.execute(proven).first()) is not None:
            found.append(int(row.id))
            continue
        found.append(_written_down(tx, one, orcid))
    return list(dict.fromkeys(found))


def name_if_unknown(tx: Connection, author_id: int, full_name: str) -> None:
    """Name an author whose name the registry does not show publicly, by what was written beside the iD."""
    if full_name:
        unknown = (author.c.id == author_id) & (author.c.full_name == author.c.orcid)
        tx.execute(sa.update(author).where(unknown).values(**names(full_name)))


def search_authors(tx: Connection, orcid: str | None, words: str | None) -> list[Author]:
    wanted = select(author).order_by(author.c.id).limit(100)
    if orcid:
        wanted = wanted.where(author.c.orcid == orcid)
    if words:
        wanted = wanted.where(func.lower(author.c.full_name).contains(words.lower(), autoescape=True))
    return [_author(row) for row in tx.execute(wanted)]


def add_token(tx: Connection, now: int, account_id: int, name: str) -> str:
    """A personal token; the text is shown once, only its hash is kept."""
    text = new_secret(30)
    values = {"account_id": account_id, "hash": digest(text), "name": name, "created": now}
    tx.execute(sa.insert(token).values(values))
    return text


def tokens(tx: Connection, account_id: int) -> list[Row[Any]]:
    return list(tx.execute(select(token).where(token.c.account_id == account_id).order_by(token.c.id)))


def drop_token(tx: Connection, account_id: int, token_id: int) -> None:
    tx.execute(sa.delete(token).where(token.c.account_id == account_id, token.c.id == token_id))


def judge(tx: Connection, text: str) -> Row[Any] | None:
    """The account a token speaks for, with the token's id as `token_id`."""
    wanted = select(account, token.c.id.label("token_id"), token.c.created.label("token_created"))
    return tx.execute(wanted.join(token).where(token.c.hash == digest(text))).first()


def _written_down(tx: Connection, given: AuthorGiven, orcid: str) -> int:
    whole = given.name.strip() or f"{given.first_name} {given.last_name}".strip()
    if not whole:
        raise Invalid({"authors": "An author needs an id or a name."})
    values = names(whole)
    if given.first_name and given.last_name:
        values |= {"first_name": given.first_name.strip(), "last_name": given.last_name.strip()}
    made = sa.insert(author).values(**values, orcid=orcid).returning(author.c.id)
    return int(tx.execute(made).scalar_one())


def _author(row: Row[Any]) -> Author:
    return Author(
        row.id,
        row.full_name,
        row.first_name,
        row.last_name,
        row.orcid,
        has_account=row.account_id is not None,
    )
