"""Files through the API, the way Figshare does it: announce, send the parts, complete."""

import msgspec

from laelia.lib.web.core import OPEN, Call, Reply, Route, json_reply
from laelia.sandbox.repository import articles, figshare, files
from laelia.sandbox.repository.access import ACCOUNT
from laelia.sandbox.repository.api.public import number
from laelia.sandbox.repository.intake import read
from laelia.sandbox.repository.problems import Invalid


class FileGiven(msgspec.Struct):
    name: str = ""
    size: int = 0
    md5: str = ""
    link: str = ""


def list_files(call: Call) -> Reply:
    item = articles.own(call.tx, call.who.account_id, number(call))
    return json_reply(
        [figshare.file(one, call.service.settings.base, public=False) for one in item.body.files]
    )


def begin(call: Call) -> Reply:
    settings = call.service.settings
    row = articles.locked(call.tx, call.who.account_id, number(call))
    given = read(call.body(), FileGiven)
    if given.link:
        file_id = files.link(call.tx, call.now, row.id, given.link)
    elif given.name:
        limits = {"limit": settings.max_file_bytes, "part_bytes": settings.part_bytes}
        file_id = files.begin(call.tx, call.now, row.id, given.name, given.size, given.md5, **limits)
    else:
        raise Invalid({"name": "Give name, size and md5 of a file, or the link of one kept elsewhere."})
    articles.touched(call.tx, call.now, row.id)
    location = f"{settings.base}/v2/account/articles/{row.id}/files/{file_id}"
    reply = json_reply({"location": location}, 201)
    reply.headers["Location"] = location
    return reply


def get_file(call: Call) -> Reply:
    """One file; while it is being uploaded with the address of the upload service."""
    base = call.service.settings.base
    item = articles.own(call.tx, call.who.account_id, number(call))
    row = files.one(call.tx, item.id, number(call, "file"))
    shown = next(figshare.file(one, base, public=False) for one in item.body.files if one.id == row.id)
    if row.upload_token:
        shown |= {"upload_url": f"{base}/upload/{row.upload_token}", "upload_token": row.upload_token}
    return json_reply(shown)


def complete(call: Call) -> Reply:
    row = articles.locked(call.tx, call.who.account_id, number(call))
    files.complete(call.tx, row.id, number(call, "file"))
    articles.touched(call.tx, call.now, row.id)
    return Reply(202)


def remove(call: Call) -> Reply:
    row = articles.locked(call.tx, call.who.account_id, number(call))
    files.remove(call.tx, call.now, row.id, number(call, "file"))
    articles.touched(call.tx, call.now, row.id)
    return Reply(204)


def upload_state(call: Call) -> Reply:
    """The token in the address is the permission, as at Figshare's upload service."""
    row = files.upload(call.tx, call.params["token"])
    parts = files.parts(call.tx, row.id)
    return json_reply(
        {
            "token": row.upload_token,
            "name": row.name,
            "size": row.size,
            "md5": row.supplied_md5,
            "status": "PENDING" if any(one["status"] == "PENDING" for one in parts) else "COMPLETED",
            "parts": parts,
        }
    )


def get_part(call: Call) -> Reply:
    row = files.upload(call.tx, call.params["token"])
    wanted = number(call, "part")
    found = [one for one in files.parts(call.tx, row.id) if one["partNo"] == wanted]
    return json_reply(found[0]) if found else json_reply({"message": "No such part."}, 404)


def put_part(call: Call) -> Reply:
    row = files.upload(call.tx, call.params["token"])
    files.put_part(call.tx, row.id, number(call, "part"), call.body())
    return Reply(200)


def drop_part(call: Call) -> Reply:
    row = files.upload(call.tx, call.params["token"])
    files.put_part(call.tx, row.id, number(call, "part"), None)
    return Reply(204)


FILES = "/v2/account/articles/{id}/files"

routes = [
    Route("GET", FILES, list_files, ACCOUNT),
    Route("POST", FILES, begin, ACCOUNT),
    Route("GET", f"{FILES}/{{file}}", get_file, ACCOUNT),
    Route("POST", f"{FILES}/{{file}}", complete, ACCOUNT),
    Route("DELETE", f"{FILES}/{{file}}", remove, ACCOUNT),
    Route("GET", "/upload/{token}", upload_state, OPEN),
    Route("GET", "/upload/{token}/{part}", get_part, OPEN),
    Route("PUT", "/upload/{token}/{part}", put_part, OPEN),
    Route("DELETE", "/upload/{token}/{part}", drop_part, OPEN),
]
