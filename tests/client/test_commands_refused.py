"""`laelia record …` where it makes no sense, and where no registry answers."""

import json
import pathlib
from typing import Any

import pytest

from client.desk import command
from client.served import serving
from laelia.client import orcid
from laelia.client.commands import common
from laelia.client.commands.settings import Settings
from laelia.codec import json as json_codec
from laelia.model.language import V3_0
from laelia.model.person import Keyword


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("get", "0000-0002-1825-0098"), "0000-0002-1825-0098 is no iD"),
        (("get", "ID", "papers"), "papers is no section"),
        (("get", "ID", "distinctions", "--version", "2.1"), "distinctions exist since version 3.0"),
        (("get", "ID", "person", "12"), "person has no items"),
        (("get", "ID", "works", "--summary"), "--summary goes with"),
        (("get", "ID", "keywords", "12", "--summary"), "have no summaries"),
        (("get", "ID", "works", "twelve"), "put_code"),
        (("get", "ID", "--version", "1.2"), "1.2"),
        (("get", "ID", "--at", "orcid.org"), "neither an address nor one of orcid, orcid-sandbox"),
        (("get", "ID", "--token", "s3cret"), "a token is not taken on the command line"),
        (("get", "ID", "--token-file", "/nowhere/token"), "/nowhere/token can't be read"),
        (("get", "ID", "--token", "-"), "no token came from standard input"),
        (("get", "ID", "--token", "-", "--token-file", "t"), "both given"),
        (("delete", "ID", "work", "12"), "writing needs a token"),
        (("add", "ID", "works", "/nowhere/work.json"), "/nowhere/work.json can't be read"),
        (("add", "ID", "works", "-", "--token", "-"), "for one thing only"),
        (("add", "ID", "works", "-", "-"), "for one thing only"),
        (("add", "ID", "person", "-"), "person is no section"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_is_asked(words: tuple[str, ...], said: str) -> None:
    given = ("0000-0002-1825-0097" if word == "ID" else word for word in words)
    done = command(*given, LAELIA_RECORD_AT="http://127.0.0.1:9")
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "s3cret" not in done.stderr


def test_settings_are_checked_and_name_registries(tmp_path: pathlib.Path) -> None:
    ada = "0000-0002-1825-0097"
    unknown = command("get", ada, LAELIA_RECORD_TOKN="x")
    assert (unknown.exit_code, "LAELIA_RECORD_TOKN is not a setting" in unknown.stderr) == (2, True)
    half = command("get", ada, LAELIA_RECORD_CLIENT_ID="APP-1")
    assert (half.exit_code, "LAELIA_RECORD_CLIENT_SECRET" in half.stderr) == (2, True)
    ca = command("get", ada, LAELIA_RECORD_CA=str(tmp_path / "none.pem"))
    assert (ca.exit_code, "certificate authority" in ca.stderr) == (2, True)
    for name, addresses in (("orcid", orcid.PRODUCTION), ("orcid-sandbox", orcid.SANDBOX)):
        assert common.registry(Settings(at=name), "3.0").addresses == addresses


def answering(status: str, body: bytes = b"", **headers: str) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        start_response(status, [("Content-Type", "text/html"), ("Content-Length", str(len(body))), *pairs])
        return [body]

    return app


@pytest.mark.parametrize(
    ("status", "headers", "state", "said"),
    [
        ("503 Busy", {"Retry_After": "30"}, "unsent", "try again after 30 seconds"),
        ("429 Slowly", {}, "unsent", "the registry answered 429"),
        ("502 Gone", {}, "unknown", "only the record can tell"),
        ("500 Fault", {}, "unknown", "9008: something broke; only the record can tell"),
        ("201 Made", {}, "unknown", "did not say which put-code"),
    ],
)
def test_a_registry_that_is_not_available(
    tmp_path: pathlib.Path, status: str, headers: dict[str, str], state: str, said: str
) -> None:
    paths = [tmp_path / f"{word}.json" for word in ("a", "b")]
    for path in paths:
        path.write_bytes(json_codec.encode(Keyword(content=path.stem), V3_0))
    fault = b'{"error-code": 9008, "developer-message": "something broke"}'
    body = fault if status.startswith("500") else b"<html>"
    with serving(answering(status, body, **headers)) as served:
        env = {"LAELIA_RECORD_AT": served.url, "LAELIA_RECORD_TOKEN": "hers"}
        words = ("add", "0000-0002-1825-0097", "keywords", *paths)
        done = command(*words, **env)
        assert (done.exit_code, done.stdout) == (3, "")
        assert said in done.stderr
        told = json.loads(command(*words, "--json", **env).stdout)
        assert [one["state"] for one in told] == [state, "unsent"]
        assert len(served.calls) == 2
        read = command("get", "0000-0002-1825-0097", LAELIA_RECORD_AT=served.url)
        assert (read.exit_code, read.stdout, "whether" in read.stderr) == (3, "", False)
    closed = command(*words, **env)
    assert closed.exit_code == 3
    assert "unreachable" in closed.stderr


def test_a_registrys_words_cannot_steer_the_terminal() -> None:
    told = {"response-code": 404, "error-code": 9016, "developer-message": "no\n\x1b[2Jsuch\u202e record"}
    with serving(answering("404 None", json.dumps(told).encode())) as served:
        done = command("get", "0000-0002-1825-0097", LAELIA_RECORD_AT=served.url)
    assert (done.exit_code, done.stderr) == (1, "9016: no [2Jsuch record\n")
