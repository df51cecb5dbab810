"""What has to be known before anything is written: who may write what, and what the record shows of ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from laelia.client.orcid import Api, Record, Unavailable, members
from laelia.client.peer import Peer
from laelia.hub import organisations, people, tables
from laelia.hub.organisations import Environment, traffic
from laelia.hub.pace import SharedPace
from laelia.hub.people import Permission
from laelia.hub.plan import Action, Shown
from laelia.hub.push.picture import ours, picture
from laelia.hub.push.verdict import Verdict, judge
from laelia.hub.settings import Hub
from laelia.lib.http import Http, HttpError
from laelia.model.common import Container, Item
from laelia.model.problems import OAuthProblem, Problem
from laelia.model.sections import BY_NAME, Section

WIDE_SCOPES = {"activities": "/activities/update", "person": "/person/update"}
"""The scope that lets a client change every section of a part of the record."""

Of = Sequence[ColumnElement[bool]]
Read = dict[str, list[Shown]]


@dataclass(frozen=True)
class Looked:
    """What the record shows of ours by section, and how many calls it took to see it."""

    items: Read
    reads: int


def look(hub: Hub, environment_id: int, orcid: str, of: Of = ()) -> Looked | Verdict:
    """Read the sections in which the ledger has something for her record; `of` narrows it to some rows. A
    verdict where the record can't be read. Call it with no transaction open."""
    with hub.db.reading() as tx:
        environment = organisations.environment(tx, environment_id, hub.keys)
        permission = people.permission(tx, environment_id, orcid, hub.keys, hub.clock.now())
        names = sections_of(tx, environment_id, orcid, of)
    token, why = usable(permission, hub.clock.now())
    if token is None or permission is None:
        return Verdict("revoked", why)
    covered = [name for name in names if covers(permission, name)]
    if names and not covered:
        return Verdict("scope", "scope")
    with traffic.noted(hub, environment) as http:
        record = record_at(hub, http, environment, orcid, token)
        seen = read(record, environment, [BY_NAME[name] for name in covered or ["works"]])
    return seen if isinstance(seen, Verdict) else Looked(seen, record.api.peer.reads)


def plan_for(hub: Hub, environment_id: int, orcid: str) -> list[Action] | Verdict:
    """What a push would do now if nothing had to be approved: one read, nothing written."""
    seen = look(hub, environment_id, orcid)
    if isinstance(seen, Verdict):
        return seen
    with hub.db.reading() as tx:
        return picture(tx, environment_id, orcid, seen.items).actions


def read(record: Record, environment: Environment, sections: list[Section]) -> Read | Verdict:
    """What the record shows of ours in these sections."""
    found = read_items(record, sections)
    return found if isinstance(found, Verdict) else ours(found, environment.client_id)


def read_items(record: Record, sections: list[Section]) -> dict[str, list[Item]] | Verdict:
    """All that the record shows in these sections: one call for each part of the record they are of."""
    try:
        return {section.name: items for section, items in _summaries(record, sections)}
    except (HttpError, Unavailable, OAuthProblem, Problem) as error:
        return judge("GET", error)


def _summaries(record: Record, sections: list[Section]) -> Iterator[tuple[Section, list[Item]]]:
    for part in ("activities", "person"):
        mine = [section for section in sections if section.part == part]
        if len(mine) == 1:
            yield mine[0], record.section(mine[0].summary)
        elif mine:
            whole = record.activities() if part == "activities" else record.person()
            for section in mine:
                held: Container | None = getattr(whole, section.attribute)
                yield section, [] if held is None else members(held)


def record_at(hub: Hub, http: Http, environment: Environment, orcid: str, token: str) -> Record:
    client = f"{environment.api_url} {environment.client_id}"
    pace = SharedPace(hub.db, client, hub.settings.calls_per_second)
    return Record(Api(Peer(http, environment.api_url, trusted=True, pace=pace), token), orcid)


def sections_of(tx: Connection, environment_id: int, orcid: str, of: Of = ()) -> list[str]:
    """The sections in which the ledger has something for her record."""
    c = tables.assertion.c
    found = select(c.section).distinct().where(c.environment_id == environment_id, c.orcid == orcid, *of)
    return list(tx.execute(found.order_by(c.section)).scalars())


def covers(permission: Permission, name: str) -> bool:
    """Whether she allowed changes of this section."""
    section = BY_NAME[name]
    return bool(permission.scopes & {WIDE_SCOPES[section.part], *section.update_scopes})


def usable(permission: Permission | None, now: int, *, reading: bool = False) -> tuple[str | None, str]:
    """The token, or why there is none to use: a code for pages. For `reading` one that only reads will do."""
    if permission is None:
        return None, "no-permission"
    if not permission.usable(now) or permission.access_token is None:
        return None, permission.state if permission.state != "active" else "expired"
    if not reading and not any(covers(permission, name) for name in BY_NAME):
        return None, "scope"
    return permission.access_token, ""
