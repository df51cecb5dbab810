"""Webhooks at the registry: one for each person whose permission stands, with an address that nobody can
guess. Where the registry gives the client no right to them, that is noted and asked again once a day; the
periodic read brings the same, only later. What is only amiss at the registry, or with one record, is tried
again sooner and takes the right from nobody."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select, update

from laelia.client import oauth
from laelia.client.orcid import Addresses, Registry, Unavailable
from laelia.hub import organisations, people, tables
from laelia.hub.organisations import Environment
from laelia.hub.pace import SharedPace
from laelia.hub.settings import Hub
from laelia.lib.clock import DAY, HOUR, MINUTE, SECOND
from laelia.lib.database import insert_ignore, upsert
from laelia.lib.http import HttpError
from laelia.lib.log import get_logger
from laelia.lib.secret import digest, new_secret
from laelia.model.problems import OAuthProblem, Problem

log = get_logger()
SCOPE = "/webhook"
PATH = "/changed"
OK = "ok"
_GONE = (9011, 9028)  # no such record, no such webhook


@dataclass(frozen=True)
class Right:
    """What the registry said when it was last asked for a token for webhooks."""

    answer: str
    asked: int


def tidy(hub: Hub, environment_id: int, orcid: str) -> int | None:
    """Bring her webhook to what her permission says. Returns after how many milliseconds it has to be tried
    again, None where it is as it should be or the client may not. No transaction may be open."""
    with hub.db.reading() as tx:
        place = organisations.environment(tx, environment_id, hub.keys)
        there = _row(tx, environment_id, orcid)
        wanted = hub.settings.webhooks and place.ready and _stands(tx, hub, environment_id, orcid)
    if (there is not None and there.registered is not None) if wanted else there is None:
        return None
    try:
        token = _token(hub, place)
        return _change(hub, place, token, orcid, wanted) if token is not None else None
    except HttpError:
        return 10 * MINUTE
    except Unavailable as away:
        return away.retry_after * SECOND if away.retry_after else MINUTE
    except OAuthProblem:  # the token is no longer taken
        with hub.db.writing() as tx:
            _forget_token(tx, environment_id)
        return SECOND


def take_down(hub: Hub, environment_id: int, orcid: str) -> bool:
    """Have the registry call no more about her, whatever her permission says; False where that could not be
    told. No transaction may be open."""
    for _ in range(2):
        with hub.db.reading() as tx:
            place = organisations.environment(tx, environment_id, hub.keys)
            there = _row(tx, environment_id, orcid)
        if there is None:
            return True
        try:
            token = _token(hub, place)
            if token is None:
                return there.registered is None
            _change(hub, place, token, orcid, wanted=False)
        except (HttpError, Unavailable):
            return False
        except OAuthProblem:  # the token is no longer taken: once more with a new one
            with hub.db.writing() as tx:
                _forget_token(tx, environment_id)
    with hub.db.reading() as tx:
        return _row(tx, environment_id, orcid) is None


def amiss(hub: Hub, environment_id: int, limit: int = 5000) -> list[str]:
    """The iDs whose webhook is missing or stale, at most `limit`; none where the client has no right. The
    registry is asked only if there are any. No transaction may be open."""
    with hub.db.reading() as tx:
        place = organisations.environment(tx, environment_id, hub.keys)
        found = _amiss(tx, hub, environment_id, limit) if place.ready else []
    try:
        return found if found and _token(hub, place) is not None else []
    except (HttpError, Unavailable):
        return []


def _amiss(tx: Connection, hub: Hub, environment_id: int, limit: int) -> list[str]:
    c, p = tables.webhook.c, tables.permission.c
    lives = p.expires.is_(None) | (p.expires > hub.clock.now())
    stands = and_(p.environment_id == environment_id, p.state == "active", lives)
    stale = select(c.orcid).where(c.environment_id == environment_id)
    if not hub.settings.webhooks:
        return list(tx.execute(stale.limit(limit)).scalars())
    stale = stale.where(~select(p.id).where(stands, p.orcid == c.orcid).exists())
    there = select(c.id).where(
        c.environment_id == environment_id, c.orcid == p.orcid, c.registered.is_not(None)
    )
    missing = select(p.orcid).where(stands, ~there.exists()).order_by(p.orcid)
    found = [query.limit(limit) for query in (stale, missing)]
    return [orcid for query in found for orcid in tx.execute(query).scalars()][:limit]


def called(tx: Connection, now: int, secret: str, pause_ms: int) -> bool:
    """The registry says that a record changed: have it read after a pause, in which more calls make no more
    work. False for a secret that is none of ours."""
    c = tables.webhook.c
    mine = update(tables.webhook).where(c.secret_hash == digest(secret))
    noted = mine.values(called=now, calls=c.calls + 1).returning(c.environment_id, c.orcid)
    row = tx.execute(noted).first()
    if row is None:
        return False
    people.wake_look(tx, now, row.environment_id, row.orcid, now + pause_ms)
    return True


def right(tx: Connection, environment_id: int) -> Right | None:
    """Whether the client may have webhooks, as far as that was asked."""
    row = _client(tx, environment_id)
    return None if row is None else Right(row.answer, row.asked)


def _change(hub: Hub, place: Environment, token: str, orcid: str, wanted: bool) -> int | None:
    """Make the call; after how many milliseconds it has to be made again, None if it is settled."""
    secret = _secret(hub, place.id, orcid)
    uri = f"{hub.settings.public_url.rstrip('/')}{PATH}/{secret}"
    pace = SharedPace(hub.db, f"{place.api_url} {place.client_id}", hub.settings.calls_per_second)
    registry = Registry(
        Addresses(place.site_url, place.api_url, place.pub_url), token, http=hub.http, pace=pace
    )
    call = registry.add_webhook if wanted else registry.remove_webhook
    problem = _refused_by(lambda: call(orcid, uri))
    if problem is not None and (problem.status >= 500 or problem.status == 429):
        return MINUTE
    if problem is not None and wanted and problem.status == 409:  # hers is locked, closed or moved
        return HOUR
    with hub.db.writing() as tx:
        if not wanted:
            if problem is None or problem.code in _GONE:
                tx.execute(delete(tables.webhook).where(*_of(place.id, orcid)))
        elif problem is None:
            mine = update(tables.webhook).where(*_of(place.id, orcid))
            tx.execute(mine.values(registered=hub.clock.now()))
        elif problem.code not in _GONE:
            _note(hub, tx, place, f"error-{problem.code}", None)
    return None


def _refused_by(call: Callable[[], object]) -> Problem | None:
    try:
        call()
    except OAuthProblem:
        raise
    except Problem as problem:
        if problem.code not in _GONE:
            log.warning("webhook refused", code=problem.code)
        return problem
    return None


def _secret(hub: Hub, environment_id: int, orcid: str) -> str:
    """It is written down before the call, so that a call whose answer is lost can be made again."""
    bound = f"webhook/{environment_id}/{orcid}"
    with hub.db.writing() as tx:
        fresh = new_secret()
        values = {"environment_id": environment_id, "orcid": orcid, "secret_hash": digest(fresh), "calls": 0}
        if insert_ignore(tx, tables.webhook, {**values, "secret": hub.keys.seal(fresh, bound)}):
            return fresh
        row = _row(tx, environment_id, orcid)
        assert row is not None
        return hub.keys.unseal(row.secret, bound)


def _token(hub: Hub, place: Environment) -> str | None:
    """The client's own token, from the last time or a new one; None where it may have none for now. Raises
    HttpError or Unavailable where the registry gives no answer to that."""
    now = hub.clock.now()
    with hub.db.reading() as tx:
        row = _client(tx, place.id)
    if row is not None and row.client_id == place.client_id:
        if row.token is not None and (row.expires is None or row.expires > now + MINUTE):
            return hub.keys.unseal(row.token, f"webhook_client/{place.id}")
        if row.answer != OK and row.asked > now - DAY:
            return None
    given: oauth.ClientToken | None = None
    try:
        given = oauth.client_credentials(
            hub.http, place.token_url, client_id=place.client_id, client_secret=place.client_secret,
            scopes=[SCOPE], trusted=True,
        )  # fmt: skip
    except oauth.OAuthRefused as refused:
        if refused.status >= 500 or refused.status == 429:
            raise Unavailable(refused.status, None, certain=True) from refused
        answer = refused.error[:40] or f"status-{refused.status}"
    else:
        answer = OK if SCOPE in given.scopes else "no-scope"
    if answer != OK:
        given = None
    with hub.db.writing() as tx:
        _note(hub, tx, place, answer, given)
    return given.access_token if given else None


def _note(hub: Hub, tx: Connection, place: Environment, answer: str, given: oauth.ClientToken | None) -> None:
    now = hub.clock.now()
    if answer != OK:
        log.info("no webhooks for this client", environment=place.id, answer=answer)
    token = hub.keys.seal(given.access_token, f"webhook_client/{place.id}") if given else None
    ends = now + given.expires_in * SECOND if given and given.expires_in else None
    values = {"client_id": place.client_id, "token": token, "expires": ends, "answer": answer, "asked": now}
    upsert(tx, tables.webhook_client, {"environment_id": place.id, **values}, key=("environment_id",))


def _forget_token(tx: Connection, environment_id: int) -> None:
    mine = update(tables.webhook_client).where(tables.webhook_client.c.environment_id == environment_id)
    tx.execute(mine.values(token=None))


def _stands(tx: Connection, hub: Hub, environment_id: int, orcid: str) -> bool:
    now = hub.clock.now()
    found = people.permission(tx, environment_id, orcid, hub.keys, now)
    return found is not None and found.usable(now)


def _client(tx: Connection, environment_id: int) -> Row[tuple[object, ...]] | None:
    mine = tables.webhook_client.c.environment_id == environment_id
    return tx.execute(select(tables.webhook_client).where(mine)).first()


def _row(tx: Connection, environment_id: int, orcid: str) -> Row[tuple[object, ...]] | None:
    return tx.execute(select(tables.webhook).where(*_of(environment_id, orcid))).first()


def _of(environment_id: int, orcid: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return tables.webhook.c.environment_id == environment_id, tables.webhook.c.orcid == orcid
