"""People, as programs of the organisation say and see them."""

from collections.abc import Iterable
from typing import Any

from msgspec import UNSET
from sqlalchemy import Row, Select, select

from laelia.client.hub.shapes import ID_MOST, People, Permission, Person, PersonSaid
from laelia.hub import tables
from laelia.hub.api import whom
from laelia.hub.api.access import hub, place, program
from laelia.hub.api.operation import (
    CURSOR,
    SINCE,
    SIZE,
    Operation,
    Query,
    answer,
    instant,
    maybe,
    sent,
    since,
    size,
)
from laelia.hub.api.problems import ApiProblem
from laelia.hub.people import STATE, STATES, inviting, roster
from laelia.lib.web.core import Call, Reply


def listed(call: Call) -> Reply:
    c, most = tables.person.c, size(call)
    chosen = _joined().where(c.environment_id == place(call).id)
    if state := call.arg("state"):
        if state not in STATES:
            raise ApiProblem("invalid", f"state is one of {', '.join(STATES)}.", place="state")
        chosen = chosen.where(STATE.in_([state]))
    if unit := call.arg("unit"):
        chosen = chosen.where(tables.unit.c.code == unit)
    if (after := since(call)) is not None:
        chosen = chosen.where(c.modified >= after)
    if cursor := call.arg("cursor"):
        if not cursor.isdecimal() or len(cursor) > 15:
            raise ApiProblem("invalid", "The cursor is not one of ours.", place="cursor")
        chosen = chosen.where(c.id > int(cursor))
    rows = call.tx.execute(chosen.order_by(c.id).limit(most + 1)).all()
    more = str(rows[most - 1].id) if len(rows) > most else None
    return answer(call, People(people=[_told(call, row) for row in rows[:most]], next=more))


def get(call: Call) -> Reply:
    return answer(call, _one(call))


def put(call: Call) -> Reply:
    said = sent(call, PersonSaid)
    given = {
        name if name != "hint" else "orcid_hint": value or ""
        for name in PersonSaid.__struct_fields__
        if (value := getattr(said, name)) is not UNSET
    }
    local_id = whom.local_id(call)
    if len(local_id) > ID_MOST:
        raise ApiProblem("invalid", f"A local id has up to {ID_MOST} characters.", place="local_id")
    by = program(call).by
    done = roster.put(call.tx, call.now, by, place(call).id, local_id=local_id, **given)
    return answer(call, _one(call), 201 if done.outcome == "added" else 200)


def invite(call: Call) -> Reply:
    row, at = whom.person(call), place(call)
    if not at.ready:
        raise ApiProblem("not-ready")
    who = inviting.person(call.tx, at.id, row.id)
    assert who is not None
    inviting.invite(call.tx, call.now, program(call).by, at, who, hub(call).settings.public_url)
    return answer(call, _one(call), 202)


def _joined() -> Select[Any]:
    c, p = tables.person.c, tables.permission.c
    granted = (p.state.label("allowed"), p.scopes, p.granted, p.expires, p.reason)
    return (
        select(tables.person, tables.unit.c.code.label("unit"), STATE.label("shown"), *granted)
        .outerjoin(tables.unit, tables.unit.c.id == c.unit_id)
        .outerjoin(tables.permission, (p.environment_id == c.environment_id) & (p.orcid == c.orcid))
    )


def _one(call: Call) -> Person:
    c = tables.person.c
    mine = (c.environment_id == place(call).id, c.local_id == whom.local_id(call))
    row = call.tx.execute(_joined().where(*mine)).first()
    if row is None:
        raise ApiProblem("no-person")
    return _told(call, row)


def _told(call: Call, row: Row[Any]) -> Person:
    return Person(
        local_id=row.local_id, email=row.email, given_names=row.given_names, family_names=row.family_names,
        unit=row.unit, state=row.shown, orcid=row.orcid,
        orcid_uri=place(call).address_of(row.orcid) if row.orcid else None, name=row.name,
        permission=_permission(call, row) if row.allowed else None, invited=maybe(row.invited),
        connected=maybe(row.connected), refused=maybe(row.refused), modified=instant(row.modified),
    )  # fmt: skip


def _permission(call: Call, row: Row[Any]) -> Permission:
    over = row.allowed == "active" and row.expires is not None and row.expires <= call.now
    return Permission(
        state="expired" if over else row.allowed, scopes=row.scopes.split(), granted=instant(row.granted),
        expires=maybe(row.expires), reason=row.reason,
    )  # fmt: skip


def _text(name: str, about: str, values: Iterable[str] = ()) -> Query:
    return Query(name, about, {"type": "string", **({"enum": list(values)} if values else {})})


operations = [
    Operation(
        method="GET", path="/people", scope="read", handle=listed, summary="List people", gives=People,
        about="Everyone whom the organisation knows here, those without a local id too. The state is one of: "
        f"{'; '.join(f'{name}, {told}' for name, told in STATES.items())}.",
        statuses={200: "A page of people."}, kinds=("invalid",),
        query=(_text("state", "Only those in this state.", STATES), _text("unit", "Only those of the unit of "
               "this code."), SINCE, SIZE, CURSOR), conditional=True,
    ),
    Operation(
        method="GET", path="/people/{local_id}", scope="read", handle=get, summary="Look at a person",
        gives=Person, statuses={200: "What is known of her."}, kinds=("no-person",), conditional=True,
    ),
    Operation(
        method="PUT", path="/people/{local_id}", scope="write", handle=put, takes=PersonSaid, gives=Person,
        summary="Say who a person is",
        about="Makes the person of this local id, or changes what is said of her. Said again it does "
        "nothing. An iD is not taken: it comes from the registry.",
        statuses={200: "She was known.", 201: "She is new."}, kinds=("not-json", "invalid", "orcid", "clash"),
    ),
    Operation(
        method="POST", path="/people/{local_id}/invite", scope="write", handle=invite, gives=Person,
        summary="Ask a person to connect",
        about="Mails her a personal link, with reminders until there is an answer.",
        statuses={202: "The letter is on its way."}, kinds=("no-person", "clash", "not-ready"),
    ),
]  # fmt: skip
