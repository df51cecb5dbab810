"""What people permit is kept sealed, and only ever changes the row it belongs to."""

import pathlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from laelia.client import oauth
from laelia.hub import organisations, people, tables
from laelia.hub.people import links
from laelia.lib.database import Database
from laelia.lib.secret import KeyRing, SealBroken

ANNA, BELA = "0009-0000-0000-0017", "0009-0000-0000-0025"
NOW = 1_700_000_000_000
HOUR = 3_600_000
BOTH = frozenset({"/read-limited", "/activities/update"})


@pytest.fixture
def keys(tmp_path: pathlib.Path) -> KeyRing:
    return KeyRing.open(tmp_path / "keys", create=True)


@pytest.fixture
def db(new_database) -> Iterator[Database]:
    database = Database(new_database("laelia.hub.migrations"))
    yield database
    database.dispose()


@pytest.fixture
def datacite(db: Database, keys: KeyRing) -> int:
    return add(db, keys, "datacite", "DataCite", "sandbox")


def add(db: Database, keys: KeyRing, slug: str, name: str, environment: str, client_id: str = "APP-1") -> int:
    with db.writing() as tx:
        organisations.add_organisation(tx, NOW, slug=slug, name=name)
        return organisations.add_environment(
            tx, NOW, keys, organisation=slug, name=environment, client_id=client_id,
            client_secret="client-secret",
            site_url="https://registry.test", api_url="https://registry.test", pub_url="https://registry.test",
        )  # fmt: skip


def granted(
    orcid: str = ANNA, expires_in: int | None = 631138518, scopes: frozenset[str] = BOTH
) -> oauth.Granted:
    return oauth.Granted(
        orcid=orcid, name="Anna Ashe", scopes=scopes, access_token="the-access-token",
        refresh_token="the-refresh-token", expires_in=expires_in,
    )  # fmt: skip


def grant(db: Database, keys: KeyRing, environment: int, now: int = NOW, **of) -> None:
    with db.writing() as tx:
        people.grant(tx, now, environment, granted(**of), keys)


def read(db: Database, keys: KeyRing, environment: int, orcid: str = ANNA, now: int | None = None):
    with db.reading() as tx:
        return people.permission(tx, environment, orcid, keys, now)


def test_a_grant_is_filed_sealed_and_read_back(db, keys, datacite):
    grant(db, keys, datacite)
    permission = read(db, keys, datacite)
    assert (permission.access_token, permission.refresh_token) == ("the-access-token", "the-refresh-token")
    assert permission.scopes == BOTH
    assert permission.state == "active"
    assert not permission.short
    with db.reading() as tx:
        row = tx.execute(sa.select(tables.permission)).one()
        assert "the-access-token" not in row.access_token
        assert "the-refresh-token" not in row.refresh_token
        assert people.name_of(tx, datacite, ANNA) == "Anna Ashe"
        assert people.state_of(tx, datacite, ANNA) == "connected"


def test_a_token_moved_to_another_persons_row_does_not_open(db, keys, datacite):
    grant(db, keys, datacite)
    grant(db, keys, datacite, orcid=BELA)
    with db.writing() as tx:
        stolen = tx.execute(
            sa.select(tables.permission.c.access_token).where(tables.permission.c.orcid == ANNA)
        )
        tx.execute(
            sa.update(tables.permission)
            .where(tables.permission.c.orcid == BELA)
            .values(access_token=stolen.scalar_one())
        )
    with pytest.raises(SealBroken):
        read(db, keys, datacite, BELA)


def test_no_secret_is_seen_when_printed(db, keys, datacite):
    grant(db, keys, datacite)
    with db.reading() as tx:
        environment = organisations.environment(tx, datacite, keys)
    assert environment.client_secret == "client-secret"
    assert "client-secret" not in f"{environment!r} {environment}"
    permission = read(db, keys, datacite)
    assert "token" not in f"{permission!r} {permission}"


def test_an_hour_is_short_and_expires(db, keys, datacite):
    grant(db, keys, datacite, expires_in=3599)
    permission = read(db, keys, datacite, now=NOW)
    assert permission.short
    assert permission.usable(NOW)
    later = read(db, keys, datacite, now=NOW + HOUR)
    assert later.state == "expired"
    assert not later.usable(NOW + HOUR)
    with db.reading() as tx:
        assert people.permitted(tx, datacite, NOW) == [ANNA]
        assert people.permitted(tx, datacite, NOW + HOUR) == []


def test_a_late_refusal_of_an_old_token_leaves_the_new_grant_alone(db, keys, datacite):
    grant(db, keys, datacite)
    old = read(db, keys, datacite).granted
    grant(db, keys, datacite, now=NOW + 5)
    with db.writing() as tx:
        assert not people.mark_revoked(tx, NOW + 6, datacite, ANNA, "401", granted=old)
    assert read(db, keys, datacite).state == "active"
    with db.writing() as tx:
        assert people.mark_revoked(tx, NOW + 7, datacite, ANNA, "401", granted=NOW + 5)
    revoked = read(db, keys, datacite)
    assert revoked.state == "revoked"
    assert revoked.access_token == "the-access-token"  # a registry lets us delete our own items with it
    grant(db, keys, datacite, now=NOW + 8)
    assert read(db, keys, datacite).state == "active"


def test_disconnecting_forgets_the_tokens(db, keys, datacite):
    grant(db, keys, datacite)
    with db.writing() as tx:
        people.disconnect(tx, NOW + 1, datacite, ANNA)
    permission = read(db, keys, datacite)
    assert (permission.state, permission.reason) == ("revoked", people.DISCONNECTED)
    assert (permission.access_token, permission.refresh_token) == (None, None)


def test_environments_and_organisations_are_apart(db, keys, datacite):
    production = add(db, keys, "datacite", "DataCite", "production", client_id="APP-2")
    library = add(db, keys, "library", "The Library", "sandbox", client_id="APP-3")
    grant(db, keys, datacite)
    assert read(db, keys, production) is None
    assert read(db, keys, library) is None
    with db.reading() as tx:
        assert organisations.by_handle(tx, "datacite", keys).id == datacite
        assert organisations.by_handle(tx, "datacite@production", keys).id == production
        assert organisations.by_handle(tx, "datacite@production", keys).handle == "datacite@production"
        assert organisations.by_handle(tx, "datacite@staging", keys) is None
        assert organisations.by_handle(tx, "nobody", keys) is None
        assert len(organisations.environments(tx, keys)) == 3


def test_adding_again_is_quiet_and_contradicting_is_not(db, keys, datacite):
    assert add(db, keys, "datacite", "DataCite", "sandbox") == datacite
    with pytest.raises(organisations.Clash, match="client_id"):
        add(db, keys, "datacite", "DataCite", "sandbox", client_id="APP-other")
    with pytest.raises(organisations.Clash, match="name"):
        add(db, keys, "datacite", "Another name", "sandbox")
    with pytest.raises(organisations.Clash, match="slug"):
        add(db, keys, "about", "About", "sandbox")


def test_denial_does_not_touch_a_standing_permission(db, keys, datacite):
    grant(db, keys, datacite)
    with db.writing() as tx:
        people.denied(tx, NOW, datacite, ANNA)
        assert people.state_of(tx, datacite, ANNA) == "connected"
        people.mark_revoked(tx, NOW, datacite, ANNA, "401")
        people.denied(tx, NOW, datacite, ANNA)
        assert people.state_of(tx, datacite, ANNA) == "denied"


def test_choices_start_as_promised(db, keys, datacite):
    with db.writing() as tx:
        assert people.chosen(tx, datacite, ANNA, "datacite", "search-link")
        assert not people.chosen(tx, datacite, ANNA, "datacite", "auto-update")
        people.choose(tx, NOW, datacite, ANNA, "datacite", "auto-update", True)
        people.choose(tx, NOW, datacite, BELA, "datacite", "auto-update", True)
        people.choose(tx, NOW, datacite, BELA, "datacite", "auto-update", False)
        assert people.following(tx, datacite, "datacite") == {ANNA}


def test_a_state_is_spent_once_by_the_browser_that_began(db, datacite):
    def spend(state: str, browser: str = "browser", now: int = NOW, environment: int = datacite):
        with db.writing() as tx:
            return links.spend(tx, now, environment, browser, state)

    with db.writing() as tx:
        state = links.start(tx, NOW, datacite, "browser", "connect", go_on="/datacite/items")
        late = links.start(tx, NOW, datacite, "browser", "connect")
        stored = tx.execute(sa.select(tables.link_state.c.state_hash)).scalars().all()
    assert state not in stored
    assert spend("unknown") is None
    assert spend(state, browser="another") is None
    assert spend(state, environment=datacite + 1) is None
    assert spend(late, now=NOW + links.LIFE_MS) is None
    assert spend(state).go_on == "/datacite/items"
    assert spend(state) is None
