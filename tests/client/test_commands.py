"""`laelia record …` at a served registry: documents on stdout, verdicts, and the exit codes."""

import json
import pathlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle

import pytest

import samples
from client.conftest import club
from client.desk import Desk
from client.served import serving
from laelia.client.commands import common
from laelia.codec import json as json_codec
from laelia.codec import xml as xml_codec
from laelia.model.affiliation import Employment
from laelia.model.common import ExternalId
from laelia.model.language import V2_1, V3_0, VERSIONS
from laelia.model.person import Keyword
from laelia.model.sections import BY_NAME, SECTIONS
from laelia.model.work import Work, WorkBulk, WorkSummary, WorkTitle
from laelia.registry.access import person
from laelia.registry.grants import consents
from laelia.registry.record import items, people
from registry.place import Place


@pytest.fixture
def desk(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Desk]:
    with serving() as served:
        place = Place(new_database("laelia.registry.migrations"), tmp_path / "var", site=served.url)
        served.app = place.service.wsgi
        yield Desk(club(place), served, tmp_path)
        place.close()


def work(number: int, title: str = "On bees") -> Work:
    doi = ExternalId(type="doi", value=f"10.5555/bee.{number}", relationship="self")
    return Work(title=WorkTitle(title=title), type="journal-article", external_ids=[doi])


def listing(*works: Work) -> bytes:
    return b"[" + b",".join(json_codec.encode(one, V3_0) for one in works) + b"]"


def test_the_life_of_an_item(desk: Desk) -> None:
    """One section of every way of listing; that all are alike is for test_sections."""
    for section in {one.listing: one for one in SECTIONS}.values():
        kind = section.entity
        file = desk.file("item.json", json_codec.encode(samples.minimal(kind), V3_0))
        added = desk.write("add", desk.ada, section.name, file)
        assert (added.exit_code, added.stderr) == (0, "")
        assert added.stdout.startswith(f"added {section.noun} ")
        number = int(added.stdout.split()[-1])
        file = desk.file("item.xml", xml_codec.encode(samples.full(kind), V3_0))
        updated = desk.write("update", desk.ada, section.noun, number, file)
        assert (updated.stdout, updated.exit_code) == (f"changed {section.noun} {number}\n", 0)
        shown = desk("get", desk.ada, section.item_path, number)
        assert json.loads(shown.stdout)["put-code"] == number
        deleted = desk.write("delete", desk.ada, section.list_path, number)
        assert (deleted.stdout, deleted.exit_code) == (f"deleted {section.noun} {number}\n", 0)


def test_every_section_has_a_name_for_the_list_and_one_for_the_item() -> None:
    for section in SECTIONS:
        for word in (section.name, section.list_path, section.item_path, section.noun):
            assert common.section_named(word, "3.0") is section


def test_what_is_read_is_what_the_registry_sends(desk: Desk) -> None:
    number = desk.bees.record().add(samples.full(Work))
    ways = cycle((form, version) for version in ("3.0", "2.1", "2.0") for form in ("json", "xml"))
    for words, path in (
        ((), "record"), (("record",), "record"), (("person",), "person"), (("activities",), "activities"),
        (("email",), "email"), (("emails",), "email"), (("work",), "works"),
        (("personal-details",), "personal-details"),
        (("works",), "works"), (("work", number), f"work/{number}"), (("address",), "address"),
        (("works", number, "--summary"), f"work/summary/{number}"), (("keywords",), "keywords"),
    ):  # fmt: skip
        form, version = next(ways)
        shown = desk("get", desk.ada, *words, "--format", form, "--version", version)
        there = replace(desk.bees.registry, version=VERSIONS[version], form=form).record(desk.ada)
        assert (shown.exit_code, shown.stdout.strip()) == (0, there.document(path).decode().strip())
    as_uri = desk("get", f"https://orcid.org/{desk.ada}", "works")
    assert as_uri.stdout == desk("get", desk.ada, "works").stdout


def test_the_token_decides_what_is_seen(desk: Desk) -> None:
    hidden = desk.bees.record().add(work(1))
    with desk.bees.place.service.db.writing() as tx:
        now = desk.bees.place.clock.now()
        items.set_visibility(tx, now, person(desk.ada), desk.ada, BY_NAME["works"], hidden, "private")
    member, token = desk.bees.member, desk.bees.token

    def seen(*words: object, stdin: str = "", **env: str | None) -> int:
        done = desk("get", desk.ada, "works", *words, stdin=stdin, **env)
        assert done.exit_code == 0, done.stderr
        return len(json.loads(done.stdout)["group"])

    assert seen() == 0
    assert seen("--token-file", desk.folder / "token") == 1
    assert seen("--token", "-", stdin=f"{token}\n") == 1
    assert seen(LAELIA_RECORD_TOKEN=token) == 1
    assert seen(LAELIA_RECORD_TOKEN_FILE=str(desk.folder / "token")) == 1
    assert seen(LAELIA_RECORD_CLIENT_ID=member.id, LAELIA_RECORD_CLIENT_SECRET=member.secret) == 1
    assert ("POST", "/oauth/token") in desk.served.calls
    wrong = desk("get", desk.ada, LAELIA_RECORD_CLIENT_ID=member.id, LAELIA_RECORD_CLIENT_SECRET="wrong")
    assert wrong.exit_code == 1
    assert wrong.stderr.startswith("invalid_client: ")


def test_items_come_in_files_lists_and_envelopes_in_either_form(desk: Desk) -> None:
    many = WorkBulk(bulk=[work(5), work(6)])
    files = [
        desk.file("one.json", b"\xef\xbb\xbf " + json_codec.encode(work(1), V3_0)),
        desk.file("one.xml", xml_codec.encode(work(2), V3_0)),
        desk.file("list.json", listing(work(3), work(4))),
        desk.file("bulk.json", json_codec.encode(many, V3_0)),
        desk.file("bulk.xml", xml_codec.encode(WorkBulk(bulk=[work(7), work(8)]), V3_0)),
    ]
    done = desk.write("add", desk.ada, "works", *files, "-", stdin=json_codec.encode(work(9), V3_0).decode())
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    places = [line.rpartition(": added work ")[0].rpartition("/")[2] for line in lines]
    assert places == [
        "one.json", "one.xml", "list.json[0]", "list.json[1]", "bulk.json[0]", "bulk.json[1]",
        "bulk.xml[0]", "bulk.xml[1]", "stdin",
    ]  # fmt: skip
    assert desk.writes == [("POST", f"/v3.0/{desk.ada}/works")]
    numbers = {int(line.rpartition(" ")[2]) for line in lines}
    assert numbers == {one.put_code for one in desk.bees.record().section(WorkSummary)}
    old = desk.file("old.xml", xml_codec.encode(work(10), V2_1))
    assert desk.write("add", desk.ada, "work", old, "--version", "2.1").exit_code == 0


def test_a_hundred_go_at_a_time_and_each_gets_its_verdict(desk: Desk) -> None:
    there = desk.bees.record().add(work(150))
    works = [work(number, title=" " if number == 7 else "On bees") for number in range(203)]
    done = desk.write("add", desk.ada, "works", desk.file("works.json", listing(*works)), "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, done.stderr, len(told)) == (1, "", 203)
    assert [one["at"].rpartition("/")[2] for one in told] == [f"works.json[{at}]" for at in range(203)]
    refused = {at: one["code"] for at, one in enumerate(told) if one["state"] == "refused"}
    assert refused == {7: 9047, 150: 9021}
    assert told[150]["put_code"] == there
    assert all(one["put_code"] for at, one in enumerate(told) if at != 7)
    assert desk.writes == [("POST", f"/v3.0/{desk.ada}/works")] * 3
    assert len(desk.bees.record().section(WorkSummary)) == 202


def test_what_is_wrong_with_one_item_does_not_keep_the_others_back(desk: Desk) -> None:
    bad = desk.file("bad.json", b'{"content": 5, "colour": "green"}')
    torn = desk.file("torn.json", b'{"content": ')
    stray = desk.file("stray.xml", b"<html/>")
    good, other = (
        desk.file(f"{word}.json", json_codec.encode(Keyword(content=word), V3_0)) for word in ("bees", "wax")
    )
    done = desk.write("add", desk.ada, "keyword", good, bad, good, torn, stray, other)
    assert done.exit_code == 1
    assert [line.split(": ", 1)[0].rpartition("/")[2] for line in done.stdout.splitlines()] == [
        "bees.json", "wax.json",
    ]  # fmt: skip
    said = [line.split(": ")[:2] for line in done.stderr.splitlines()]
    assert [(place.rpartition("/")[2], code) for place, code in said] == [
        ("bad.json", "9047"), ("bees.json", "9030"), ("torn.json", "9001"), ("stray.xml", "9001"),
    ]  # fmt: skip
    assert {one.content for one in desk.bees.record().section(Keyword)} == {"bees", "wax"}


def test_what_is_wrong_with_the_token_or_the_record_ends_the_command(desk: Desk) -> None:
    files = [
        desk.file(f"{word}.json", json_codec.encode(Keyword(content=word), V3_0)) for word in ("a", "b", "c")
    ]
    desk.bees.place.set_state(desk.bees.ada, "locked")
    done = desk.write("add", desk.ada, "keywords", *files, "--json")
    assert done.exit_code == 1
    assert [(one["state"], one.get("code")) for one in json.loads(done.stdout)] == [
        ("refused", 9018), ("unsent", None), ("unsent", None),
    ]  # fmt: skip
    desk.bees.place.set_state(desk.bees.ada, "active")
    with desk.bees.place.service.db.writing() as tx:
        consents.revoke(tx, desk.bees.place.clock.now(), desk.ada, desk.bees.member.id)
    done = desk.write("add", desk.ada, "keywords", *files)
    assert (done.exit_code, done.stdout) == (1, "")
    first, *rest = done.stderr.splitlines()
    assert "invalid_token: " in first
    assert [line.rpartition("/")[2] for line in rest] == ["b.json: not sent", "c.json: not sent"]
    assert len(desk.writes) == 2


def test_an_update_names_one_item_and_means_it(desk: Desk) -> None:
    number = desk.bees.record().add(work(1))
    kept = desk("get", desk.ada, "work", number).stdout
    changed = desk.file("changed.json", kept.replace("On bees", "On wasps").encode())
    assert desk.write("update", desk.ada, "work", number, changed, "--json").exit_code == 0
    assert "On wasps" in desk("get", desk.ada, "work", number).stdout
    other = desk.bees.record().add(work(2))
    done = desk.write("update", desk.ada, "work", other, changed)
    assert done.exit_code == 1
    assert done.stderr.startswith("9019: ")
    two = desk.write("update", desk.ada, "work", number, desk.file("two.json", listing(work(3), work(4))))
    assert two.exit_code == 2
    assert "holds 2 items" in two.stderr


def test_refusals_are_a_line_with_the_code(desk: Desk) -> None:
    job = desk.bees.record().add(samples.minimal(Employment))
    for words, start in (
        (("get", desk.ada, "work", 999), "9016: "),
        (("get", desk.ada, "education", job), "9006: "),
        (("get", desk.ada, "biography"), "9041: "),
        (("delete", desk.ada, "work", 999), "9016: "),
        (("get", desk.bees.place.stranger.orcid, "works"), "9017: "),
    ):
        done = desk.write(*words)
        assert (done.exit_code, done.stdout) == (1, ""), words
        assert done.stderr.startswith(start), words
        assert done.stderr.count("\n") == 1
    assert desk("get", "0000-0002-1825-0097").stderr.startswith("9016: ")
    place, primary = desk.bees.place, desk.bees.place.stranger.orcid
    with place.service.db.writing() as tx:
        people.set_state(tx, place.clock.now(), desk.ada, "deprecated", primary=primary)
    for done in (desk("get", desk.ada), desk.write("delete", desk.ada, "employment", job)):
        assert done.stderr.startswith("9007: ")
        assert done.stderr.endswith(f"(the record is now {primary})\n")
    place.set_state(desk.bees.ada, "deactivated")
    assert desk("get", desk.ada).stderr.startswith("9044: ")
