"""Files of items: begun, uploaded in parts, completed, read and taken away.

Bytes are kept in the database as the parts they came in: a stand-in holds small files, and one place to back
up is worth more than speed.
"""

import hashlib
import mimetypes
from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row, select

from laelia.lib.secret import new_token
from laelia.sandbox.repository.draft import Body, File
from laelia.sandbox.repository.problems import BadRequest, Conflict, Invalid, NotFound, TooLarge
from laelia.sandbox.repository.tables import file, part, version


def of_draft(tx: Connection, article_id: int) -> list[File]:
    wanted = select(file).where(file.c.article_id == article_id, file.c.removed.is_(None)).order_by(file.c.id)
    return [_file(row) for row in tx.execute(wanted)]


def begin(
    tx: Connection, now: int, article_id: int, name: str, size: int, md5: str, *, limit: int, part_bytes: int
) -> int:
    """Announce an upload; its parts are then sent to the upload service one by one."""
    if not name.strip():
        raise Invalid({"name": "A file needs a name."})
    if size <= 0:
        raise Invalid({"size": "Give the size in bytes, more than 0."})
    if size > limit:
        raise TooLarge(f"The file has {size} bytes; this repository takes {limit} at most.")
    file_id = _insert(tx, now, article_id, name, size, supplied_md5=md5, status="created", token=new_token())
    for number, start in enumerate(range(0, size, part_bytes), 1):
        stop = min(start + part_bytes, size) - 1
        tx.execute(sa.insert(part).values(file_id=file_id, number=number, start=start, stop=stop))
    return file_id


def link(tx: Connection, now: int, article_id: int, url: str) -> int:
    if not url.startswith(("http://", "https://")):
        raise Invalid({"link": "A linked file needs an address that starts with http:// or https://."})
    name = url.rstrip("/").rpartition("/")[2] or url
    return _insert(tx, now, article_id, name, 0, link=url, status="available")


def add(tx: Connection, now: int, article_id: int, name: str, content: bytes, *, limit: int) -> int:
    """A whole file at once, as a page's form sends it."""
    if len(content) > limit:
        raise TooLarge(f"The file has {len(content)} bytes; this repository takes {limit} at most.")
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    file_id = _insert(tx, now, article_id, name, len(content), computed_md5=md5, status="available")
    values = {"file_id": file_id, "number": 1, "start": 0, "stop": len(content) - 1, "content": content}
    tx.execute(sa.insert(part).values(values))
    return file_id


def one(tx: Connection, article_id: int, file_id: int) -> Row[Any]:
    """A file of the draft."""
    wanted = select(file).where(
        file.c.id == file_id, file.c.article_id == article_id, file.c.removed.is_(None)
    )
    row = tx.execute(wanted).first()
    if row is None:
        raise NotFound(f"Item {article_id} has no file {file_id}.")
    return row


def complete(tx: Connection, article_id: int, file_id: int) -> None:
    """Say that every part was sent; checks that it is so, and the checksum that was announced."""
    row = one(tx, article_id, file_id)
    if row.status == "available":
        return
    pieces = list(tx.execute(select(part).where(part.c.file_id == file_id).order_by(part.c.number)))
    if waiting := [piece.number for piece in pieces if piece.content is None]:
        raise BadRequest(f"Part {waiting[0]} of {len(pieces)} has not been uploaded.")
    md5 = hashlib.md5(usedforsecurity=False)
    for piece in pieces:
        md5.update(piece.content)
    if row.supplied_md5 and row.supplied_md5.lower() != md5.hexdigest():
        raise BadRequest(f"The checksum is {md5.hexdigest()}, not {row.supplied_md5} as announced.")
    done = sa.update(file).where(file.c.id == file_id)
    tx.execute(done.values(status="available", computed_md5=md5.hexdigest(), upload_token=None))


def upload(tx: Connection, token: str) -> Row[Any]:
    row = tx.execute(select(file).where(file.c.upload_token == token)).first()
    if row is None:
        raise NotFound("There is no such upload, or it is complete.")
    return row


def parts(tx: Connection, file_id: int) -> list[dict[str, Any]]:
    """The parts as the upload service lists them."""
    done = part.c.content.is_not(None).label("done")
    wanted = select(part.c.number, part.c.start, part.c.stop, done).where(part.c.file_id == file_id)
    return [
        {
            "partNo": row.number,
            "startOffset": row.start,
            "endOffset": row.stop,
            "status": "COMPLETE" if row.done else "PENDING",
            "locked": False,
        }
        for row in tx.execute(wanted.order_by(part.c.number))
    ]


def put_part(tx: Connection, file_id: int, number: int, content: bytes | None) -> None:
    """Store one part, or with None take it back. Sending a part twice is harmless."""
    at = (part.c.file_id == file_id) & (part.c.number == number)
    row = tx.execute(select(part.c.start, part.c.stop).where(at)).first()
    if row is None:
        raise NotFound(f"The upload has no part {number}.")
    expected = row.stop - row.start + 1
    if content is not None and len(content) != expected:
        raise Conflict(f"Part {number} must have {expected} bytes; {len(content)} came.")
    tx.execute(sa.update(part).where(at).values(content=content))


def remove(tx: Connection, now: int, article_id: int, file_id: int) -> None:
    """Out of the draft. The bytes go too, unless a public version names the file."""
    row = one(tx, article_id, file_id)
    if is_public(tx, row):
        tx.execute(sa.update(file).where(file.c.id == file_id).values(removed=now))
    else:
        tx.execute(sa.delete(file).where(file.c.id == file_id))


def delete_all(tx: Connection, article_id: int) -> None:
    tx.execute(sa.delete(file).where(file.c.article_id == article_id))


def find(tx: Connection, file_id: int) -> Row[Any]:
    row = tx.execute(select(file).where(file.c.id == file_id)).first()
    if row is None:
        raise NotFound(f"There is no file {file_id}.")
    return row


def is_public(tx: Connection, row: Row[Any]) -> bool:
    """Whether any public version names the file."""
    bodies = tx.execute(select(version.c.body).where(version.c.article_id == row.article_id)).scalars()
    return any(each.id == row.id for body in bodies for each in msgspec.convert(body, Body).files)


def content(tx: Connection, file_id: int) -> Iterator[bytes]:
    wanted = select(part.c.content).where(part.c.file_id == file_id).order_by(part.c.number)
    for piece in tx.execute(wanted).scalars():
        if piece is not None:
            yield bytes(piece)


def _insert(tx: Connection, now: int, article_id: int, name: str, size: int, **more: Any) -> int:
    if "token" in more:
        more["upload_token"] = more.pop("token")
    values = {"article_id": article_id, "name": name.strip()[:500], "size": size, "created": now, **more}
    values["mimetype"] = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return int(tx.execute(sa.insert(file).values(values).returning(file.c.id)).scalar_one())


def _file(row: Row[Any]) -> File:
    return File(
        row.id, row.name, row.size, row.mimetype, row.supplied_md5, row.computed_md5, row.link, row.status
    )
