"""What a repository may do to a DOI: create, update, register, publish, hide, delete; and the rules."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from laelia.sandbox.doi_registry import store
from laelia.sandbox.doi_registry.accounts import Account
from laelia.sandbox.doi_registry.metadata import attributes as shapes
from laelia.sandbox.doi_registry.metadata import rules, values
from laelia.sandbox.doi_registry.metadata.attributes import Attributes, Fault
from laelia.sandbox.doi_registry.metadata.suffix import suffix
from laelia.sandbox.doi_registry.metadata.vocabularies import NAMESPACE
from laelia.sandbox.doi_registry.metadata.xml_reader import Unreadable
from laelia.sandbox.doi_registry.problems import FORBIDDEN, TAKEN, problem, unprocessable
from laelia.sandbox.doi_registry.tables import doi

# event → (states it works from, state it leads to); from any other state it does nothing, as at DataCite.
EVENTS = {
    "register": (("draft",), "registered"),
    "publish": (("draft", "registered"), "findable"),
    "hide": (("findable",), "registered"),
    "show": (("registered",), "findable"),
}


def create(tx: Connection, now: int, account: Account, given: Mapping[str, Any]) -> "Row[Any]":
    """POST: a new DOI, given whole or as a prefix to which a random suffix is added."""
    updated = store.take_stamp(tx, now)
    name = _new_name(tx, given)
    if store.find(tx, name) is not None:
        raise unprocessable(name, [Fault("doi", TAKEN)])
    return _write(tx, updated, account, name, None, given)


def put(
    tx: Connection, now: int, account: Account, name: str, given: Mapping[str, Any]
) -> tuple["Row[Any]", bool]:
    """PUT: change a DOI, or create it when there is none; the answer says whether it was created."""
    updated = store.take_stamp(tx, now)
    name = values.bare_doi(name)
    row = store.find(tx, name)
    return _write(tx, updated, account, name, row, given), row is None


def delete(tx: Connection, now: int, account: Account, name: str) -> None:
    """DELETE: drafts only; what has been registered stays for ever."""
    store.take_stamp(tx, now)
    row = store.find(tx, name)
    if row is None or not may_see(account, row):
        raise problem(404, "The resource you are looking for doesn't exist.")
    _must_own(account, row)
    if row.state != "draft":
        allow = {"Allow": "HEAD, GET, POST, PATCH, PUT, OPTIONS"}
        raise problem(405, "Method not allowed", allow)
    store.delete(tx, row.id)


def validate(given: Mapping[str, Any]) -> tuple[str | None, list[Fault]]:
    """POST /dois/validate: what would stand against registering this."""
    name = values.bare_doi(str(given.get("doi") or "")) or None
    try:
        metadata, faults, _ = _metadata(given)
    except _Faulty as problem_:
        return name, problem_.faults
    return name, [*faults, *rules.check(metadata, given.get("url"))]


def may_see(account: Account | None, row: "Row[Any]") -> bool:
    return bool(row.state == "findable" or (account is not None and owns(account, row)))


def owns(account: Account, row: "Row[Any]") -> bool:
    """Its own DOIs; and one that was loaded without a repository belongs to whoever holds its prefix."""
    return bool(row.client_id == account.id or (row.client_id is None and row.prefix in account.prefixes))


def _must_own(account: Account, row: "Row[Any]") -> None:
    if not account.active or not owns(account, row):
        raise problem(403, FORBIDDEN)


def _new_name(tx: Connection, given: Mapping[str, Any]) -> str:
    if given.get("doi"):
        name = values.bare_doi(str(given["doi"]))
        if "/" in name:
            return name
        prefix = name
    else:
        prefix = str(given.get("prefix") or "").strip()
    if not prefix:
        raise unprocessable(None, [Fault("doi", "Can't be blank")])
    if not values.PREFIX.match(prefix):
        raise unprocessable(None, [Fault("doi", f"{prefix!r} is no DOI and no prefix")])
    if given.get("suffix"):
        return values.bare_doi(f"{prefix}/{given['suffix']}")
    while store.find(tx, name := f"{prefix}/{suffix()}") is not None:
        pass
    return name


def _write(
    tx: Connection,
    updated: int,
    account: Account,
    name: str,
    row: "Row[Any] | None",
    given: Mapping[str, Any],
) -> "Row[Any]":
    if row is not None:
        _must_own(account, row)
    elif not account.active or values.split_doi(name)[0] not in account.prefixes:
        raise problem(403, FORBIDDEN)
    elif not values.DOI.match(name):
        raise unprocessable(name, [Fault("doi", "Is invalid")])
    try:
        metadata, faults, xml = _metadata(given)
    except _Faulty as problem_:
        raise unprocessable(name, problem_.faults) from problem_
    fields = _fields(row, account, updated, given)
    if metadata:
        fields |= _changed(row, given, metadata, xml)
    faults += _judge(row, fields, metadata, given)
    if faults:
        raise unprocessable(name, faults)
    store.save(tx, updated, name, fields)
    return tx.execute(sa.select(doi).where(doi.c.doi == name)).one()


def _fields(
    row: "Row[Any] | None", account: Account, updated: int, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns beside the metadata: state after the event, URL, source, and the owner of a new DOI."""
    state = before = row.state if row is not None else "draft"
    known, after = EVENTS.get(str(given.get("event") or ""), ((), ""))
    if before in known:
        state = after
    fields: dict[str, Any] = {"state": state}
    if row is None or row.client_id is None:
        fields |= {"client_id": account.id, "provider_id": account.id.split(".")[0]}
    if state != "draft" and (row is None or row.registered is None):
        fields["registered"] = updated
    if "url" in given:
        fields["url"] = given["url"] or None
    if given.get("source"):
        fields["source"] = str(given["source"])[:100].replace("\x00", "")
    if row is not None and row.origin is not None:
        # From now on the repository speaks for it, and loading the document again does not change it back.
        fields["origin_rank"] = None
    return fields


def _changed(
    row: "Row[Any] | None", given: Mapping[str, Any], metadata: Attributes, xml: bytes | None
) -> dict[str, Any]:
    """Attributes that were sent replace those stored. XML is kept as sent while nothing else changed it."""
    schema = str(metadata.pop("schemaVersion", None) or given.get("schemaVersion") or "")[:200]
    before: Attributes = {} if row is None or xml is not None else dict(row.attributes)
    if row is not None and xml is None and "container" not in metadata and _touches_container(metadata):
        before.pop("container", None)
    fields: dict[str, Any] = {"attributes": before | metadata, "xml": xml}
    if schema or row is None:
        fields["schema_version"] = schema.replace("\x00", "") or NAMESPACE
    return fields


def _touches_container(metadata: Attributes) -> bool:
    return "relatedItems" in metadata or "descriptions" in metadata


def _judge(
    row: "Row[Any] | None", fields: dict[str, Any], metadata: Attributes, given: Mapping[str, Any]
) -> list[Fault]:
    """Faults of the DOI as it would be: the kernel whenever metadata is sent, all rules unless a draft."""
    faults: list[Fault] = []
    url = fields.get("url", row.url if row is not None else None)
    if url is not None and (not isinstance(url, str) or any(c < " " for c in url)):
        return [Fault("url", "URL is not valid")]
    if metadata:
        schema = fields.get("schema_version", row.schema_version if row is not None else None)
        faults += filter(None, [rules.kernel_fault(schema)])
    registering = row is None or row.state == "draft" or metadata or "url" in given
    if fields["state"] != "draft" and registering:
        attributes = fields.get("attributes", row.attributes if row is not None else {})
        faults += rules.check(attributes, url)
    return faults


class _Faulty(Exception):
    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults


def _metadata(given: Mapping[str, Any]) -> tuple[Attributes, list[Fault], bytes | None]:
    """The metadata sent, as XML, as attributes, or as XML of which some attributes are replaced."""
    metadata, faults = shapes.from_json(given)
    if not given.get("xml"):
        return metadata, faults, None
    try:
        data = base64.b64decode(str(given["xml"]), validate=False)
        read = shapes.from_xml(data)
    except (binascii.Error, Unreadable) as wrong:
        raise _Faulty([Fault("xml", f"XML can't be read: {wrong}")]) from wrong
    if old := rules.kernel_fault(read.get("schemaVersion")):
        raise _Faulty([old])
    read.pop("doi", None)
    # The list of attributes that are missing in the XML is empty, not what was stored before.
    whole: Attributes = {name: [] for name in shapes.LISTS} | read | metadata
    return whole, faults, None if metadata else data
