"""Signing keys change while every process serves, and no id_token is left without its key."""

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode
from typer.testing import CliRunner

from laelia.lib.clock import SystemClock
from laelia.lib.http import Http
from laelia.lib.secret import SealBroken
from laelia.registry import app
from laelia.registry.commands import commands
from laelia.registry.grants import signing_keys
from registry.place import Member, Place, client_site

MINUTE, DAY = 60_000, 86_400_000


class Two:
    """Two processes of one registry: each its own service, one database, one folder of keys."""

    def __init__(self, place: Place) -> None:
        self.place, self.client = place, place.member()
        self.other = app.build(place.settings, http=place.calling, clock=place.clock)

    def kids(self, wsgi: Any) -> list[str]:
        self.place.http = _over(self.place, wsgi)
        body = self.place.http.get(self.place.at("/oauth/jwks")).json()
        return [key["kid"] for key in body["keys"]]

    def both(self) -> list[str]:
        here, there = self.kids(self.place.service.wsgi), self.kids(self.other.wsgi)
        assert here == there
        return here

    def signed_by(self, wsgi: Any) -> tuple[str, str]:
        """An id_token of this process, and the key it names."""
        self.place.http = _over(self.place, wsgi)
        token = self.place.token(self.place.ada, self.client, scope="openid", prompt="confirm")["id_token"]
        return token, head(token)["kid"]

    def rotate(self, at_once: bool = False) -> None:
        with self.place.service.db.writing() as tx:
            signing_keys.rotate(tx, self.place.clock.now(), self.place.service.keys, at_once=at_once)

    def opens(self, token: str, wsgi: Any) -> bool:
        self.place.http = _over(self.place, wsgi)
        keys = KeySet.import_key_set(self.place.http.get(self.place.at("/oauth/jwks")).json())
        try:
            jwt.decode(token, keys, algorithms=["RS256"])
        except (JoseError, ValueError):
            return False
        return True


def _over(place: Place, wsgi: Any) -> Any:
    return Http(apps={place.site: wsgi, "https://client.test": client_site})


def head(token: str) -> dict[str, str]:
    told: dict[str, str] = json.loads(urlsafe_b64decode(token.split(".")[0].encode()))
    return told


def test_a_new_key_is_shown_first_then_signs_everywhere_and_the_old_one_stays(place: Place) -> None:
    two = Two(place)
    here, there = place.service.wsgi, two.other.wsgi
    (first,) = two.both()
    old, kid = two.signed_by(here)
    assert kid == first
    assert two.signed_by(there)[1] == first

    two.rotate()
    assert len(two.both()) == 2, "both processes show the new key before it signs"
    assert {two.signed_by(wsgi)[1] for wsgi in (here, there)} == {first}

    place.clock.advance(10 * MINUTE)
    (second,) = {two.signed_by(wsgi)[1] for wsgi in (here, there)}
    assert second != first
    assert two.opens(old, there)

    # The last id_token of the old key was signed just now and lives for a day.
    place.clock.advance(DAY)
    assert two.both() == [first, second]
    place.clock.advance(10 * MINUTE)
    assert two.both() == [second]
    two.other.close()


def test_a_key_that_is_not_ours_alone_any_more_goes_at_once(place: Place) -> None:
    two = Two(place)
    old, first = two.signed_by(place.service.wsgi)
    two.rotate(at_once=True)
    assert not two.opens(old, two.other.wsgi)
    new, second = two.signed_by(two.other.wsgi)
    assert first != second
    assert two.opens(new, place.service.wsgi)
    assert two.both() == [second]
    two.other.close()


def test_the_private_half_goes_when_it_signs_no_more(place: Place) -> None:
    two = Two(place)
    two.both()
    two.rotate()
    place.clock.advance(DAY)
    two.rotate()
    sealed = [row.sealed is None for row in place.rows("signing_key")]
    assert sorted(sealed) == [False, False, True]
    token, _ = two.signed_by(place.service.wsgi)
    assert two.opens(token, two.other.wsgi)
    two.other.close()


def test_a_sealed_key_of_another_row_does_not_open(place: Place) -> None:
    """Whoever may write to the table can't make the registry sign with a key that was moved."""
    with place.service.db.writing() as tx:
        now = place.clock.now()
        one = signing_keys.add(tx, now, place.service.keys, begins=now)
    with pytest.raises(SealBroken):
        place.service.keys.unseal(one.sealed, "signing_key.sealed:another")


def test_the_command(
    new_database: Callable[..., str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", new_database("laelia.registry.migrations"))
    monkeypatch.setenv("LAELIA_REGISTRY_VAR", str(tmp_path / "var"))

    def run(*words: str) -> list[dict[str, Any]]:
        done = CliRunner().invoke(commands, ["keys", *words, "--json"])
        assert done.exit_code == 0, done.output
        told: list[dict[str, Any]] = json.loads(done.stdout)
        return told

    assert run("signing") == []
    (first,) = run("rotate-signing")
    assert first["state"] == "signs"
    old, new = run("rotate-signing")
    assert (old["kid"], old["state"], new["state"]) == (first["kid"], "signs", "will sign")
    assert new["begins"] - SystemClock().now() > 9 * MINUTE
    assert [one["state"] for one in run("rotate-signing", "--at-once")] == ["signs"]


def test_a_client_registers_for_more(
    new_database: Callable[..., str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database("laelia.registry.migrations")
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", url)
    add = ["client", "add", "--name", "Reader", "--kind", "public", "--id", "APP-A", "--secret", "s"]
    words = [
        "--redirect-uri",
        "https://client.test/back",
        "--implicit",
        "--proof-key",
        "--exchange-partner",
        "APP-B",
    ]
    for _ in range(2):  # given again with the same values nothing happens
        done = CliRunner().invoke(commands, [*add, *words])
        assert done.exit_code == 0, done.output
    place = Place(url, tmp_path / "var")
    page = place.ask(place.ada, Member("APP-A", "s"), scope="openid", response_type="token")
    assert page.form(containing="Authorise")
    assert place.sent_back(place.ada, Member("APP-A", "s"), scope="openid")["error"] == "invalid_request"
    place.close()
