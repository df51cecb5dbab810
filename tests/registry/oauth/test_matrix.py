"""Every question of `matrix.txt`: what is asked of a person and of a client, and what comes of it."""

import pathlib
import random
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import pytest

from conftest import size
from registry.oauth.matrix import CLIENTS, NONCE, SCOPE, TABLES, VERIFIER, Stage, part_of, said
from registry.place import BACK, CHALLENGE, Place, answer
from registry.written import Row

PROMPTS = [name for name in TABLES["meetings"][0] if name != "who"]


@pytest.fixture(scope="module")
def stage(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    var: pathlib.Path = tmp_path_factory.mktemp("var")
    place = Place(module_database("laelia.registry.migrations"), var)
    yield Stage(place)
    place.close()


def meeting(prompt: str) -> dict[str, str]:
    """The parameters of a heading of `[meetings]`: bare words are prompts."""
    if prompt == "-":
        return {}
    words = prompt.split()
    asked = dict(word.split("=") for word in words if "=" in word)
    bare = [word for word in words if "=" not in word]
    return asked | ({"prompt": bare[0]} if bare else {})


def for_scopes(client: str, response_type: str) -> str:
    if "id_token" in response_type:
        return "with id_token"
    if response_type == "token":
        return "token"
    return "public, code" if CLIENTS[client]["kind"] == "public" else "member, code"


def expected(client: str, redirect: Row, response: Row, scope: Row) -> str:
    """The first refusal of the tables, else “on”."""
    row = CLIENTS[client]
    if row["state"] != "active" or redirect[row["redirects"]] == "page":
        return "page"
    told = response["implicit" if row["implicit"] == "yes" else "without"]
    return told if told != "on" else scope[for_scopes(client, response["sent"])]


def find(table: str, **cell: str) -> Row:
    return next(row for row in TABLES[table] if all(row[name] == value for name, value in cell.items()))


@pytest.mark.parametrize("client", CLIENTS)
def test_where_a_client_may_be_answered(stage: Stage, client: str) -> None:
    wrong = []
    for redirect in TABLES["redirects"]:
        got = stage.send(stage.url(client, redirect_uri=redirect["sent"], prompt="none"))
        wanted = expected(client, redirect, find("response types", sent="code"), find("scopes", sent=SCOPE))
        if got != wanted:
            wrong.append(f"{redirect['form']}: {got} instead of {wanted}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("client", CLIENTS)
def test_what_a_client_may_ask_for(stage: Stage, client: str) -> None:
    redirect, wrong = find("redirects", form="as registered"), []
    for response in TABLES["response types"]:
        for scope in TABLES["scopes"]:
            url = stage.url(client, response["sent"], scope["sent"], prompt="none")
            got, wanted = stage.send(url), expected(client, redirect, response, scope)
            if got != wanted:
                wrong.append(f"{response['sent']}, {scope['sent']}: {got} instead of {wanted}")
            if got not in ("page", "on"):
                landed = stage.place.http.get(url).headers["location"]
                assert ("#" in landed) == (response["goes to"] == "fragment"), landed
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", TABLES["more parameters"], ids=lambda row: row["sent"][:40])
def test_what_else_may_be_sent(stage: Stage, row: Row) -> None:
    more = {
        name: CHALLENGE if value == "challenge" else value
        for name, value in parse_qsl(row["sent"], keep_blank_values=True)
    }
    if row["sent"].startswith("prompt=none "):
        got = stage.send(stage.url("library", **more))
        assert got == row["code"]
        return
    asked = {"code": ("library", "code"), "proof key": ("phone", "code"), "id_token": ("portal", "id_token")}
    for column, (client, response_type) in asked.items():
        bare = {"nonce": None, "code_challenge": None, "code_challenge_method": None}
        if column == "id_token":
            bare["nonce"] = NONCE
        sent = {**bare, **({"prompt": "none"} if "prompt" not in more else {}), **more}
        page = stage.place.browser().open(stage.url(client, response_type, "openid", **sent))
        got = stage.meet(page)
        got = "on" if got in ("login_required", "sign in") else got
        assert got == row[column], (column, page.url)


@pytest.mark.parametrize("row", TABLES["meetings"], ids=lambda row: row["who"])
def test_how_somebody_is_met(stage: Stage, row: Row) -> None:
    lasting = stage.visitor(row["who"])
    afterwards = {one["who"]: one for one in TABLES["after signing in"]}.get(row["who"], {})
    for prompt in PROMPTS:
        visitor = stage.visitor(row["who"]) if row[prompt] == "sign in" else lasting
        url = stage.url("library", **meeting(prompt))
        page = visitor.browser.open(url)
        assert stage.meet(page) == row[prompt], (prompt, page.url)
        if (then := afterwards.get(prompt, "-")) == "-":
            continue
        if row[prompt] == "register":
            page = page.link("Sign in")
        who = visitor.person or stage.place.ada
        landed = page.form(containing="Sign in").fill(name=who.orcid, password=who.password).submit()
        assert stage.meet(landed) == then, (prompt, landed.url)
        if then == "form":
            brought = answer(landed.form(containing="Deny").submit("Deny").url)
            assert brought["error"] == "access_denied"
            assert brought["state"] == "s1"


@pytest.mark.parametrize("row", TABLES["answers"], ids=lambda row: f"{row['response type']}-{row['scope']}")
def test_what_a_yes_and_a_no_bring(stage: Stage, row: Row) -> None:
    part = part_of(row["response type"])
    assert part == row["goes to"]
    for state in ("a b&ü", None):
        landed = stage.allowed("portal", row["response type"], row["scope"], state=state)
        told = answer(landed, part)
        assert " ".join(told) == row["brings"].replace(" state" if state is None else "\0", "")
        assert told.get("state") == state
        assert told["iss"] == stage.place.site
        page = stage.ada.open(
            stage.url("portal", row["response type"], row["scope"], prompt="consent", state=state)
        )
        denied = answer(page.form(containing="Deny").submit("Deny").url, part)
        assert " ".join(denied) == f"error error_description{' state' if state else ''} iss"


@pytest.mark.parametrize("row", TABLES["id_token"], ids=lambda row: f"{row['kind']}-{row['by']}")
def test_what_an_id_token_says(stage: Stage, row: Row) -> None:
    client = "widget" if row["kind"] == "public" else "portal"
    told = answer(stage.allowed(client, row["by"], SCOPE), part_of(row["by"]))
    if row["by"] == "code":
        told = stage.place.redeem(stage.clients[client], told["code"]).json()
    claims = stage.claims(told["id_token"])
    assert " ".join(claims) == row["claims"]
    now, ada = stage.place.clock.now() // 1000, stage.place.ada
    known = {
        "iss": stage.place.site, "sub": ada.orcid, "aud": stage.clients[client].id, "iat": now,
        "exp": now + 86400, "nonce": NONCE, "name": ada.name, "given_name": "Ada", "family_name": "Lovelace",
    }  # fmt: skip
    assert {name: claims[name] for name in known} == known
    assert claims.get("amr") == (["pwd"] if row["kind"] == "premium" else None)
    assert claims["auth_time"] <= now


@pytest.mark.parametrize(
    "row",
    TABLES["token endpoint"],
    ids=lambda row: f"{row['grant']}-{row['client']}-{row['by']}-{row['sent']}",
)
def test_the_token_endpoint(stage: Stage, row: Row) -> None:
    form = {"grant_type": row["grant"], **sent(stage, row)}
    assert said(stage.ask_token(row["client"], row["by"], form)) == row["answer"]


def sent(stage: Stage, row: Row) -> dict[str, str]:
    """What a row's words put into the request."""
    what, _, more = row["sent"].partition(" and ")
    extra = dict([more.split("=", 1)]) if "=" in more else {}
    if what == "nothing":
        return {}
    if what.startswith("scope="):
        return {"scope": what.removeprefix("scope=")}
    if "token" in what:
        return {"refresh_token": refreshing(stage, row["client"], what), **extra}
    return {**coded(stage, row["client"], what, more), **extra}


def coded(stage: Stage, client: str, what: str, more: str) -> dict[str, str]:
    scope = "/authenticate" if "alone" in what else SCOPE
    owner = "app" if what == "the code of app" else client
    form = {"code": stage.code(owner, scope), "redirect_uri": BACK}
    if what.endswith("after ten minutes"):
        stage.place.clock.advance(600_000)
    if what.endswith("a second time"):
        assert stage.ask_token(client, "post", {"grant_type": "authorization_code", **form}).status == 200
    if what.endswith("without redirect_uri"):
        del form["redirect_uri"]
    verifiers = {"verifier": VERIFIER, "another verifier": VERIFIER[::-1]}
    if more in verifiers:
        form["code_verifier"] = verifiers[more]
    return form | ({"redirect_uri": BACK + "/"} if more == "another redirect_uri" else {})


def refreshing(stage: Stage, client: str, what: str) -> str:
    owner = "app" if what.endswith("of app") else client
    proof = {"code_verifier": VERIFIER} if CLIENTS[owner]["proof key"] == "yes" else {}
    given = {"grant_type": "authorization_code", "code": stage.code(owner), **proof}
    body = stage.ask_token(owner, "post", given).json()
    if what.endswith("a second time"):
        form = {"grant_type": "refresh_token", "refresh_token": body["refresh_token"]}
        assert stage.ask_token(owner, "post", form).status == 200
    text: str = body["access_token" if "access token" in what else "refresh_token"]
    return text


def test_all_of_it_at_random(stage: Stage) -> None:
    """Any client, address, response, scope, visitor and prompt together: the first refusal decides."""
    chance = random.Random(20_261_125)
    visitors = {
        row["who"]: stage.visitor(row["who"])
        for row in TABLES["meetings"]
        if row["who"] != "has a locked record"
    }
    for _ in range(size(80, 5_000)):
        client, who, prompt = (chance.choice(list(one)) for one in (CLIENTS, visitors, PROMPTS))
        redirect, response, scope = (
            chance.choice([*TABLES[name], *TABLES[name][:1] * 6])
            for name in ("redirects", "response types", "scopes")
        )
        told = expected(client, redirect, response, scope)
        if told == "on":
            told = find("meetings", who=who)[prompt]
            if told == "at once" and (client, scope["sent"], response["sent"]) != ("library", SCOPE, "code"):
                told = "interaction_required" if "none" in prompt else "form"
        url = stage.url(
            client, response["sent"], scope["sent"], redirect_uri=redirect["sent"], **meeting(prompt)
        )
        browser = stage.place.browser() if who == "nobody" else visitors[who].browser
        page = browser.open(url)
        assert stage.meet(page) == told, (
            client,
            redirect["sent"],
            response["sent"],
            scope["sent"],
            who,
            prompt,
        )
