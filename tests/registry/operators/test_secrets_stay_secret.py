"""A whole session, from registering to rotating keys: afterwards the log and every row of the database are
searched for each secret that was used in it."""

import base64
import re
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from laelia.lib.browser import Browser
from laelia.registry import tables
from laelia.registry.commands import commands
from laelia.registry.tables.sealed import SEALED
from registry.operators.cast import Cast
from registry.place import BACK, VERIFIER, Member, Place, answer
from registry.place import CHALLENGE as S256
from registry.web.newcomer import go_through

PASSWORD = "a quite private 7 word phrase"
SEALED_TEXT = re.compile(r"k\d{4}\.[A-Za-z0-9_-]{36,}={0,2}")


def links(place: Place) -> list[str]:
    """The secret ends of the links in mails, which a sandbox shows in its outbox."""
    place.service.work()
    text = "\n".join(row.text for row in place.rows("outbox"))
    return re.findall(r"/verify-email/([\w-]{20,})", text)


def session_of(browser: Browser) -> list[str]:
    return [value for name, value in browser.cookies("registry.test").items() if name.startswith("__Host")]


def new_person(place: Place) -> tuple[Browser, list[str]]:
    """Registers and confirms her address; returns what was secret in that."""
    browser = place.browser()
    first = browser.open(place.at("/register"))
    form = first.form("/register")
    page = go_through(
        first,
        given="Wanda",
        email="wanda@example.org",
        visibility="private",
        password=PASSWORD,
        repeat=PASSWORD,
    )
    assert page.status == 200, page.text
    found = links(place)
    assert found
    assert browser.open(place.at(f"/verify-email/{found[0]}")).status == 200
    return browser, [PASSWORD, *found, *session_of(browser), form.value("csrf_token")]


def client_by_itself(place: Place) -> tuple[Member, list[str]]:
    form = place.browser().open(place.at("/sandbox/clients")).form("/sandbox/clients")
    page = form.fill(name="Session", uris=BACK).submit()
    client_id, secret = (each.text_content() for each in page.all("//pre[@data-copy]")[:2])
    return Member(client_id, secret), [secret, form.value("csrf_token")]


def allowed(place: Place, browser: Browser, client: Member) -> tuple[dict[str, Any], list[str]]:
    url = place.authorize_url(client, code_challenge=S256, code_challenge_method="S256", state="s1")
    form = browser.open(url).form(containing="Authorise")
    code = answer(form.fill(until_revoked=True).submit("Authorise access").url)["code"]
    wrong = {
        "client_id": client.id,
        "client_secret": "not-the-secret-at-all",
        "grant_type": "authorization_code",
    }
    assert place.post_token({**wrong, "code": code}).status == 401
    first = place.redeem(client, code, code_verifier=VERIFIER).json()
    second = place.refresh(client, first["refresh_token"]).json()
    assert place.redeem(client, code, code_verifier=VERIFIER).status == 400
    pairs = [one[name] for one in (first, second) for name in ("access_token", "refresh_token")]
    return second, [code, VERIFIER, "not-the-secret-at-all", *pairs]


@pytest.fixture
def secrets_used(
    fresh: Cast, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[str], str]:
    """Everything secret of the session, and all that was logged meanwhile."""
    used = [fresh.catalogue.secret, fresh.engine.secret]
    browser, more = new_person(fresh)
    client, own = client_by_itself(fresh)
    _token, tokens = allowed(fresh, browser, client)
    used += [*more, *own, *tokens]
    basic = base64.b64encode(f"{client.id}:{client.secret}".encode()).decode()
    fresh.post_token(
        {"grant_type": "client_credentials", "scope": "/read-public"}, {"Authorization": f"Basic {basic}"}
    )
    used.append(basic)
    fresh.http.get(fresh.at(f"/v3.0/{fresh.ada.orcid}/works?access_token={tokens[-2]}"))
    path = f"/clients/{fresh.catalogue.id}/secrets"
    page = fresh.page_of(fresh.catalogue, fresh.carla).form(path).fill(overlap="1").submit()
    used += [page.all("//pre[@id='the-secret']")[0].text_content(), *session_of(fresh.at_desk(fresh.carla))]
    wrong = fresh.browser().open(fresh.at("/signin")).form("/signin")
    wrong.fill(name="wanda@example.org", password="a wrong 8 guess").submit()
    used.append("a wrong 8 guess")
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", fresh.settings.database)
    monkeypatch.setenv("LAELIA_REGISTRY_VAR", str(fresh.settings.var))
    given = ["client", "add", "--name", "Given", "--id", "APP-0000000000000009", "--secret", "-"]
    added = CliRunner().invoke(commands, given, input="one-by-the-operator\n")
    assert added.exit_code == 0, added.output
    made = CliRunner().invoke(commands, ["client", "secret", "APP-0000000000000009", "--json"])
    used += ["one-by-the-operator", made.stdout.split('"')[-2]]
    used += [file.read_text() for file in (fresh.settings.var / "keys").glob("*.key")]
    fresh.service.work()
    logged = "".join(capfd.readouterr())
    return used, logged


def test_no_secret_is_in_the_log_or_the_database(fresh: Cast, secrets_used: tuple[list[str], str]) -> None:
    used, logged = secrets_used
    assert len(set(used)) > 15
    assert all(len(one) >= 8 for one in used)
    assert '"route":"/oauth/token"' in logged
    stored = "\n".join(
        str(tuple(row))
        for table in tables.metadata.tables
        # A sandbox's outbox is what a mail server would have: the message itself, with its link.
        if table != "outbox"
        for row in fresh.rows(table)
    )
    for one in used:
        for spelt in {one, quote(one), quote(one, safe="")}:
            assert spelt not in logged
            assert spelt not in stored


def test_what_is_sealed_is_declared(fresh: Cast, secrets_used: tuple[list[str], str]) -> None:
    """A sealed value in a column that is not declared would keep its key from ever being retired."""
    declared = {one.name for one in SEALED}
    for table in tables.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, sa.String | sa.Text):
                with fresh.service.db.reading() as tx:
                    values = tx.execute(sa.select(column).where(column.is_not(None))).scalars()
                    sealed = [value for value in values if SEALED_TEXT.fullmatch(value)]
                assert not sealed or f"{table.name}.{column.name}" in declared
