"""Linked forms over HTTP: CSL JSON and BibTeX of works, JSON-LD of a record. Who sees what, what is offered
where, and that kept answers stay true.
"""

import itertools
from typing import Any

import pytest

from laelia.codec.citation.bibtex_reader import read
from laelia.lib.http import Response
from laelia.registry.record import people
from registry.api.people import JSON, NOBODY, VERSIONS, XML, Api, external_id, told, work

CSL = "application/vnd.citationstyles.csl+json"
BIBTEX = "application/x-bibtex"
JSON_LD = "application/ld+json"
ORCID_XML = "application/vnd.orcid+xml"


def kind(answer: Response) -> str:
    return answer.headers["content-type"].partition(";")[0]


def titles(answer: Response) -> list[str]:
    found = read(answer.text)
    assert not found.refused
    return [entry.text("title") for entry in found.entries]


def name(api: Api, **values: Any) -> None:
    with api.place.service.db.writing() as tx:
        people.set_names(tx, api.now, api.ada, **values)


class TestOffered:
    """By path and API; `*/*` and no Accept give what they always gave. None: 406."""

    PUBLIC = (
        ("/work/{n}", CSL, CSL),
        ("/work/{n}", f"{CSL};q=0.9, text/html", CSL),
        ("/work/{n}", "application/VND.citationstyles.CSL+json; charset=utf-8", CSL),
        ("/work/{n}", f"{CSL}, {JSON};q=0.5", CSL),
        ("/work/{n}", f"{CSL};q=0.5, {JSON}", JSON),
        ("/work/{n}", BIBTEX, BIBTEX),
        ("/work/{n}", "*/*", ORCID_XML),
        ("/work/{n}", None, ORCID_XML),
        ("/work/{n}", "application/*", XML),
        ("/work/{n}", JSON_LD, None),
        ("/work/summary/{n}", CSL, None),
        ("/works", BIBTEX, BIBTEX),
        ("/works", f"text/html, {BIBTEX};q=0.1", BIBTEX),
        ("/works", "*/*", ORCID_XML),
        ("/works", CSL, None),
        ("/works/{n}", BIBTEX, None),
        ("", JSON_LD, JSON_LD),
        ("", f"{JSON_LD}, */*;q=0.1", JSON_LD),
        ("", "*/*", ORCID_XML),
        ("", "application/*", XML),
        ("/record", JSON_LD, None),
        ("/person", JSON_LD, None),
        ("/fundings", BIBTEX, None),
        ("", "text/turtle", None),
        ("", "application/rdf+xml", None),
    )
    MEMBER = (
        ("/work/{n}", CSL, CSL),
        ("/work/{n}", BIBTEX, BIBTEX),
        ("/works", BIBTEX, BIBTEX),
        ("", JSON_LD, None),
        ("", "*/*", ORCID_XML),
    )

    @pytest.mark.parametrize(
        ("who", "prefix", "table"),
        [("", "", PUBLIC), ("public", "", PUBLIC), ("member", "/pub", PUBLIC), ("member", "", MEMBER),
         ("member", "/api", MEMBER)],
    )  # fmt: skip
    def test_by_api(
        self, api: Api, who: str, prefix: str, table: tuple[tuple[str, str | None, str | None], ...]
    ) -> None:
        number, token = api.add(), getattr(api, who) if who else NOBODY
        for version, (path, accept, answered) in itertools.product(VERSIONS, table):
            at = f"{prefix}/v{version}/{api.ada}{path.format(n=number)}"
            answer = api.ask("GET", at, token, accept=accept)
            found = kind(answer) if answer.status == 200 else None
            assert (at, accept, found) == (at, accept, answered)
            assert found is not None or told(answer) == (406, 9001)

    def test_an_error_names_what_is_offered_there(self, api: Api) -> None:
        for who, offered in ((NOBODY, True), (api.member, False)):
            said = api.get("", who, accept="text/json").json()["developer-message"]
            assert (JSON_LD in said) is offered

    def test_no_body_is_read_as_one_of_them(self, api: Api) -> None:
        assert told(api.ask("POST", f"/v3.0/{api.ada}/work", api.member, body=work(), kind=CSL)) == (
            415,
            9001,
        )

    def test_problems_are_told_in_a_form_that_can(self, api: Api) -> None:
        for accept, answered in ((CSL, JSON), (BIBTEX, XML)):
            answer = api.get("/work/123456", accept=accept)
            assert (told(answer), kind(answer)) == ((404, 9016), answered)

    def test_the_page_leads_programs_to_the_linked_data(self, api: Api) -> None:
        answer = api.ask("GET", f"/{api.ada}", accept=JSON_LD)
        assert (answer.status, answer.headers["location"]) == (302, f"/v3.0/{api.ada}")


class TestShown:
    """The rules of the JSON list hold in every form."""

    @pytest.mark.parametrize(
        ("who", "shown"),
        [
            ("nobody", ("public",)),
            ("public", ("public",)),
            ("other", ("public", "limited")),
            ("member", ("public", "limited", "private")),  # its own
        ],
    )
    def test_hidden_works_are_in_none(self, api: Api, who: str, shown: tuple[str, ...]) -> None:
        token = NOBODY if who == "nobody" else getattr(api, who)
        numbers = {seen: api.add(work(title=f"On {seen} bees")) for seen in ("public", "limited", "private")}
        for seen, number in numbers.items():
            api.show(number, seen)
        assert sorted(titles(api.get("/works", token, accept=BIBTEX))) == sorted(
            f"On {s} bees" for s in shown
        )
        for seen, number in numbers.items():
            plain = api.get(f"/work/{number}", token)
            for accept in (CSL, BIBTEX):
                answer = api.get(f"/work/{number}", token, accept=accept)
                assert answer.status == plain.status
                assert (f"On {seen} bees" in answer.text) is (seen in shown)
        assert titles(api.ask("GET", f"/{api.ada}/works.bib", token)) == ["On public bees"]
        linked = api.ask("GET", f"/pub/v3.0/{api.ada}", token, accept=JSON_LD)
        assert linked.json()["@reverse"]["creator"]["name"] == "On public bees"
        assert "limited" not in linked.text
        assert "private" not in linked.text

    def test_a_group_is_one_entry(self, api: Api) -> None:
        """Two say the same work: its preferred one stands for both, and what is hidden joins nothing."""
        first = api.add(work("10.5555/same", title="As the library has it"))
        second = api.post(work("10.5555/same", title="As the other has it"), api.other)
        assert second.status == 201
        assert titles(api.get("/works", accept=BIBTEX)) == ["As the library has it"]
        api.show(first, "private")
        assert titles(api.get("/works", accept=BIBTEX)) == ["As the other has it"]

    def test_every_version_gives_the_same(self, api: Api) -> None:
        number = api.add(work(**{"external-ids": {"external-id": [external_id("10.5555/A")]}}))
        api.post(work(**{"external-ids": {"external-id": [external_id("10.5555/a")]}}), api.other)
        for path, accept in ((f"/work/{number}", CSL), ("/works", BIBTEX), ("", JSON_LD)):
            answers = [api.get(path, version=version, accept=accept) for version in VERSIONS]
            assert len({answer.body for answer in answers}) == 1

    def test_a_name_that_is_not_public_is_cited_nowhere(self, api: Api) -> None:
        number = api.add()
        assert api.get(f"/work/{number}", accept=CSL).json()["author"] == [
            {"family": "Lovelace", "given": "Ada"}
        ]
        for visibility in ("limited", "private"):
            name(api, given="Ada", family="Lovelace", credit="Countess", visibility=visibility)
            for who, path, accept in itertools.product(
                (NOBODY, api.member), (f"/work/{number}", "/works"), (CSL, BIBTEX)
            ):
                answer = api.get(path, who, accept=accept)
                assert "Lovelace" not in answer.text
                assert "Countess" not in answer.text
            assert "name" not in api.get("", accept=JSON_LD).json()
        name(api, given="Ada", family="Lovelace", credit="Countess Ada")
        assert api.get(f"/work/{number}", accept=CSL).json()["author"] == [{"literal": "Countess Ada"}]
        assert api.get("", accept=JSON_LD).json()["name"] == "Countess Ada"

    def test_a_citation_it_brought_is_what_is_given(self, api: Api) -> None:
        own = {"citation-type": "bibtex", "citation-value": "@Book{bee:20, title={{DNA} of bees}, year=1999}"}
        number = api.add(work(citation=own))
        assert api.get(f"/work/{number}", accept=BIBTEX).text == (
            "@book{bee:20,\n  title = {{DNA} of bees},\n  year = {1999}\n}\n"
        )
        item = api.get(f"/work/{number}", accept=CSL).json()
        assert (item["id"], item["type"], item["title"]) == ("bee:20", "book", "DNA of bees")

    def test_hundreds_of_works_make_one_file_in_the_order_of_the_list(self, api: Api) -> None:
        several = [work(title=f"Work {n:03}") for n in range(210)]
        for part in (several[:100], several[100:200], several[200:]):
            body = {"bulk": [{"work": one} for one in part]}
            assert api.post(body, path="/works").status == 200
        listed = [
            group["work-summary"][0]["title"]["title"]["value"] for group in api.get("/works").json()["group"]
        ]
        assert titles(api.get("/works", accept=BIBTEX)) == listed
        assert len(listed) == 210

    @pytest.mark.parametrize(("path", "accept"), [("/works", BIBTEX), ("", JSON_LD)])
    def test_a_record_without_works_gives_what_there_is(self, api: Api, path: str, accept: str) -> None:
        answer = api.get(path, accept=accept)
        assert answer.status == 200
        assert titles(answer) == []

    @pytest.mark.parametrize(("state", "refused"), [("locked", (409, 9018)), ("deactivated", (409, 9044))])
    def test_a_record_that_shows_nothing(self, api: Api, state: str, refused: tuple[int, int]) -> None:
        number = api.add()
        kept = [(f"/work/{number}", CSL), ("/works", BIBTEX), ("", JSON_LD)]
        for path, accept in kept:
            api.get(path, accept=accept)
        api.ask("GET", f"/{api.ada}/works.bib")
        api.set_record(state=state)
        for path, accept in kept:
            assert told(api.get(path, accept=accept)) == refused
        answer = api.ask("GET", f"/{api.ada}/works.bib")
        assert (answer.status, answer.headers["location"]) == (302, f"/{api.ada}")


class TestKept:
    """What anybody may read is kept rendered, by the same rules as the documents."""

    @pytest.mark.parametrize(("path", "accept"), [("/work/{n}", CSL), ("/works", BIBTEX), ("", JSON_LD)])
    def test_headers_and_conditions(self, api: Api, path: str, accept: str) -> None:
        path = path.format(n=api.add())
        first = api.get(path, accept=accept)
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "public, no-cache"
        assert first.headers["vary"] == "Accept, Authorization"
        assert first.headers["content-type"] == f"{accept};charset=UTF-8"
        same = api.get(path, accept=accept, headers={"If-None-Match": tag})
        assert (same.status, same.body, same.headers["etag"]) == (304, b"", tag)
        assert api.get(path).headers["etag"] != tag
        head = api.ask("HEAD", f"/v3.0/{api.ada}{path}", accept=accept)
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", tag)
        again = api.get(path, accept=accept)
        assert again.body == first.body
        assert {**again.headers, "x-request-id": ""} == {**first.headers, "x-request-id": ""}
        token = api.get(path, api.public, accept=accept)
        assert token.body == first.body
        assert token.headers["cache-control"] == "private, no-store"
        assert "etag" not in token.headers

    def test_nothing_that_changes_stays(self, api: Api) -> None:
        number = api.add(work("10.5555/c"))
        asked = [(f"/work/{number}", CSL), (f"/work/{number}", BIBTEX), ("/works", BIBTEX), ("", JSON_LD)]

        def seen() -> list[str]:
            api_answers = [api.get(path, accept=accept).text for path, accept in asked]
            return [*api_answers, api.ask("GET", f"/{api.ada}/works.bib").text]

        before = seen()
        api.put(number, work("10.5555/c", title="Changed", **{"put-code": number}))
        changed = seen()
        assert all("Changed" in text for text in changed)
        name(api, given="Augusta", family="King")
        renamed = seen()
        assert all("King" in text for text in renamed)
        assert all(len(set(three)) == 3 for three in zip(before, changed, renamed, strict=True))
        api.show(number, "limited")
        assert not any("Changed" in text for text in seen())

    def test_a_file_has_a_name(self, api: Api) -> None:
        number = api.add()
        for path, file in ((f"/work/{number}", "work.bib"), ("/works", "works.bib")):
            for who in (NOBODY, api.member):
                answer = api.get(path, who, accept=BIBTEX)
                assert answer.headers["content-disposition"] == f'attachment; filename="{file}"'
        for path, accept in ((f"/work/{number}", CSL), ("/works", JSON), ("", JSON_LD)):
            assert "content-disposition" not in api.get(path, accept=accept).headers


class TestSite:
    """/{iD}/works.bib is for people: whatever a browser asks for, it gets the file."""

    @pytest.mark.parametrize("accept", ["*/*", "text/html,application/xhtml+xml", BIBTEX, None])
    def test_the_file(self, api: Api, accept: str | None) -> None:
        api.add()
        for _ in range(2):
            answer = api.ask("GET", f"/{api.ada}/works.bib", accept=accept)
            assert (answer.status, kind(answer)) == (200, BIBTEX)
            assert titles(answer) == ["On bees"]
            assert answer.headers["content-disposition"] == 'attachment; filename="works.bib"'
            assert "access-control-allow-origin" not in answer.headers
        same = api.ask(
            "GET", f"/{api.ada}/works.bib", accept=accept, headers={"If-None-Match": answer.headers["etag"]}
        )
        assert (same.status, same.body) == (304, b"")
        head = api.ask("HEAD", f"/{api.ada}/works.bib", accept=accept)
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", answer.headers["etag"])

    @pytest.mark.parametrize("orcid", ["0000-0000-0000-0000", "nobody", "v3.0"])
    def test_of_nobody(self, api: Api, orcid: str) -> None:
        assert api.ask("GET", f"/{orcid}/works.bib").status == 404

    def test_it_counts_against_the_rate_as_well(self, api: Api) -> None:
        limits = api.place.service.limits
        limits.rate, limits.burst = 1, 4
        statuses = [api.ask("GET", f"/{api.ada}/works.bib").status for _ in range(12)]
        assert statuses[:3] == [200, 200, 200]
        assert statuses[-1] == 429
