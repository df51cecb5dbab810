"""The zip with everything that is kept about one person."""

import csv
import io
import itertools
import zipfile

import pytest
import sqlalchemy as sa

from laelia.codec import json as json_codec
from laelia.codec import xml as xml_codec
from laelia.lib.database import in_transaction
from laelia.model.language import V3_0
from laelia.model.record import Record
from laelia.model.work import Work
from laelia.registry import tables
from laelia.registry.account.closing.personal import HELD
from laelia.registry.bulk import my_data
from laelia.registry.record.uris import Uris
from registry.closing.life import (
    AGENT,
    BIOGRAPHY,
    CREDIT,
    DOI,
    KEYWORD,
    PERSONAL,
    SECOND,
    SUBJECT,
    TITLE,
    Life,
)
from registry.place import PASSWORD


def downloaded(life: Life) -> zipfile.ZipFile:
    page = life.live().open(life.place.at("/account/data")).form(-1).fill(password=PASSWORD).submit()
    assert page.headers["content-type"] == "application/zip"
    assert page.headers["content-disposition"] == f'attachment; filename="{life.ada}.zip"'
    assert page.headers["cache-control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(page.response.body))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(f"account/{name}").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_all_of_it_is_there(life: Life) -> None:
    archive = downloaded(life)
    assert archive.testzip() is None
    everything = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
    assert not [what for what, value in PERSONAL.items() if value.lower() not in everything.lower()]
    files = {held.told for held in HELD.values() if held.told.endswith(".csv")}
    assert {name.removeprefix("account/") for name in archive.namelist() if "account/" in name} == files
    readme = archive.read("README.txt").decode()
    assert all(f"account/{name}" in readme for name in files)


def test_the_record_is_whole_in_both_formats(life: Life) -> None:
    archive = downloaded(life)
    record = json_codec.decode(Record, archive.read("record.json"), V3_0)
    assert xml_codec.decode(Record, archive.read("record.xml"), V3_0) == record
    assert record.person is not None
    said = archive.read("record.json").decode()
    assert all(value in said for value in (BIOGRAPHY, CREDIT, KEYWORD, SECOND, TITLE)), "also what is private"
    name = f"activities/works/{life.work_added}"
    work = json_codec.decode(Work, archive.read(f"{name}.json"), V3_0)
    assert work.external_ids[0].value == DOI
    assert xml_codec.decode(Work, archive.read(f"{name}.xml"), V3_0).external_ids == work.external_ids


def test_the_account_is_told_in_tables(life: Life) -> None:
    archive = downloaded(life)
    assert {row["email"]: row["verified"] for row in table(archive, "emails.csv")} == {
        "ada@example.org": "True", SECOND: "True", "zq-third@example.org": "False",
    }  # fmt: skip
    (permission,) = table(archive, "permissions.csv")
    assert (permission["client_id_name"], permission["scopes"]) == (
        "Bee Library",
        "/read-limited /person/update",
    )
    assert permission["granted"].endswith("+00:00")
    assert AGENT in {row["agent"] for row in table(archive, "sessions.csv")}
    assert SUBJECT in table(archive, "notifications.csv")[0]["body"]
    assert {(row["orcid"], row["actor"]) for row in table(archive, "trusted_individuals.csv")} == {
        (life.ada, life.sophie), (life.sophie, life.ada),
    }  # fmt: skip
    read = [row for row in table(archive, "calls.csv") if row["method"] == "GET"]
    assert ("Bee Library", "/v3.0/{orcid}/record") in [(row["client_id_name"], row["path"]) for row in read]
    added = [row for row in table(archive, "changes.csv") if row["kind"] == "create"]
    assert {row["client_name"] for row in added} == {"Bee Library"}


def test_nothing_that_opens_a_door_is_in_it(life: Life) -> None:
    archive = downloaded(life)
    everything = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
    hidden = [
        str(row._mapping[column])
        for name, held in HELD.items()
        for column in held.hidden.split()
        for row in life.place.rows(name)
        if row._mapping[column]
    ]
    assert len(hidden) > 10
    assert not [value for value in hidden if value in everything]


def test_only_her_own_is_in_it(life: Life) -> None:
    archive = downloaded(life)
    everything = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
    assert "sophie@example.org" not in everything


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(life: Life, start: str) -> None:
    with life.place.service.db.writing() as tx:
        tx.execute(sa.update(tables.email).values(email=f"{start}cmd|' /C calc'!A0"))
    wanted = my_data.Wanted(orcid=life.ada, uris=Uris("https://registry.test"), readme="")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(my_data.stream(life.place.service.db, wanted))))
    assert {row["email"] for row in table(archive, "emails.csv")} == {f"'{start}cmd|' /C calc'!A0"}


def test_no_transaction_is_open_while_it_is_sent(life: Life) -> None:
    """A reader that takes its time holds up nobody."""
    life.live()
    for _ in range(3):
        life.add()
    wanted = my_data.Wanted(orcid=life.ada, uris=Uris("https://registry.test"), readme="")
    pieces = my_data.stream(life.place.service.db, wanted)
    for number, _piece in enumerate(pieces):
        assert not in_transaction()
        if number == 2:
            life.add()  # somebody writes meanwhile
    assert number > len(HELD) / 3


def test_the_password_is_asked_for(life: Life) -> None:
    browser = life.place.browser(life.place.ada)
    page = browser.open(life.place.at("/account/data"))
    empty, wrong = page.form(-1).submit(), page.form(-1).fill(password="wrong 1 word").submit()
    assert (empty.status, wrong.status) == (422, 401)
    assert "This is not the password" in wrong.text
    guesses = itertools.islice(itertools.repeat(page), 5)
    assert [one.form(-1).fill(password="wrong 1 word").submit().status for one in guesses][-1] == 401
    assert "Too many attempts" in page.form(-1).fill(password=PASSWORD).submit().text
