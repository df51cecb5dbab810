"""Who may see what: every question of `matrix.txt` is asked, of both databases."""

import re
from typing import Any

import orjson
import pytest

from laelia.lib.http import Response
from laelia.registry import tables
from laelia.registry.record import people
from registry.api import documents
from registry.api.documents import JSON, XML
from registry.api.matrix import (
    ASKERS,
    IMPLIED,
    ITEMS,
    SECTIONS,
    TABLES,
    Matrix,
    Section,
    expanded,
    holds,
    number_of,
    said,
)
from registry.api.people import NOBODY, VERSIONS

FORMS = {"json": JSON, "xml": XML}
each_section = pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_version = pytest.mark.parametrize("version", VERSIONS)


def rows(table: str, version: str) -> list[dict[str, str]]:
    return [row for row in TABLES[table] if holds(row["who"], version)]


def put_codes(answer: Response) -> list[int]:
    """Every put-code in a document of either form; e-mail addresses have none."""
    found = re.findall(r'"put-code":(\d+)|put-code="(\d+)"', answer.text)
    return sorted(int(one or other) for one, other in found)


@each_version
@each_form
@each_section
def test_each_sees_what_is_theirs_to_see(matrix: Matrix, section: Section, version: str, form: str) -> None:
    items = matrix.items[section.name]
    wrong = []
    for i, row in enumerate(rows("seen", version)):
        expected = row if section.lives_in(version) else dict.fromkeys(row, "404 9001")
        # Who is refused everything is refused at the door: one item will do, another one each time.
        alike = len({expected[column] for column in ITEMS}) == 1
        for column in (ITEMS[i % len(ITEMS)],) if alike else ITEMS:
            for path in section.singles():
                answer = matrix.ask(row["who"], "GET", f"/{path}/{items[column]}", version, form, section)
                own_path = f'"/{matrix.api.ada}/{section.item}/{items[column]}"'
                shown = put_codes(answer) == [items[column]] and own_path in answer.text
                got = "yes" if shown else said(answer)
                if got != expected[column]:
                    wrong.append(f"{row['who']}: {path}, {column}: {got} instead of {expected[column]}")
        answer = matrix.ask(row["who"], "GET", f"/{section.list}", version, form, section)
        if listed(answer) != listed_in(expected, items):
            wrong.append(f"{row['who']}: list: {listed(answer)} instead of {listed_in(expected, items)}")
    assert not wrong, "\n".join(wrong)


def listed(answer: Response) -> str:
    return " ".join(map(str, put_codes(answer))) or "nothing" if answer.status == 200 else said(answer)


def listed_in(row: dict[str, str], *sections: dict[str, int]) -> str:
    """What a document must show: what is shown one by one; who is refused at the door is refused."""
    if at_the_door(row["public"]):
        return row["public"]
    shown = [items[column] for items in sections for column in ITEMS if row[column] == "yes"]
    return " ".join(map(str, sorted(shown))) or "nothing"


def at_the_door(cell: str) -> bool:
    return cell != "yes" and not cell.endswith(("9013", "9038", "9039"))


@each_version
@each_form
def test_the_whole_record_shows_what_its_sections_show(matrix: Matrix, version: str, form: str) -> None:
    here = [section for section in SECTIONS.values() if section.lives_in(version)]
    parts = {
        "": here,
        "/record": here,
        "/person": [section for section in here if section.of_person],
        "/personal-details": [SECTIONS["other-names"]],
        "/activities": [section for section in here if not section.of_person],
    }
    wrong = []
    for row in rows("seen", version):
        if ASKERS[row["who"]]["scopes"].startswith(("to ", "of ")):
            continue  # their scopes are those of one section
        for path, sections in parts.items():
            got = listed(matrix.ask(row["who"], "GET", path, version, form))
            expected = listed_in(row, *(matrix.items[section.name] for section in sections))
            if got != expected:
                wrong.append(f"{row['who']}: {path}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)


@each_version
def test_several_works_at_once_are_answered_one_by_one(matrix: Matrix, version: str) -> None:
    """Those on the record in the order in which they were added, each with its own answer."""
    items = matrix.items["works"]
    numbers = ",".join(str(items[column]) for column in reversed(ITEMS))
    for row in rows("seen", version):
        answer = matrix.ask(row["who"], "GET", f"/works/{numbers}", version, JSON, SECTIONS["works"])
        if at_the_door(row["public"]):
            assert said(answer) == row["public"], row["who"]
            continue
        for one, column in zip(answer.json()["bulk"], ITEMS, strict=True):
            error = one.get("error")
            got = "yes" if error is None else f"{error['response-code']} {error['error-code']}"
            assert got == row[column], (row["who"], column)
            assert error is not None or one["work"]["put-code"] == items[column]


def test_each_scope_shows_what_follows_from_it(matrix: Matrix) -> None:
    wrong = []
    for scope in IMPLIED:
        token = matrix.api.token(matrix.clients["institute"], matrix.api.ada, scope)
        for section in SECTIONS.values():
            path = f"/{section.item}/{matrix.items[section.name]['limited']}"
            got = said(matrix.api.get(path, token))
            expected = "200" if section.limited in expanded(scope) else "403 9038"
            if got != expected:
                wrong.append(f"{scope}: {section.name}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visibility", ["public", "limited", "private"])
@each_version
@each_form
def test_name_and_biography(matrix: Matrix, visibility: str, version: str, form: str) -> None:
    api = matrix.api
    with matrix.place.service.db.writing() as tx:
        people.set_names(tx, api.now, api.ada, given="Ada", family="Lovelace", visibility=visibility)
        people.set_biography(tx, api.now, api.ada, "Keeps bees.", visibility)
    wrong = []
    for row in rows("about her", version):
        who = row["who"]
        answer = matrix.ask(who, "GET", "/biography", version, form)
        got = "yes" if answer.status == 200 and "Keeps bees." in answer.text else said(answer)
        if got != row[visibility]:
            wrong.append(f"{who}: /biography: {got} instead of {row[visibility]}")
        for path in ("", "/record", "/person", "/personal-details"):
            answer = matrix.ask(who, "GET", path, version, form)
            told = "Keeps bees." in answer.text, "Lovelace" in answer.text
            if told != (row[visibility] == "yes", row[visibility] == "yes"):
                wrong.append(f"{who}: {path}: {told} (biography, name) where {row[visibility]}")
    assert not wrong, "\n".join(wrong)


@each_version
def test_a_biography_that_is_not_there(matrix: Matrix, version: str) -> None:
    api = matrix.api
    with matrix.place.service.db.writing() as tx:
        people.set_biography(tx, api.now, api.ada, "", "public")
    for row in rows("about her", version):
        expected = "404 9041" if row["public"] == "yes" else row["public"]
        assert said(matrix.ask(row["who"], "GET", "/biography", version, JSON)) == expected
    assert matrix.ask("trusted", "GET", "/person", version, JSON).json()["biography"] is None


ADDRESSES = {column: f"ada.{column}@example.org" for column in ("public", "limited", "private", "unverified")}


@pytest.fixture
def addresses(matrix: Matrix) -> None:
    api, email = matrix.api, tables.email
    with matrix.place.service.db.writing() as tx:
        for column, address in ADDRESSES.items():
            verified = column != "unverified"
            if people.add_email(tx, api.now, api.ada, address, verified=verified):
                shown = column if verified else "public"
                tx.execute(email.update().where(email.c.email == address).values(visibility=shown))


@each_version
@each_form
def test_addresses(matrix: Matrix, addresses: None, version: str, form: str) -> None:
    wrong = []
    for row in rows("e-mail", version):
        for path in ("/email", "/person", "/record", ""):
            answer = matrix.ask(row["who"], "GET", path, version, form)
            got = {column: "yes" if text in answer.text else "no" for column, text in ADDRESSES.items()}
            expected = {column: row[column] for column in ADDRESSES}
            if answer.status != 200 or got != expected:
                wrong.append(f"{row['who']}: {path}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)


@each_version
def test_dates_tell_nothing_of_what_is_hidden(matrix: Matrix, addresses: None, version: str) -> None:
    """The date of whatever holds items is that of the latest of them that is shown. A name counts for nothing
    in it."""
    asked = 0
    for who in ("nobody", "reader", "trusted", "source", "mailer"):
        for path in ("", "/person", "/personal-details", "/activities", "/email", "/works", "/keywords"):
            asked += _held_to_dates(matrix.ask(who, "GET", path, version, JSON).json())
    assert asked > 100


def _held_to_dates(node: Any) -> int:
    """How many dates were looked at."""
    if isinstance(node, list):
        return sum(map(_held_to_dates, node))
    if not isinstance(node, dict):
        return 0
    inside = sum(_held_to_dates(value) for key, value in node.items() if key != "history")
    if "last-modified-date" not in node or "created-date" in node:
        return inside
    shown = node["last-modified-date"] and node["last-modified-date"]["value"]
    assert shown == max(_dates_in(node), default=None), node.get("path")
    return inside + 1


def _dates_in(node: Any) -> list[int]:
    if isinstance(node, list):
        return [date for one in node for date in _dates_in(one)]
    if not isinstance(node, dict):
        return []
    if "created-date" in node:
        return [node["last-modified-date"]["value"]]
    return [date for key, value in node.items() if key != "name" for date in _dates_in(value)]


GROUPED = [
    pytest.param(one, v, id=f"{one.name}-{v}")
    for one in SECTIONS.values()
    for v in VERSIONS
    if one.lives_in(v) and (one.listed == "grouped" or (one.listed != "flat" and v == "3.0"))
]


@pytest.mark.parametrize(("section", "version"), GROUPED)
def test_what_is_hidden_joins_nothing(matrix: Matrix, section: Section, version: str) -> None:
    """Two public items have nothing in common but what a third, private one shares with each."""
    api = matrix.api
    orcid = api.new_record(default_visibility="public")
    token = api.token(matrix.clients["source"], orcid, "/activities/update")

    def add(key: int, *values: str) -> int:
        ids = documents.identifiers(*(("doi", f"10.5555/{value}", "self") for value in values))
        body = documents.document(section.noun, documents.item(section.noun, key, ids=ids), "3.0", JSON)
        return number_of(api.ask("POST", f"/v3.0/{orcid}/{section.item}", token, body=body, kind=JSON))

    def groups(who: str = NOBODY) -> set[tuple[frozenset[int], frozenset[str]]]:
        answer = api.ask("GET", f"/v{version}/{orcid}/{section.list}", who)
        return {_group(one) for one in _innermost(answer.json())}

    other = matrix.place.member("Third").id
    first, second = add(1, "a"), add(2, "b")
    token = api.token(other, orcid, "/activities/update")
    api.set_record(orcid, default_visibility="private")
    hidden = add(3, "a", "b", "c")
    apart = {(frozenset({first}), frozenset({"a"})), (frozenset({second}), frozenset({"b"}))}
    assert groups() == apart
    assert groups(token) == {(frozenset({first, second, hidden}), frozenset("abc"))}


def _innermost(container: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups that items share identifiers in; of peer reviews they stand within others."""
    outer: list[dict[str, Any]] = container.get("group", container.get("affiliation-group"))
    return [inner for one in outer for inner in one.get("peer-review-group", [one])]


def _group(one: dict[str, Any]) -> tuple[frozenset[int], frozenset[str]]:
    """Its put-codes, and the ends of its identifiers."""
    numbers = re.findall(r'"put-code":(\d+)', orjson.dumps(one).decode())
    values = (x["external-id-value"] for x in one["external-ids"]["external-id"])
    return frozenset(map(int, numbers)), frozenset(value.rpartition("/")[2] for value in values)
