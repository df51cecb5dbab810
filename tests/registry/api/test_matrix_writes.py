"""Who may add, change and delete what: the rest of `matrix.txt`, asked of both databases."""

from dataclasses import dataclass, field

import orjson
import pytest

from laelia.lib.http import Response
from registry.api import documents
from registry.api.documents import JSON, XML
from registry.api.matrix import IMPLIED, SECTIONS, TABLES, Matrix, Section, expanded, holds, number_of, said
from registry.api.matrix import ITEMS as LASTING
from registry.api.people import VERSIONS

FORMS = {"json": JSON, "xml": XML}
each_section = pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_version = pytest.mark.parametrize("version", VERSIONS)
ITEMS = {"theirs": "source", "own": "writer", "behalf": "agent"}
"""Each item that is written to, and who added it."""
OWN_KEY = LASTING.index("own")
"""What the library's lasting item in each section is made of."""


@dataclass
class Desk:
    """Three fresh items of one section, and what is asked of them in one version and form."""

    matrix: Matrix
    section: Section
    version: str
    form: str
    keys: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def lay_out(self, item: str) -> None:
        self.keys[item] = self.matrix.new()
        self.numbers[item] = self.matrix.add(self.section, ITEMS[item], self.keys[item])

    def clear(self) -> None:
        for item, who in ITEMS.items():
            path = f"/{self.section.item}/{self.numbers[item]}"
            assert self.matrix.ask(who, "DELETE", path, "3.0", JSON, self.section).status == 204

    def document(self, key: int, text: str, **attributes: object) -> bytes:
        tree = documents.item(self.section.noun, key, text, self.version)
        return documents.document(self.section.noun, tree, self.version, self.form, **attributes)

    def ask(self, who: str, method: str, number: object = None, body: bytes | None = None) -> Response:
        path = f"/{self.section.item}" + ("" if number is None else f"/{number}")
        return self.matrix.ask(who, method, path, self.version, self.form, self.section, body)

    def put(self, who: str, item: str, text: str = "second", **attributes: object) -> Response:
        number = self.numbers[item]
        body = self.document(self.keys[item], text, **{"put_code": number, **attributes})
        return self.ask(who, "PUT", number, body)

    def do(self, who: str, what: str) -> Response:
        """One cell of the table, by its heading."""
        method, _, item = what.partition(" ")
        if method == "POST":
            return self.ask(who, "POST", body=self.document(self.matrix.new(), "first", visibility="private"))
        if method == "PUT":
            return self.put(who, item)
        return self.ask(who, "DELETE", self.numbers[item])


@pytest.fixture
def desk(matrix: Matrix, section: Section, version: str, form: str) -> Desk:
    return Desk(matrix, section, version, form)


def cells(row: dict[str, str], version: str) -> dict[str, str]:
    """What is asked in this version → what is answered. Who is refused everything alike is refused at the
    door, and asked but once by each method."""
    before = " before 3.0"
    told = {what: said for what, said in row.items() if what != "who"}
    later = {what: said for what, said in told.items() if not what.endswith(before)}
    if version != "3.0":
        later |= {w.removesuffix(before): said for w, said in told.items() if w.endswith(before)}
    if len(set(later.values())) == 1:
        return {what: later[what] for what in ("POST", "PUT theirs", "DELETE own")}
    return later


@each_version
@each_form
@each_section
def test_each_does_what_is_theirs_to_do(desk: Desk) -> None:
    matrix, section, version = desk.matrix, desk.section, desk.version
    if not section.lives_in(version):
        assert said(desk.do("writer", "POST")) == "404 9001"
        return
    for item in ITEMS:
        desk.lay_out(item)
    table = [
        (row["who"], what, expected)
        for row in TABLES["done"]
        if holds(row["who"], version)
        for what, expected in cells(row, version).items()
    ]
    before, wrong = matrix.place.rows("item"), []
    for who, what, expected in table:
        if not expected.startswith("2") and (got := said(desk.do(who, what))) != expected:
            wrong.append(f"{who}: {what}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)
    assert matrix.place.rows("item") == before
    for who, what, expected in table:
        if expected.startswith("2"):
            answer = desk.do(who, what)
            assert said(answer) == expected, (who, what, answer.text)
            _it_is_done(desk, what, answer)
    desk.clear()
    assert len(matrix.place.rows("item")) == len(before) - len(ITEMS)


def _it_is_done(desk: Desk, what: str, answer: Response) -> None:
    method, _, item = what.partition(" ")
    if method == "POST":
        number = number_of(answer)
        place = f"https://registry.test/v{desk.version}/{desk.matrix.api.ada}/{desk.section.item}/{number}"
        assert (answer.headers["location"], answer.body) == (place, b"")
        # Her default visibility counts, not what was sent.
        assert desk.ask("nobody", "GET", number).status == 200
        for who in ("writer", "agent", "source"):
            if desk.ask(who, "DELETE", number).status == 204:
                return
        raise AssertionError(f"nobody can delete {number}")
    number, who = desk.numbers[item], ITEMS[item]
    found = desk.matrix.ask(who, "GET", f"/{desk.section.item}/{number}", "3.0", JSON, desk.section)
    if method == "PUT":
        mark = documents.item("address", desk.keys[item], "second")[0][1]
        mark = mark if desk.section.noun == "address" else "second"
        assert mark in answer.text
        assert mark in found.text
        back = documents.item(desk.section.noun, desk.keys[item])
        body = documents.document(desk.section.noun, back, "3.0", JSON, put_code=number)
        path = f"/{desk.section.item}/{number}"
        assert desk.matrix.ask(who, "PUT", path, "3.0", JSON, desk.section, body).status == 200
    else:
        assert answer.body == b""
        assert said(found) == "404 9016"
        desk.lay_out(item)


@each_version
def test_several_works_at_once_are_added_by_whom_one_may_be_added(matrix: Matrix, version: str) -> None:
    works = SECTIONS["works"]
    before = matrix.place.rows("item")
    for row in TABLES["done"]:
        if not holds(row["who"], version):
            continue
        tree = documents.item("work", matrix.new(), version=version)
        body = orjson.dumps({"bulk": [{"work": documents.as_json(tree, version)}]})
        answer = matrix.ask(row["who"], "POST", "/works", version, JSON, works, body)
        assert said(answer) == row["POST"].replace("201", "200"), row["who"]
        if answer.status == 200:
            number = answer.json()["bulk"][0]["work"]["put-code"]
            assert matrix.ask(row["who"], "DELETE", f"/work/{number}", version, JSON, works).status == 204
    assert matrix.place.rows("item") == before


def test_each_scope_opens_its_own_doors(matrix: Matrix) -> None:
    """Scopes are judged before put-codes: a request with a wrong one tells whether the scope was enough."""
    wrong = []
    api = matrix.api
    for scope in IMPLIED:
        token = api.token(matrix.clients["institute"], api.ada, scope)
        for section in SECTIONS.values():
            tree = documents.item(section.noun, 1)
            body = documents.document(section.noun, tree, "3.0", JSON, put_code=7)
            base = f"/v3.0/{api.ada}/{section.item}"
            for method, path, needed, opened in (
                ("POST", base, section.create, "400 9024"),
                ("PUT", f"{base}/99999", section.change, "400 9019"),
                ("DELETE", f"{base}/99999", section.delete, "404 9016"),
            ):
                sent = body if method != "DELETE" else None
                got = said(api.ask(method, path, token, body=sent, kind=JSON))
                expected = opened if expanded(scope) & set(needed) else "403 9038"
                if got != expected:
                    wrong.append(f"{scope}: {method} {section.name}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)


LIVING = [
    pytest.param(one, v, id=f"{one.name}-{v}")
    for one in SECTIONS.values()
    for v in VERSIONS
    if one.lives_in(v)
]


@each_form
@pytest.mark.parametrize(("section", "version"), LIVING)
def test_what_anybody_is_refused(desk: Desk) -> None:
    section, matrix = desk.section, desk.matrix
    for item in ITEMS:
        desk.lay_out(item)
    before, wrong = matrix.place.rows("item"), []
    twice = section.twice if desk.version == "3.0" else section.twice_before
    for row in TABLES["refused"]:
        if "another affiliation" in row["what"] and not section.is_affiliation:
            continue
        expected = row["answer"].replace("twice", twice)
        if expected == "201":
            continue  # 2.x knows no identifiers of affiliations: nothing is said twice
        if (got := said(_refused(desk, row["what"]))) != expected:
            wrong.append(f"{row['what']}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)
    assert matrix.place.rows("item") == before
    desk.clear()


def _refused(desk: Desk, what: str) -> Response:
    """One row of the table."""
    matrix, keys, numbers = desk.matrix, desk.keys, desk.numbers
    method, _, how = what.partition(" ")
    who = "nobody" if how.endswith(" by nobody") else "writer"
    match how.removesuffix(" by nobody"):
        case "with a put-code":
            return desk.ask(who, method, body=desk.document(matrix.new(), "first", put_code=numbers["own"]))
        case "of what is there":
            return desk.ask(who, method, body=desk.document(keys["own"], "first"))
        case "without a put-code":
            return desk.put(who, "own", put_code=None)
        case "with the put-code of another":
            return desk.put(who, "own", put_code=numbers["behalf"])
        case "with another visibility":
            return desk.put(who, "own", visibility="private")
        case "of what another says":
            body = desk.document(OWN_KEY, "first", put_code=numbers["own"])
            return desk.ask(who, method, numbers["own"], body)
    number: object = {
        "of a word": "x",
        "of a put-code that nobody has": 99999,
        "of a put-code on another record": matrix.elsewhere[desk.section.name],
        "of a put-code in another section": matrix.items[_far_from(desk.section)]["public"],
        "of a put-code of another affiliation": matrix.items[_akin_to(desk.section)]["public"],
    }[how.removesuffix(" by nobody")]
    told = number if isinstance(number, int) else 1
    body = desk.document(matrix.new(), "first", put_code=told) if method == "PUT" else None
    return desk.ask(who, method, number, body)


def _far_from(section: Section) -> str:
    return "works" if section.name != "works" else "fundings"


def _akin_to(section: Section) -> str:
    return "educations" if section.name != "educations" else "employments"


@pytest.mark.parametrize(("section", "version"), LIVING)
def test_an_unclaimed_record_is_for_its_maker_to_fill(matrix: Matrix, section: Section, version: str) -> None:
    """Until it is claimed, what is sent decides who sees an item, and what does not say is private."""
    api = matrix.api
    orcid = api.new_record(claimed=False, creator=matrix.clients["library"])
    maker, other = (
        api.token(matrix.clients[name], None, "/orcid-profile/create") for name in ("library", "source")
    )
    base, seen = f"/v{version}/{orcid}/{section.item}", []
    for key, visibility in enumerate(("public", "limited", "private", None)):
        tree = documents.item(section.noun, key, version=version)
        body = documents.document(section.noun, tree, version, JSON, visibility=visibility)
        assert said(api.ask("POST", base, other, body=body, kind=JSON)) == "409 9036"
        answer = api.ask("POST", base, maker, body=body, kind=JSON)
        assert said(answer) == "201"
        found = api.ask("GET", f"{base}/{number_of(answer)}", maker).json()["visibility"]
        seen.append(found.lower())
    assert seen == ["public", "limited", "private", "private"]
    api.set_record(orcid, claimed=True)
    assert said(api.ask("GET", f"{base}/{number_of(answer)}", maker)) == "403 9005"
    assert said(api.ask("DELETE", f"{base}/{number_of(answer)}", maker)) == "403 9005"
