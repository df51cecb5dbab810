"""The API that anybody may read: public items, their versions and files, and the lists behind them."""

from typing import Any

from laelia.lib.web.core import OPEN, Call, Reply, Route, json_reply
from laelia.sandbox.repository import articles, figshare, files
from laelia.sandbox.repository.api.asked import cursor, json_object, listing, page
from laelia.sandbox.repository.kinds import CATEGORIES, ITEM_TYPES, LICENCES
from laelia.sandbox.repository.problems import NotFound


def number(call: Call, name: str = "id") -> int:
    """A number in the path; anything else is an item that does not exist."""
    text = call.params[name]
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise NotFound(f"There is nothing with the id {text!r}.")
    return int(text)


def query(call: Call) -> dict[str, Any]:
    """The query string; of a parameter given twice the last counts."""
    found: dict[str, Any] = dict(call.req.params)
    return {name: value[-1] if isinstance(value, list) else value for name, value in found.items()}


def list_articles(call: Call) -> Reply:
    return _listed(call, query(call), "published_date")


def search_articles(call: Call) -> Reply:
    return _listed(call, json_object(call.body()), "created_date")


def get_article(call: Call) -> Reply:
    return json_reply(figshare.complete(articles.public(call.tx, number(call)), call.service.settings.base))


def list_versions(call: Call) -> Reply:
    item = articles.public(call.tx, number(call))
    base = f"{call.service.settings.base}/v2/articles/{item.id}/versions"
    return json_reply(
        [{"version": one, "url": f"{base}/{one}"} for one in articles.versions(call.tx, item.id)]
    )


def get_version(call: Call) -> Reply:
    item = articles.public(call.tx, number(call), number(call, "version"))
    return json_reply(figshare.complete(item, call.service.settings.base))


def list_files(call: Call) -> Reply:
    return json_reply(_files(call))


def get_file(call: Call) -> Reply:
    wanted = number(call, "file")
    for one in _files(call):
        if one["id"] == wanted:
            return json_reply(one)
    raise NotFound(f"Item {call.params['id']} has no file {wanted}.")


def download(call: Call) -> Reply:
    """The bytes of a public file, or of one's own with a token."""
    row = files.find(call.tx, number(call))
    owner = call.who is not None and row.article_id in articles.ids_of(call.tx, call.who.account_id)
    if not owner and not files.is_public(call.tx, row):
        raise NotFound(f"There is no public file {row.id}.")
    return file_reply(call, row)


def file_reply(call: Call, row: Any) -> Reply:
    """A file is always sent as an attachment: what strangers uploaded must not run on our origin."""
    if row.link:
        return Reply(302, b"", {"Location": row.link})
    name = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in row.name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Reply(200, b"".join(files.content(call.tx, row.id)), headers, "application/octet-stream")


def categories(call: Call) -> Reply:
    return json_reply([figshare.category(one.id) for one in CATEGORIES])


def licences(call: Call) -> Reply:
    return json_reply([figshare.licence(one.value) for one in LICENCES])


def item_types(call: Call) -> Reply:
    return json_reply(
        [
            {
                "id": one.id,
                "name": one.title,
                "string_id": one.slug,
                "icon": one.slug,
                "public_description": "",
                "is_selectable": True,
                "url_name": one.slug,
            }
            for one in ITEM_TYPES
        ]
    )


def _listed(call: Call, asked: dict[str, Any], default_order: str) -> Reply:
    where = page(asked, call.req.get_header("X-Cursor"))
    wanted, attribute = listing(asked, where, default_order, call.service.settings.institution)
    found = articles.public_list(call.tx, wanted)
    reply = json_reply([figshare.summary(one, call.service.settings.base) for one in found])
    if found:
        reply.headers["X-Cursor"] = cursor(found[-1], attribute)
    return reply


def _files(call: Call) -> list[dict[str, Any]]:
    item = articles.public(call.tx, number(call))
    return [figshare.file(one, call.service.settings.base, public=True) for one in item.body.files]


routes = [
    Route("GET", "/v2/articles", list_articles, OPEN),
    Route("POST", "/v2/articles/search", search_articles, OPEN, tx="read"),
    Route("GET", "/v2/articles/{id}", get_article, OPEN),
    Route("GET", "/v2/articles/{id}/versions", list_versions, OPEN),
    Route("GET", "/v2/articles/{id}/versions/{version}", get_version, OPEN),
    Route("GET", "/v2/articles/{id}/files", list_files, OPEN),
    Route("GET", "/v2/articles/{id}/files/{file}", get_file, OPEN),
    Route("GET", "/v2/file/download/{id}", download, OPEN),
    Route("GET", "/ndownloader/files/{id}", download, OPEN),
    Route("GET", "/v2/categories", categories, OPEN),
    Route("GET", "/v2/licenses", licences, OPEN),
    Route("GET", "/v2/item_types", item_types, OPEN),
]
