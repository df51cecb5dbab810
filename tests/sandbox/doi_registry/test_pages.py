"""The pages people see."""

import pathlib
from typing import Any

import lxml.html

from sandbox.doi_registry.people import OTHER, OWNER


def test_a_findable_doi_has_a_page(registry: Any) -> None:
    registry.publish("10.5072/good", rightsList=[{"rightsUri": "javascript:alert(1)", "rights": "Odd <b>"}])
    answer = registry.get("/10.5072/GOOD", accept="text/html")
    assert answer.status == 200
    assert answer.headers["x-robots-tag"] == "noindex"
    tree = lxml.html.fromstring(answer.text)
    assert tree.findtext(".//h1") == "Counts of orchids"
    links = tree.xpath("//a/@href")
    assert "https://orcid.org/0009-0011-0000-0000" in links
    assert "https://repository.test/items/1" in links
    assert not [link for link in links if link.startswith("javascript")]
    assert "Odd &lt;b&gt;" in answer.text


def test_a_hidden_doi_has_none(registry: Any) -> None:
    registry.publish("10.5072/good")
    registry.send("PUT", "/dois/10.5072/good", {"event": "hide"})
    answer = registry.get("/10.5072/good", accept="text/html")
    assert answer.status == 404
    assert "10.5072/good" in answer.text
    assert registry.get("/10.5072/good", OTHER).status == 404
    assert registry.get("/10.5072/good", OWNER).status == 200
    assert registry.get("/no/such", accept="text/html").status == 404


def test_the_page_answers_content_negotiation_as_doi_org_does(registry: Any) -> None:
    registry.publish("10.5072/good")
    xml = registry.get("/10.5072/good", accept="application/vnd.datacite.datacite+xml")
    assert xml.body.startswith(b"<?xml")
    assert registry.get("/10.5072/good", accept="application/x-bibtex").text.startswith("<!doctype html>")


def test_every_real_document_has_a_page(registry: Any, documents: pathlib.Path) -> None:
    registry.load(documents)
    for doi in registry.found():
        answer = registry.get(f"/{doi}", accept="text/html")
        assert answer.status == 200, doi
    start = registry.get("/", accept="text/html")
    assert start.status == 200
    assert "55" in start.text


def test_the_first_page_of_an_empty_registry_says_what_to_do(registry: Any) -> None:
    assert "laelia sandbox doi load" in registry.get("/").text
