"""Which representation is answered, and which body is read (orcid-api §1.1)."""

import pytest

from laelia.codec.media import BIBTEX, DOCUMENTS, JSON_ONLY, Media, body_format, negotiate
from laelia.model.problems import NotAcceptable, UnsupportedMediaType

CHOICES = [
    (None, None, "application/vnd.orcid+xml"),
    ("*/*", None, "application/vnd.orcid+xml"),
    ("*/*", "application/json", "application/json"),
    (None, "application/orcid+xml; charset=utf-8", "application/orcid+xml"),
    ("application/json", None, "application/json"),
    ("application/vnd.orcid+json", None, "application/vnd.orcid+json"),
    ("application/orcid+json;q=0.5, application/xml;q=0.4", None, "application/orcid+json"),
    ("application/json, */*", None, "application/xml"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", None, "application/xml"),
    ("application/*", None, "application/xml"),
    ("application/xml;q=0, application/*", None, "application/json"),
    ("APPLICATION/JSON ; charset=utf-8", None, "application/json"),
    ("application/json;q=oops, application/orcid+xml", None, "application/orcid+xml"),
]


@pytest.mark.parametrize(("accept", "content_type", "chosen"), CHOICES)
def test_choice(accept: str | None, content_type: str | None, chosen: str) -> None:
    assert negotiate(accept, content_type).content_type == chosen


LINKED = [
    ("application/x-bibtex", "application/x-bibtex"),
    ("application/x-bibtex;q=0.2, text/html", "application/x-bibtex"),
    ("*/*", "application/vnd.orcid+xml"),
    ("application/*", "application/xml"),
    ("application/x-bibtex, application/json", "application/json"),
    ("application/x-bibtex, application/json;q=0.9", "application/x-bibtex"),
]


@pytest.mark.parametrize(("accept", "chosen"), LINKED)
def test_a_form_beside_the_documents_is_given_to_who_asks_for_it(accept: str, chosen: str) -> None:
    found = negotiate(accept, None, (*DOCUMENTS, BIBTEX))
    assert found.content_type == chosen
    assert (found.format is None) is (chosen == BIBTEX)


def test_json_named_after_orcid_is_indented() -> None:
    assert negotiate("application/vnd.orcid+json") == Media("json", True, "application/vnd.orcid+json")
    assert negotiate("application/json") == Media("json", False, "application/json")
    assert negotiate("application/orcid+xml") == Media("xml", False, "application/orcid+xml")


def test_what_is_not_offered() -> None:
    for accept in ("text/xml", "text/html", "application/json;q=0"):
        with pytest.raises(NotAcceptable) as told:
            negotiate(accept)
        assert (told.value.code, told.value.status) == (9001, 406)
    assert negotiate("*/*", None, JSON_ONLY).format == "json"


def test_bodies() -> None:
    assert body_format("application/orcid+json; charset=utf-8") == "json"
    assert body_format("application/vnd.orcid+xml") == "xml"
    for content_type in ("text/xml", None, "application/ld+json"):
        with pytest.raises(UnsupportedMediaType) as told:
            body_format(content_type)
        assert (told.value.code, told.value.status) == (9001, 415)
