"""Every field of every form of the editor, whatever is written into it: it is text on every page, it is
refused beside the field or kept as the API would have kept it, and only this session's own page can send
it."""

import itertools
import zlib
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import pytest
from lxml import etree

from laelia.lib.browser import Page
from laelia.model.language import VERSIONS
from laelia.registry.web.editing import routes
from laelia.registry.web.editing.editors import EDITORS, Editor
from registry.api.people import JSON, XML, Api
from registry.place import SITE, Person, Place
from registry.web import filling
from registry.web.filling import Leaf, good, leaves, send

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></textarea>"
ADDRESSES = ("javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>",
             "javascript://bees.example/%0Aalert(1)", "//evil.example/x", "vbscript:x")  # fmt: skip
EACH = pytest.mark.parametrize("editor", filling.WITH_FORM, ids=lambda editor: editor.name)


@pytest.fixture(scope="module")
def api(town: Place) -> Api:
    filling.register(town)
    return Api(town)


@pytest.fixture
def olga(api: Api, request: pytest.FixtureRequest) -> Person:
    """Somebody with an empty record that shows everybody what is on it."""
    return api.place.person("Olga", "Owner", f"{zlib.crc32(request.node.name.encode())}@example.org")


def stored(place: Place, who: Person) -> list[Any]:
    return [row for row in place.rows("item") if row.orcid == who.orcid]


def said(page: Page) -> str:
    return " · ".join(one.text_content() for one in page.all("//*[@class='error']"))


# ---- what is right is kept, as the API keeps it


@EACH
def test_all_fields_filled_are_kept_and_told_by_the_api(api: Api, olga: Person, editor: Editor) -> None:
    place = api.place
    sent, expected = good(editor)
    page = send(place, place.browser(olga), editor, sent)
    assert page.status == 200, said(page)
    (row,) = stored(place, olga)
    token = api.token(api.member_client.id, olga.orcid, "/read-limited")
    section = editor.section
    one = f"{section.item_path}/{row.put_code}"
    for version, form in itertools.product(VERSIONS.values(), (XML, JSON)):
        for path in (one, section.list_path, "record") if section.lives_in(version) else ("record",):
            # `ask` holds each answer to its schema.
            answer = api.ask("GET", f"/v{version}/{olga.orcid}/{path}", token, accept=form)
            assert answer.status == 200, (version, path, answer.text)
    root = etree.fromstring(api.ask("GET", f"/v3.0/{olga.orcid}/{one}", token, accept=XML).body)
    told = " ".join([*root.itertext(), *(text for each in root.iter() for text in each.attrib.values())])
    assert [
        (name, text) for name, text in expected.items() if name != "visibility" and text not in told
    ] == []
    assert row.visibility == "public"


@EACH
def test_what_was_kept_is_shown_in_the_form_again(api: Api, olga: Person, editor: Editor) -> None:
    """Saving it unchanged changes nothing."""
    place = api.place
    browser = place.browser(olga)
    send(place, browser, editor, good(editor)[0])
    (row,) = stored(place, olga)
    at = f"/my-record/{editor.name}/{row.put_code}/edit"
    saved = browser.open(place.at(at)).form(at).submit()
    assert saved.status == 200, said(saved)
    assert "Saved." in saved.text
    assert stored(place, olga) == [row]


@EACH
def test_fields_left_empty(api: Api, olga: Person, editor: Editor) -> None:
    """Each field blank while all others are filled: it is asked for where it must be, and nothing is kept."""
    place, count = api.place, 0
    browser = place.browser(olga)
    for leaf in texts(editor):
        sent = {**good(editor)[0], leaf.name: "  \t "}
        if leaf.of_organisation and leaf.name.endswith("-name"):
            sent[leaf.name.removesuffix("name") + "chosen"] = ""
        page = send(place, browser, editor, sent)
        needed = leaf.of(filling.REQUIRED) is not None
        assert page.status == (422 if needed else 200), f"{leaf.path}: {page.status} {said(page)}"
        if needed:
            beside(page, leaf)
        count += not needed
        assert len(stored(place, olga)) == count, leaf.path


# ---- what is wrong is said beside its field, and not kept


def texts(editor: Editor) -> list[Leaf]:
    return [leaf for leaf in leaves(editor) if leaf.is_text]


def beside(page: Page, leaf: Leaf) -> None:
    """The sentence stands at the field, or at what it is a part of, and a summary above leads there."""
    ids = page.all("//*[contains(concat(' ', @class, ' '), ' error ')]/@id")
    holders = [one.removesuffix("-error") for one in ids]
    assert [one for one in holders if leaf.id == one or leaf.id.startswith(f"{one}-")
            or one.startswith(f"{leaf.id.rpartition('-')[0] or leaf.id}-")
            ], f"{leaf.path}: said at {ids}: {said(page)}"  # fmt: skip
    known = set(page.all("//@id"))
    for href in page.all("//*[@role='alert']//a/@href"):
        assert href.removeprefix("#") in known, (
            f"{leaf.path}: the summary leads to {href}, which is not there"
        )


@pytest.mark.parametrize("wrong", ["x" * 60_000, "a\x01b", "a\ufffeb"],
                         ids=["too long", "U+0001", "U+FFFE"])  # fmt: skip
@EACH
def test_what_no_document_can_hold(api: Api, olga: Person, editor: Editor, wrong: str) -> None:
    place = api.place
    browser = place.browser(olga)
    for leaf in texts(editor):
        sent = {**good(editor)[0], leaf.name: wrong}
        if leaf.of_organisation:  # it is looked for, or written out where that is possible
            sent[leaf.name.rpartition("-")[0] + "-chosen"] = "as-written"
            if not leaf.name.endswith("-name") and editor.name not in FREE:
                continue
        page = send(place, browser, editor, sent)
        assert page.status == 422, f"{leaf.path}: {page.status}"
        beside(page, leaf)
    assert stored(place, olga) == []


FREE = ("invited-positions", "distinctions", "memberships", "services")
"""Where an organisation may be written out that the register lacks."""


@EACH
def test_no_form_with_nul_is_read(api: Api, olga: Person, editor: Editor) -> None:
    """No browser sends one."""
    place = api.place
    browser = place.browser(olga)
    for leaf in texts(editor):
        page = send(place, browser, editor, {**good(editor)[0], leaf.name: "a\x00b"})
        assert page.status in (400, 422), leaf.path
    assert stored(place, olga) == []


# ---- what others write is text


def harmless(page: Page) -> None:
    """Nothing runs, and foreign links lead to the web alone and take nothing along."""
    assert page.root is not None, page.url
    assert page.all("//script[not(@type='application/ld+json')]") == [], page.url
    assert page.all("//img[@src='x'] | //iframe | //object | //base") == [], page.url
    assert page.all("//@*[starts-with(name(), 'on')]") == [], page.url
    for block in page.all("//script"):
        orjson.loads(block.text or "")
    for link in page.all("//*[@href] | //*[@action] | //*[@formaction] | //*[@src]"):
        for name in ("href", "action", "formaction", "src"):
            address = link.get(name)
            if address is None:
                continue
            parts = urlsplit(address)
            assert parts.scheme in ("", "http", "https", "mailto"), (page.url, address)
            assert not address.startswith("//"), (page.url, address)
            if parts.netloc and not address.startswith(SITE):
                assert link.tag == "a", (page.url, address)
                rel = set((link.get("rel") or "").split())
                assert rel >= {"noopener", "nofollow"}, (page.url, address, rel)


@EACH
def test_scripts_and_addresses_in_every_field(api: Api, olga: Person, editor: Editor) -> None:
    place = api.place
    browser = place.browser(olga)
    kept = 0
    for leaf, nasty in itertools.product(texts(editor), (SCRIPT, *ADDRESSES)):
        if nasty in ADDRESSES[1:] and not leaf.name.endswith("url"):
            continue
        sent = {**good(editor)[0], leaf.name: nasty}
        if leaf.of_organisation:
            sent[leaf.name.rpartition("-")[0] + "-chosen"] = "as-written"
        page = send(place, browser, editor, sent)
        assert page.status in (200, 422), leaf.path
        kept += page.status == 200
        harmless(page)
    rows = stored(place, olga)
    assert len(rows) == kept
    if editor.name != "addresses":  # which has nothing to write into
        assert kept > 0
    paths = ["/my-record", "/my-record/history", f"/{olga.orcid}"]
    if editor.section.part == "person":
        paths.append(filling.page_of(editor))
    paths += [f"/my-record/{editor.name}/{row.put_code}/edit" for row in rows]
    shown = ""
    for path in paths:
        page = browser.open(place.at(path))
        assert page.status == 200, path
        harmless(page)
        shown += page.text + page.html
    assert not rows or "&lt;script&gt;" in shown
    linked = place.http.get(place.at(f"/v3.0/{olga.orcid}"), headers={"Accept": "application/ld+json"})
    orjson.loads(linked.body)
    told = place.http.get(place.at(f"/v3.0/{olga.orcid}/record"), headers={"Accept": "application/xml"})
    for url in etree.fromstring(told.body).iter("{*}url", "{*}external-id-url"):
        assert (url.text or "").startswith(("http://", "https://")), url.text


@pytest.mark.parametrize("field", ["given", "family", "credit", "content"])
def test_names_and_biography_are_text_too(api: Api, olga: Person, field: str) -> None:
    part = "biography" if field == "content" else "names"
    browser = api.place.browser(olga)
    form = browser.open(api.place.at(f"/my-record/edit/{part}")).form(f"/my-record/edit/{part}")
    page = form.fill({field: SCRIPT, "visibility": "public"}).submit()
    assert page.status == (200), said(page)
    harmless(page)
    for path in ("/my-record", f"/{olga.orcid}", "/my-record/history", f"/my-record/edit/{part}"):
        harmless(browser.open(api.place.at(path)))
    for wrong in ("a\x01b", "a\ufffeb", "x" * 6000):
        form = browser.open(api.place.at(f"/my-record/edit/{part}")).form(f"/my-record/edit/{part}")
        body = {name: form.value(name) or "" for name in form.fields}
        page = browser.send(
            "POST", api.place.at(f"/my-record/edit/{part}"),
            content=urlencode({**body, field: wrong}).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        assert page.status == 422, (field, wrong[:5])
        assert page.all(f"//*[@id='{field}-error']")


# ---- where a form comes from

FAULTS = ("no token", "another session's token", "a token of nobody", "foreign origin", "no origin")
POSTS = tuple(dict.fromkeys(route.path for route in routes if route.method == "POST"))


def test_only_her_own_pages_send_forms(api: Api, olga: Person) -> None:
    """Every address that takes a form, for every section: a form from elsewhere changes nothing."""
    place = api.place
    browser = place.browser(olga)
    for editor in filling.WITH_FORM:
        send(place, browser, editor, good(editor)[0])
    numbers = {row.section: row.put_code for row in stored(place, olga)}
    own = browser.open(place.at("/my-record")).form("/signout").value("csrf_token")
    foreign = place.browser(place.stranger).open(place.at("/account")).form("/signout").value("csrf_token")
    nobodys = place.browser().open(place.at("/signin")).form("/signin").value("csrf_token")
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies("registry.test").items())
    before = place.everything()
    asked = 0
    for path, editor, fault in itertools.product(POSTS, EDITORS.values(), FAULTS):
        number = numbers.get(editor.name, 1)
        at = path.format(section=editor.name, part=editor.name, put_code=number)
        token = {"no token": "", FAULTS[1]: foreign, FAULTS[2]: nobodys}.get(fault, own)
        origin = {"foreign origin": "https://evil.example", "no origin": None}.get(fault, SITE)
        filled = good(editor)[0] if editor.form is not None else {}
        acts = {"do": "delete", "visibility": "private", "chosen": f"{editor.name}-{number}"}
        body = urlencode({**acts, **filled, "given": "X", "csrf_token": token}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        answer = place.http.post(
            place.at(at), content=body, headers={**headers, **({"Origin": origin} if origin else {})}
        )
        assert answer.status == 403, (at, fault)
        asked += 1
    assert asked == len(POSTS) * len(EDITORS) * len(FAULTS)
    assert place.everything() == before
