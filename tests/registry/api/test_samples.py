"""ORCID's own samples of what clients write: each is taken, kept, and read back as it was, or refused as the
documentation says; and what then is shown is valid by ORCID's schemas.

Their iDs are of orcid.org, so id_base is, too. Each is posted to a record of its own, because several carry
the same identifiers; the organisations and groups they name are registered first.
"""

import pathlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import orjson
import pytest
from lxml import etree

from codec.documents import orcid_schema
from codec.infoset import infoset
from laelia.codec import json as codec
from laelia.lib.http import Response
from laelia.model.group_id import GroupIdRecord
from laelia.model.language import VERSIONS
from laelia.registry.registers import group_ids, organisations
from registry.api.documents import JSON, XML
from registry.api.matrix import SECTIONS, number_of, said
from registry.api.people import Api
from registry.place import Place

SHARED = pathlib.Path(__file__).resolve().parents[4] / "shared" / "data"
FOLDERS = {version: SHARED / "orcid" / "samples" / version / "record" / "write" for version in VERSIONS}
SAMPLES = [
    pytest.param(version, path, id=path.name)
    for version, folder in FOLDERS.items()
    for path in sorted(folder.glob("*"))
    if not path.name.startswith(("bulk-", "peer-review-group-id"))
]
BULKS = [
    pytest.param(version, path, id=path.name)
    for version, folder in FOLDERS.items()
    for path in sorted(folder.glob("bulk-*"))
]
AWAY = pytest.mark.skipif(not SAMPLES, reason="the shared data folder is not beside the project")

# The valid documents that break a rule beyond the schema: which of their works, and why.
REFUSED = {
    ("bulk-work-3.0.json", 1): (
        400,
        9023,
        "since 3.0 a work needs an identifier in self, and its ISBN is part-of",
    ),
}

COMMON = "{http://www.orcid.org/ns/common}"
ADDED = ("put-code", "path", "visibility", "display-index")
"""What the registry says of every item, whatever was sent: as attributes in XML, as keys in JSON."""
ADDED_ELEMENTS = ("created-date", "last-modified-date", "source", "external-id-normalized",
                  "external-id-normalized-error")  # fmt: skip


@pytest.fixture(scope="module")
def api(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    url = module_database("laelia.registry.migrations")
    place = Place(url, tmp_path_factory.mktemp("var"), id_base="https://orcid.org")
    yield Api(place)
    place.close()


def posted(api: Api, version: str, path: pathlib.Path, to: str) -> tuple[Response, str, str, str]:
    """The answer, the record's path, the token and the form: what a test goes on with."""
    body, form = path.read_bytes().strip(), XML if path.suffix == ".xml" else JSON
    know(api, body, form)
    orcid = api.new_record(default_visibility="limited")
    token = api.token(api.member_client.id, orcid, "/read-limited", "/activities/update", "/person/update")
    base = f"/v{version}/{orcid}"
    answer = api.ask("POST", f"{base}/{to}", token, body=body, kind=form, accept=form)
    return answer, base, token, form


def know(api: Api, body: bytes, form: str) -> None:
    """Register the organisations that a sample names."""
    if form == XML:
        found = [
            (e[1].text, e[0].text) for e in etree.fromstring(body).iter(f"{COMMON}disambiguated-organization")
        ]
    else:
        found = [(one["disambiguation-source"], one["disambiguated-organization-identifier"])
                 for one in every_object(orjson.loads(body)) if "disambiguation-source" in one]  # fmt: skip
    with api.place.service.db.writing() as tx:
        for source, value in found:
            if not organisations.known(tx, source, value):
                one = organisations.Organisation(name="Known", ids=((str(source), str(value)),))
                organisations.put(tx, api.now, one)


def every_object(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        yield document
    inside = (
        document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    )
    for one in inside:
        yield from every_object(one)


def section_path(name: str) -> str:
    """Where a sample goes: the section whose item its file is named after."""
    nouns = {one.noun: one.item for one in SECTIONS.values()}
    return nouns[max((noun for noun in nouns if name.startswith(noun)), key=len)]


@AWAY
@pytest.mark.parametrize(("version", "path"), SAMPLES)
def test_a_sample_is_taken_and_read_back_as_it_was(api: Api, version: str, path: pathlib.Path) -> None:
    to = section_path(path.name)
    answer, base, token, form = posted(api, version, path, to)
    assert answer.status == 201, answer.text
    number = number_of(answer)
    read = api.ask("GET", f"{base}/{to}/{number}", token, accept=form)
    assert read.status == 200
    same(path.read_bytes().strip(), read.body, form)
    section = next(one for one in SECTIONS.values() if one.item == to)
    for shown in ("", f"/{section.list}", *(f"/{one}/{number}" for one in section.singles())):
        root = etree.fromstring(api.ask("GET", base + shown, token, accept=XML).body)
        schema = schema_of(version, root.tag)
        assert schema.validate(root), (shown, schema.error_log)


@cache
def schema_of(version: str, root: str) -> etree.XMLSchema:
    """ORCID's schema of documents with that root element."""
    return orcid_schema(VERSIONS[version], etree.Element(root))


ABROAD = [
    pytest.param(other, path, id=f"{path.name}-{other}")
    for version, path in (sample.values for sample in SAMPLES)
    for other in VERSIONS
    if other != version and str(path).endswith(".xml")
]


@AWAY
@pytest.mark.parametrize(("version", "path"), ABROAD)
def test_a_sample_of_another_version_is_taken_if_the_schema_takes_it(
    api: Api, version: str, path: pathlib.Path
) -> None:
    to = section_path(path.name)
    if not next(one for one in SECTIONS.values() if one.item == to).lives_in(version):
        assert said(posted(api, version, path, to)[0]) == "404 9001"
        return
    answer, base, token, form = posted(api, version, path, to)
    root = etree.fromstring(path.read_bytes().strip())
    if not schema_of(version, root.tag).validate(root):
        assert said(answer) == "400 9012", answer.text
        assert '"put-code"' not in api.ask("GET", f"{base}/activities", token).text
        return
    assert answer.status == 201, answer.text
    read = api.ask("GET", f"{base}/{to}/{number_of(answer)}", token, accept=form)
    same(path.read_bytes().strip(), read.body, form)


@AWAY
@pytest.mark.parametrize(("version", "path"), BULKS)
def test_a_bulk_is_taken_work_by_work(api: Api, version: str, path: pathlib.Path) -> None:
    answer, base, token, form = posted(api, version, path, "works")
    assert answer.status == 200, answer.text
    sent, got = members(path.read_bytes(), form), members(answer.body, form)
    assert len(sent) == len(got)
    for i, (one, other) in enumerate(zip(sent, got, strict=True)):
        refused = REFUSED.get((path.name, i))
        if refused is not None:
            error = orjson.loads(other)["error"]
            assert (error["response-code"], error["error-code"]) == refused[:2], refused[2]
            continue
        same(one, other, form)
    stored = api.ask("GET", f"{base}/works", token)
    assert stored.text.count('"put-code":') == len(sent) - sum(name == path.name for name, _ in REFUSED)


def members(body: bytes, form: str) -> list[bytes]:
    if form == XML:
        return [etree.tostring(one) for one in etree.fromstring(body)]
    bulk = orjson.loads(body)["bulk"]
    return [orjson.dumps(one.get("work", one)) for one in bulk]


@AWAY
def test_the_sample_of_a_group_is_filed(api: Api) -> None:
    [path] = FOLDERS["3.0"].glob("peer-review-group-id.json")
    sent = codec.decode(GroupIdRecord, path.read_bytes(), VERSIONS["3.0"])
    with api.place.service.db.writing() as tx:
        number = group_ids.add(tx, api.now, api.member_client.id, sent)
        kept = orjson.loads(
            codec.encode(group_ids.entity(group_ids.by_put_code(tx, number)), VERSIONS["3.0"])
        )
    assert kept == {**orjson.loads(path.read_bytes()), "put-code": number}


@AWAY
def test_no_sample_is_passed_over() -> None:
    everything = [path for folder in FOLDERS.values() for path in folder.glob("*")]
    assert len(everything) == len(SAMPLES) + len(BULKS) + 1  # the group
    names = {path.name for path in everything}
    assert {name for name, _ in REFUSED} <= names


def same(sent: bytes, got: bytes, form: str) -> None:
    """Both say the same, but for what the registry adds."""
    if form == XML:
        assert infoset(bare(etree.fromstring(got))) == infoset(bare(etree.fromstring(sent)))
        return
    assert told(orjson.loads(got)) == told(orjson.loads(sent))


def bare(root: etree._Element) -> etree._Element:
    for name in ADDED:
        root.attrib.pop(name, None)
    for name in ADDED_ELEMENTS:
        for element in list(root.iter(f"{COMMON}{name}")):
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
    return root


def told(document: Any) -> Any:
    """What a JSON document says: without nulls, with bare text where {"value"} may stand around it."""
    if isinstance(document, list):
        return [told(one) for one in document]
    if not isinstance(document, dict):
        return document
    if set(document) == {"value"}:
        return document["value"]
    left = {key: told(one) for key, one in document.items() if key not in (*ADDED, *ADDED_ELEMENTS)}
    return {key: one for key, one in left.items() if one not in (None, [], {})}
