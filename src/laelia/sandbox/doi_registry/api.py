"""The REST API: /dois and the thin lists beside it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from sqlalchemy import Row

from laelia.lib.web.core import OPEN, Call, Reply, Route
from laelia.sandbox.doi_registry import deposit, documents, listing, store
from laelia.sandbox.doi_registry.accounts import Account
from laelia.sandbox.doi_registry.documents import View
from laelia.sandbox.doi_registry.edge import ACCOUNT, JSON, XML, reply, wanted
from laelia.sandbox.doi_registry.metadata import suffix, values
from laelia.sandbox.doi_registry.problems import NO_PAYLOAD, NOT_FOUND, fault_list, problem
from laelia.sandbox.doi_registry.query.dates import iso
from laelia.sandbox.doi_registry.tables import client, prefix


def heartbeat(call: Call) -> Reply:
    call.tx.execute(sa.text("select 1"))
    return Reply(200, b"OK", {}, "text/plain; charset=utf-8")


def list_dois(call: Call) -> Reply:
    given = _parameters(call)
    found = listing.page(call.tx, call.now, call.who, given)
    view = _view(given, detail=given.get("detail") == "true")
    links = {"self": _address(call, given)}
    if found.next is not None:
        links["next"] = _address(call, given | found.next)
    return reply(
        {
            "data": [documents.document(row, view) for row in found.rows],
            "meta": {"total": found.total, "totalPages": found.pages, "page": found.number},
            "links": links,
        }
    )


def get_doi(call: Call) -> Reply:
    return show(call, _visible(call, call.params["doi"]), wanted(call.req))


def get_as(call: Call) -> Reply:
    """GET /dois/{type}/{doi} and /{type}/{doi}: the type in the address instead of the Accept header."""
    kinds = {XML: "xml", "application/x-datacite+xml": "xml", JSON: "json"}
    kind = kinds.get(f"application/{call.params['kind']}")
    if kind is None:
        raise problem(406, "The content type is not recognized.")
    return show(call, _visible(call, call.params["doi"]), kind)


def show(call: Call, row: "Row[Any]", kind: str) -> Reply:
    """A DOI in one of its forms: xml, json (metadata alone) or jsonapi."""
    if kind == "xml":
        return Reply(200, documents.metadata_xml(row), {}, f"{XML}; charset=utf-8")
    if kind == "json":
        answer = reply(documents.datacite_json(row))
        answer.content_type = f"{JSON}; charset=utf-8"
        return answer
    return reply(_single(call, row))


def post_doi(call: Call) -> Reply:
    given = _attributes(call)
    with call.service.db.writing() as tx:
        row = deposit.create(tx, call.now, call.who, given)
    return reply(_single(call, row), 201, {"Location": _location(call, row.doi)})


def put_doi(call: Call) -> Reply:
    given = _attributes(call)
    with call.service.db.writing() as tx:
        row, created = deposit.put(tx, call.now, call.who, call.params["doi"], given)
    where = {"Location": _location(call, row.doi)} if created else {}
    return reply(_single(call, row), 201 if created else 200, where)


def delete_doi(call: Call) -> Reply:
    with call.service.db.writing() as tx:
        deposit.delete(tx, call.now, call.who, call.params["doi"])
    return Reply(204, b"", {})


def validate(call: Call) -> Reply:
    name, faults = deposit.validate(_attributes(call))
    return reply({"errors": fault_list(name, faults)} if faults else {"data": {"id": name, "type": "dois"}})


def random_suffixes(call: Call) -> Reply:
    """GET /dois/random: DOIs nobody has yet, not reserved."""
    given = _parameters(call)
    if not given.get("prefix"):
        raise problem(422, "Parameter prefix is required")
    number = int(given["number"]) if given.get("number", "").isdecimal() else None
    count = min(int(given["size"]), 100) if given.get("size", "").isdecimal() else 1
    made = [f"{given['prefix']}/{suffix.suffix(number)}" for _ in range(count)]
    return reply({"dois": made if number is None else made[:1]})


def list_prefixes(call: Call) -> Reply:
    rows = list(call.tx.execute(sa.select(prefix).order_by(prefix.c.prefix)))
    data = [_prefix(row) for row in rows]
    return reply({"data": data, "meta": {"total": len(data), "totalPages": 1, "page": 1}})


def get_prefix(call: Call) -> Reply:
    name = call.params["prefix"]
    row = call.tx.execute(sa.select(prefix).where(prefix.c.prefix == name)).one_or_none()
    if row is None:
        raise problem(404, NOT_FOUND)
    return reply({"data": _prefix(row)})


def get_client(call: Call) -> Reply:
    name = call.params["id"].lower()
    row = call.tx.execute(sa.select(client).where(client.c.id == name)).one_or_none()
    if row is None:
        raise problem(404, NOT_FOUND)
    owned = call.tx.execute(sa.select(prefix.c.prefix).where(prefix.c.client_id == name)).scalars()
    attributes = {
        "name": row.name,
        "symbol": row.id.upper(),
        "clientType": "repository",
        "isActive": row.active,
        "hasPassword": row.password_hash is not None,
        "created": iso(row.created),
        "updated": iso(row.updated),
    }
    relationships = {
        "provider": {"data": {"id": row.provider_id, "type": "providers"}},
        "prefixes": {"data": [{"id": name, "type": "prefixes"} for name in sorted(owned)]},
    }
    kind = "repositories" if call.req.path.startswith("/repositories") else "clients"
    data = {"id": row.id, "type": kind, "attributes": attributes, "relationships": relationships}
    return reply({"data": data})


def find_visible(call: Call, name: str) -> "Row[Any] | None":
    """The row of a DOI if whoever asks may see it."""
    row = store.find(call.tx, name)
    who: Account | None = call.who
    return row if row is not None and deposit.may_see(who, row) else None


def _visible(call: Call, name: str) -> "Row[Any]":
    row = find_visible(call, name)
    if row is None:
        raise problem(404, NOT_FOUND)
    return row


def _single(call: Call, row: "Row[Any]") -> dict[str, Any]:
    return {"data": documents.document(row, _view(_parameters(call), detail=True))}


def _prefix(row: "Row[Any]") -> dict[str, Any]:
    return {
        "id": row.prefix,
        "type": "prefixes",
        "attributes": {"prefix": row.prefix, "registrationAgency": "DataCite", "createdAt": iso(row.created)},
        "relationships": {"clients": {"data": [{"id": row.client_id, "type": "clients"}]}},
    }


def _parameters(call: Call) -> dict[str, str]:
    """The last value of each parameter; underscores are taken as hyphens, as DataCite takes either."""
    return {name if "[" in name else name.replace("_", "-"): each[-1] for name, each in call.query().items()}


def _view(given: Mapping[str, str], *, detail: bool) -> View:
    fields = given.get("fields[dois]")
    return View(
        affiliation=given.get("affiliation") == "true",
        publisher=given.get("publisher") == "true",
        detail=detail,
        fields=frozenset(name.strip() for name in fields.split(",")) if fields else None,
    )


def _attributes(call: Call) -> Mapping[str, Any]:
    """The attributes of a JSON:API request body."""
    body = call.json()
    data = body.get("data") if isinstance(body, Mapping) else None
    attributes = data.get("attributes") if isinstance(data, Mapping) else None
    if not isinstance(attributes, Mapping):
        raise problem(400, NO_PAYLOAD)
    return attributes


def _address(call: Call, parameters: Mapping[str, str]) -> str:
    text = urlencode(dict(parameters))
    return call.url(call.req.path) + (f"?{text}" if text else "")


def _location(call: Call, name: str) -> str:
    return call.url("/dois/" + quote(values.bare_doi(name), safe="/:;()$~*="))


routes = [
    Route("GET", "/heartbeat", heartbeat, OPEN),
    Route("GET", "/dois", list_dois, OPEN),
    Route("POST", "/dois", post_doi, ACCOUNT, tx="none"),
    Route("POST", "/dois/validate", validate, ACCOUNT, tx="none"),
    Route("GET", "/dois/random", random_suffixes, OPEN),
    Route("GET", "/dois/application/{kind}/{doi:path}", get_as, OPEN),
    Route("GET", "/application/{kind}/{doi:path}", get_as, OPEN),
    Route("GET", "/dois/{doi:path}", get_doi, OPEN),
    # A password may cost a hash, so the transaction that writes opens after it: see Gate.
    Route("PUT", "/dois/{doi:path}", put_doi, ACCOUNT, tx="none"),
    Route("PATCH", "/dois/{doi:path}", put_doi, ACCOUNT, tx="none"),
    Route("DELETE", "/dois/{doi:path}", delete_doi, ACCOUNT, tx="none"),
    Route("GET", "/prefixes", list_prefixes, OPEN),
    Route("GET", "/prefixes/{prefix}", get_prefix, OPEN),
    Route("GET", "/clients/{id}", get_client, OPEN),
    Route("GET", "/repositories/{id}", get_client, OPEN),
]
