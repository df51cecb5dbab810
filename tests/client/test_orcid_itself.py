"""Against a stand-in for ORCID's own hosts that answers with ORCID's own documents."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from codec.documents import HERE, ORCID, entity_of
from laelia.client import orcid
from laelia.client.orcid import Record
from laelia.codec import json as json_codec
from laelia.codec.xml import parse
from laelia.lib.http import Http
from laelia.model.language import VERSIONS, Entity, Version, shape
from laelia.model.other import ClientInformation
from laelia.model.problems import NoSuchItem, NotUnderstood
from laelia.model.sections import SECTIONS

LAURE = "0000-0002-1825-0097"
TYPES = {
    f"application/{prefix}{form}": form for prefix in ("", "orcid+", "vnd.orcid+") for form in ("xml", "json")
}
VIEWS: dict[str, tuple[str, Callable[[Record], Entity]]] = {
    "record": ("record", Record.whole),
    "person": ("person", Record.person),
    "personal-details": ("personal-details", Record.personal_details),
    "biography": ("biography", Record.biography),
    "email": ("emails", Record.emails),
    "activities": ("activities-summary", Record.activities),
}
"""Path → the element of its document, and the view."""
pytestmark = pytest.mark.skipif(not HERE, reason=f"no documents of ORCID in {ORCID}")


def golden(version: Version) -> dict[type[Entity], Path]:
    """For each kind of document the longest that ORCID's own classes wrote, as XML; the JSON is beside it."""
    found: dict[type[Entity], Path] = {}
    for path in sorted((ORCID / "golden" / version.name).rglob("*.roundtrip.xml")):
        if path.parent.name in ("read", "client") and not path.name.startswith(("search", "credit-name")):
            kind = entity_of(parse(path.read_bytes()))
            if kind not in found or path.stat().st_size > found[kind].stat().st_size:
                found[kind] = path
    return found


@dataclass
class Stand:
    """ORCID's Public API: `served` are the documents by path, `asked` the paths that were asked for."""

    version: Version
    served: dict[str, Path]
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        assert environ["wsgi.url_scheme"] == "https"
        assert "HTTP_AUTHORIZATION" not in environ
        path, form = environ["PATH_INFO"], TYPES.get(environ["HTTP_ACCEPT"])
        self.asked.append(path)
        if form is None:
            return self._error(start, "406 Not Acceptable", 9001, "xml")
        file = self.served.get(path.removeprefix(f"/v{self.version}"))
        if file is None:
            return self._error(start, "404 Not Found", 9016, form)
        start("200 OK", [("Content-Type", f"{environ['HTTP_ACCEPT']};charset=UTF-8")])
        return [
            file.read_bytes()
            if form == "xml"
            else file.with_name(file.name.replace(".roundtrip.xml", ".json")).read_bytes()
        ]

    def _error(self, start: Callable[..., Any], status: str, code: int, form: str) -> list[bytes]:
        """As ORCID writes it: XML in the default namespace, JSON on many lines."""
        number = int(status[:3])
        start(status, [("Content-Type", f"application/vnd.orcid+{form}")])
        if form == "json":
            told = {"response-code": number, "developer-message": "said ORCID", "error-code": code}
            return [json.dumps({**told, "user-message": None, "more-info": None}, indent=2).encode()]
        return [
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<error xmlns="http://www.orcid.org/ns/error">\n'
            f"    <response-code>{number}</response-code>\n"
            "    <developer-message>said ORCID</developer-message>\n"
            f"    <error-code>{code}</error-code>\n</error>\n".encode()
        ]


def reached(version: Version, form: Any, served: dict[str, Path]) -> tuple[orcid.Registry, Stand]:
    stand = Stand(version, served)
    http = Http(apps={orcid.PRODUCTION.pub: stand, orcid.SANDBOX.pub: stand})
    return orcid.Registry(orcid.SANDBOX, version=version, form=form, http=http), stand


CASES = pytest.mark.parametrize(
    ("version", "form"),
    [(version, form) for version in VERSIONS.values() for form in ("json", "xml")],
    ids=str,
)


@CASES
def test_every_view_and_section_is_read(version: Version, form: Any) -> None:
    documents = golden(version)
    lists = {f"/{LAURE}/{one.list_path}": documents.get(one.container) for one in SECTIONS}
    items = {f"/{LAURE}/{one.item_path}/12": documents.get(one.entity) for one in SECTIONS}
    kinds = {shape(kind).name: path for kind, path in documents.items()}
    views = {f"/{LAURE}/{path}": kinds.get(element) for path, (element, _) in VIEWS.items()}
    served = {path: file for path, file in {**lists, **items, **views}.items() if file is not None}
    registry, stand = reached(version, form, served)
    record = registry.record(LAURE)
    for name, (_, view) in VIEWS.items():
        assert json_codec.encode(view(record), version)
        assert stand.asked[-1] == f"/v{version}/{LAURE}/{name}"
    read = 0
    for section in SECTIONS:
        if (file := served.get(f"/{LAURE}/{section.list_path}")) is not None:
            own = shape(section.summary)
            there = parse(file.read_bytes()).findall(f".//{{http://www.orcid.org/ns/{own.ns}}}{own.name}")
            found = record.section(section.summary)
            assert len(found) == len(there) > 0
            assert {str(one.put_code) for one in found} == {one.get("put-code") for one in there}
            read += 1
        if (file := served.get(f"/{LAURE}/{section.item_path}/12")) is not None:
            item = record.get(section.entity, 12)
            assert str(item.put_code) == parse(file.read_bytes()).get("put-code")
            read += 1
    assert read >= (28 if version.name == "3.0" else 16)


@CASES
def test_orcids_errors_are_told_by_class(version: Version, form: Any) -> None:
    registry, _ = reached(version, form, {})
    with pytest.raises(NoSuchItem) as caught:
        registry.record(LAURE).whole()
    assert (orcid.said(caught.value), caught.value.status) == ("said ORCID", 404)


@CASES
def test_a_client_is_named(version: Version, form: Any) -> None:
    registry, _ = reached(version, form, {"/client/APP-1": golden(version)[ClientInformation]})
    assert registry.client("APP-1") == ClientInformation(name="Name", description="Description")
    with pytest.raises(NoSuchItem):
        registry.client("../APP-1")


def test_the_document_itself_is_passed_on_to_the_byte() -> None:
    version = VERSIONS["3.0"]
    file = next(path for kind, path in golden(version).items() if shape(kind).name == "record")
    for form, suffix in (("xml", ".roundtrip.xml"), ("json", ".json")):
        registry, _ = reached(version, form, {f"/{LAURE}/record": file})
        raw = registry.record(LAURE).document()
        assert raw == file.with_name(file.name.replace(".roundtrip.xml", suffix)).read_bytes()


def test_the_stand_in_refuses_what_orcid_would() -> None:
    stand = Stand(VERSIONS["3.0"], {})
    answer = Http(apps={orcid.PRODUCTION.pub: stand}).get(
        f"{orcid.PRODUCTION.pub}/v3.0/{LAURE}/record", headers={"Accept": "text/html"}
    )
    assert answer.status == 406
    assert etree.fromstring(answer.body).findtext("{*}error-code") == str(NotUnderstood.code)
