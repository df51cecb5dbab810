"""The API of an account: its items, from the first draft to publication."""

from typing import Any

import msgspec

from laelia.lib.web.core import OPEN, Call, Reply, Route, json_reply
from laelia.sandbox.repository import articles, draft, figshare, intake, people
from laelia.sandbox.repository.access import ACCOUNT
from laelia.sandbox.repository.api.asked import cursor, json_object, listing, page
from laelia.sandbox.repository.api.public import number, query
from laelia.sandbox.repository.problems import BadRequest, Invalid, NotFound, NoToken
from laelia.sandbox.repository.tables import article


def account(call: Call) -> Reply:
    """The account; Figshare tells no iD here, and neither do we."""
    name = people.names(call.who.name)
    return json_reply(
        {
            "id": call.who.account_id,
            "first_name": name["first_name"],
            "last_name": name["last_name"],
            "email": "",
            "active": 1,
            "institution_id": 0,
            "institution_user_id": "",
            "group_id": 0,
            "quota": 0,
            "used_quota": 0,
        }
    )


def list_own(call: Call) -> Reply:
    where = page(query(call))
    found = articles.own_list(call.tx, call.who.account_id, where.offset, where.limit)
    return json_reply([figshare.summary(item, _base(call)) for item in found])


def create(call: Call) -> Reply:
    body = call.body()
    given = intake.read(body, intake.Given)
    if given.title is msgspec.UNSET:
        raise Invalid({"title": "A title of 3 to 1000 characters is needed."})
    made = intake.apply(draft.Draft(given.title), given)
    made = _with_authors(call, made, given)
    article_id = articles.create(call.tx, call.now, call.who.account_id, made)
    location = _location(call, article_id)
    answer = {"entity_id": article_id, "location": location, "warnings": intake.warnings(body)}
    return _at(json_reply(answer, 201), location)


def get_own(call: Call) -> Reply:
    return json_reply(
        figshare.complete(articles.own(call.tx, call.who.account_id, number(call)), _base(call))
    )


def update(call: Call) -> Reply:
    row = articles.locked(call.tx, call.who.account_id, number(call))
    given = intake.read(call.body(), intake.Given)
    changed = _with_authors(call, intake.apply(articles.draft_of(row), given), given)
    articles.change(call.tx, call.now, row, changed)
    return _done(call, row.id)


def delete(call: Call) -> Reply:
    articles.delete(call.tx, call.who.account_id, number(call))
    return Reply(204)


def reserve_doi(call: Call) -> Reply:
    row = articles.locked(call.tx, call.who.account_id, number(call))
    return json_reply({"doi": articles.reserve(call.tx, call.service.settings, row)})


def publish(call: Call) -> Reply:
    article_id = number(call)
    articles.publish(call.tx, call.now, call.service.settings, call.who.account_id, article_id)
    location = f"{_base(call)}/v2/articles/{article_id}"
    return _at(json_reply({"location": location}, 201), location)


def unpublish(call: Call) -> Reply:
    """A reason is asked for, as Figshare does; nobody reads it here."""
    intake.read(call.body(), intake.UnpublishGiven)
    articles.unpublish(call.tx, call.now, call.who.account_id, number(call))
    return Reply(204)


def search_own(call: Call) -> Reply:
    """The account's items by the filters of the public search; here it finds what is public of them."""
    asked = json_object(call.body())
    where = page(asked, call.req.get_header("X-Cursor"))
    wanted, attribute = listing(asked, where, "created_date", call.service.settings.institution)
    found = articles.public_list(call.tx, wanted.where(article.c.account_id == call.who.account_id))
    reply = json_reply([figshare.summary(one, _base(call)) for one in found])
    if found:
        reply.headers["X-Cursor"] = cursor(found[-1], attribute)
    return reply


def list_authors(call: Call) -> Reply:
    item = articles.own(call.tx, call.who.account_id, number(call))
    return json_reply([figshare.author(one) for one in item.body.authors])


def set_authors(call: Call) -> Reply:
    """PUT replaces the authors, POST appends."""
    row = articles.locked(call.tx, call.who.account_id, number(call))
    now = articles.draft_of(row)
    ids = people.resolve(call.tx, intake.read(call.body(), intake.AuthorsGiven).authors)
    if call.req.method == "POST":
        ids = list(dict.fromkeys([*now.authors, *ids]))
    articles.change(call.tx, call.now, row, msgspec.structs.replace(now, authors=ids))
    return _done(call, row.id)


def drop_author(call: Call) -> Reply:
    row = articles.locked(call.tx, call.who.account_id, number(call))
    now, gone = articles.draft_of(row), number(call, "author")
    if gone not in now.authors:
        raise NotFound(f"Item {row.id} has no author {gone}.")
    left = [one for one in now.authors if one != gone]
    articles.change(call.tx, call.now, row, msgspec.structs.replace(now, authors=left))
    return Reply(204)


def list_categories(call: Call) -> Reply:
    item = articles.own(call.tx, call.who.account_id, number(call))
    return json_reply([figshare.category(one) for one in item.body.draft.categories])


def set_categories(call: Call) -> Reply:
    row = articles.locked(call.tx, call.who.account_id, number(call))
    now = articles.draft_of(row)
    given = intake.read(call.body(), intake.CategoriesGiven)
    chosen = intake.categories(given.categories, given.categories_by_source_id) or []
    if call.req.method == "POST":
        chosen = list(dict.fromkeys([*now.categories, *chosen]))
    articles.change(call.tx, call.now, row, msgspec.structs.replace(now, categories=chosen))
    return _done(call, row.id)


def search_authors(call: Call) -> Reply:
    asked = json_object(call.body())
    orcid = intake.checked_orcid(asked.get("orcid")) if asked.get("orcid") else None
    found = people.search_authors(call.tx, orcid, asked.get("search"))
    return json_reply([figshare.author(one) for one in found])


def token_information(call: Call) -> Reply:
    if call.who is None:
        raise NoToken("Send a token: Authorization: token …")
    created = figshare.moment(call.who.token_created)
    return json_reply({"token_type": "personal", "scope": ["all"], "created": created})


def no_grant(call: Call) -> Reply:
    """Figshare's token endpoint answers every failure with 400; here personal tokens are the only kind."""
    raise BadRequest("This repository grants no tokens here: make a personal token on its page /tokens.")


def _with_authors(call: Call, made: draft.Draft, given: intake.Given) -> draft.Draft:
    if isinstance(given.authors, msgspec.UnsetType):
        return made
    return msgspec.structs.replace(made, authors=people.resolve(call.tx, given.authors))


def _done(call: Call, article_id: int) -> Reply:
    """205 with the item's address: the caller should read it again."""
    return _at(Reply(205), _location(call, article_id))


def _at(reply: Reply, location: str) -> Reply:
    reply.headers["Location"] = location
    return reply


def _base(call: Call) -> str:
    return str(call.service.settings.base)


def _location(call: Call, article_id: int) -> str:
    return f"{_base(call)}/v2/account/articles/{article_id}"


OWN = "/v2/account/articles/{id}"


TABLE: list[tuple[str, str, Any]] = [
    ("GET", "/v2/account", account),
    ("GET", "/v2/account/articles", list_own),
    ("POST", "/v2/account/articles", create),
    ("GET", OWN, get_own),
    ("PUT", OWN, update),
    ("PATCH", OWN, update),
    ("DELETE", OWN, delete),
    ("POST", f"{OWN}/reserve_doi", reserve_doi),
    ("POST", f"{OWN}/publish", publish),
    ("POST", f"{OWN}/unpublish", unpublish),
    ("POST", "/v2/account/articles/search", search_own),
    ("GET", f"{OWN}/authors", list_authors),
    ("POST", f"{OWN}/authors", set_authors),
    ("PUT", f"{OWN}/authors", set_authors),
    ("DELETE", f"{OWN}/authors/{{author}}", drop_author),
    ("GET", f"{OWN}/categories", list_categories),
    ("POST", f"{OWN}/categories", set_categories),
    ("PUT", f"{OWN}/categories", set_categories),
    ("POST", "/v2/account/authors/search", search_authors),
]

routes = [
    *(Route(method, path, handle, ACCOUNT) for method, path, handle in TABLE),
    Route("GET", "/v2/token", token_information, OPEN),
    Route("POST", "/v2/token", no_grant, OPEN, tx="none"),
]
