"""Metadata of federations: loaded, checked, refreshed; and choosing among thousands of providers."""

import pathlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from saml2 import xmldsig

from conftest import NewDatabase
from laelia.lib.clock import HOUR
from laelia.lib.http import HttpError
from laelia.registry.account.institutions import sources
from laelia.registry.account.institutions.metadata import BadMetadata
from registry.institutions import federation
from registry.institutions.federation import HIDDEN, POST, SP, idp, signed
from registry.institutions.saml_idp import keys_of
from registry.place import Place

FEED = "https://metadata.gardens.test"


class Feed:
    """A federation's web site."""

    def __init__(self) -> None:
        self.document, self.status = "", "200 OK"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response(self.status, [("Content-Type", "application/samlmetadata+xml")])
        return [self.document.encode()]


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def place(new_database: NewDatabase, tmp_path: pathlib.Path, feed: Feed) -> Iterator[Place]:
    key, certificate = keys_of("sp")
    made = Place(
        new_database("laelia.registry.migrations"), tmp_path, outside={FEED: feed}, saml_key=key,
        saml_certificate=certificate,
    )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def load(place: Place, feed: Feed) -> Callable[..., sources.Report]:
    """Load a document from the federation's site, or from another page of it."""

    def from_feed(document: str, certificate: str | None = None, at: str = "/all") -> sources.Report:
        feed.document = document
        with place.service.db.writing() as tx:
            number = sources.put(tx, FEED + at, certificate, trusted=False)
            sources.refresh_later(tx, place.clock.now(), number, 6)
        return sources.load(place.service.db, place.clock, place.calling, number)

    return from_feed


Load = Callable[..., sources.Report]


def test_who_is_in_it(place: Place, load: Load) -> None:
    entities = [idp(1, "Ångström Institute"), SP, idp(2, binding=POST), idp(3, before=HIDDEN)]
    assert load(federation.federation(entities)) == sources.Report(added=2)
    first, hidden = sorted(place.rows("institution"), key=lambda row: row.id)
    assert first.issuer == "https://idp1.example/idp"
    assert first.names == {"en": "Ångström Institute", "de": "Akademie 1"}
    assert (first.contact, first.hidden, hidden.hidden) == ("tech@example.org", False, True)


def test_loaded_again(place: Place, load: Load) -> None:
    load(federation.federation([idp(1), idp(2)]))
    assert load(federation.federation([idp(1), idp(2)])) == sources.Report(same=2)
    assert load(federation.federation([idp(1, "Renamed"), idp(3)])) == sources.Report(
        added=1, changed=1, gone=1
    )
    assert load(federation.federation([idp(2)]), at="/more") == sources.Report(changed=1), (
        "it speaks for 2 now"
    )
    assert load(federation.federation([idp(1, "Robbed")]), at="/more").elsewhere == 1
    assert [
        row.names["en"] for row in place.rows("institution") if row.issuer.startswith("https://idp1.")
    ] == ["Renamed"]


def test_signed(load: Load) -> None:
    certificate = keys_of("federation")[1].read_text()
    assert load(signed([idp(1)]), certificate).added == 1


def test_not_signed_as_it_has_to_be(place: Place, load: Load) -> None:
    good = signed([idp(1)])
    documents = (
        (federation.federation([idp(1)]), "not signed"),
        (signed([idp(1)], key="thief"), "not signed with the key"),
        (good.replace("Academy of Place", "Academy of Evil"), "not signed with the key"),
        (signed([idp(1)], sign_alg=xmldsig.SIG_RSA_SHA1), "is not one that is taken"),
        (_wrapped(good), "not signed, and"),
        (_around(good), "is not one that is taken"),
    )
    for document, why in documents:
        with pytest.raises(BadMetadata, match=why):
            load(document, keys_of("federation")[1].read_text())
        assert not place.rows("institution")
        assert why in place.rows("institution_source")[0].error


def _bare(text: str) -> str:
    return text.split("?>", 1)[-1]


def _wrapped(good: str) -> str:
    """The signed document inside another."""
    return federation.federation([idp(66, "Evil"), _bare(good)]).replace('ID="_federation"', 'ID="_evil"', 1)


def _around(good: str) -> str:
    """A document that bears the signature of the one inside, and its ID."""
    start = good.index("<", good.index("<EntitiesDescriptor") + 1)
    end = good.index("Signature>", good.index("SignatureValue>") + 20)
    end = good.rindex("Signature>") + len("Signature>")
    own = good[start:end]
    return federation.federation([idp(66, "Evil"), _bare(good)], signature=own)


def test_documents_that_are_none(place: Place, load: Load) -> None:
    documents = (
        ("", "no XML"),
        ("<html/>", "its root is html"),
        (federation.federation([]), "no EntityDescriptor"),
        (federation.federation([idp(1)])[:-40], "no XML"),
        (federation.federation([idp(1)], until="2020-01-01T00:00:00Z"), "held until"),
        (federation.federation([idp(1)], until="soon"), "no time"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + federation.federation([idp(1)]), "document type"),
    )
    for document, why in documents:
        with pytest.raises(BadMetadata, match=why):
            load(document)
        assert not place.rows("institution")


def test_what_has_ended_is_not_believed(place: Place, load: Load) -> None:
    load(federation.federation([idp(1, until="2099-01-01T00:00:00Z"), idp(2, until="2020-01-01T00:00:00Z")]))
    text = place.browser().open(place.at("/institutions")).text
    assert "Academy of Place 1" in text
    assert "Academy of Place 2" not in text


def test_the_worker_loads_it_again(place: Place, load: Load, feed: Feed) -> None:
    load(federation.federation([idp(1)]))
    feed.document = federation.federation([idp(1), idp(2)])
    place.clock.advance(5 * HOUR)
    place.service.work()
    assert len(place.rows("institution")) == 1
    place.clock.advance(HOUR)
    place.service.work()
    assert len(place.rows("institution")) == 2
    feed.status = "503 Service Unavailable"
    place.clock.advance(6 * HOUR)
    place.service.work()
    assert "answers 503" in place.rows("institution_source")[0].error
    assert {row.state for row in place.rows("institution")} == {"active"}
    feed.status = "200 OK"
    place.clock.advance(6 * HOUR)
    place.service.work()
    assert place.rows("institution_source")[0].error is None


def test_choosing_among_a_thousand(place: Place, load: Load) -> None:
    load(federation.federation(idp(n) for n in range(1, 1101)))
    browser = place.browser()
    page = browser.open(place.at("/institutions?next=/inbox"))
    assert "1100 organisations" in page.text
    assert len(page.forms()) == 1, "only the search"
    page = page.form().fill(q="place1034").submit()
    (button,) = [form for form in page.forms() if "Academy" in form.text]
    assert "Academy of Place 1034" in button.text
    assert button.value("next") == "/inbox"
    page = browser.open(place.at("/institutions?q=academy"))
    assert len([form for form in page.forms() if "Academy" in form.text]) == 20
    assert "There are more" in page.text
    assert "No organisation of this name" in browser.open(place.at("/institutions?q=nowhere")).text
    with pytest.raises(HttpError, match=re.escape("https://idp1034.example")):  # where nobody answers
        button.submit()
    again = browser.open(place.at("/institutions"))
    assert "As last time" in again.text
    assert "Academy of Place 1034" in again.text


def test_without_saml_nobody_of_it_is_offered(
    new_database: NewDatabase, tmp_path: pathlib.Path, feed: Feed
) -> None:
    place = Place(new_database("laelia.registry.migrations"), tmp_path, outside={FEED: feed})
    feed.document = federation.federation([idp(1)])
    with place.service.db.writing() as tx:
        number = sources.put(tx, FEED, None, trusted=False)
    sources.load(place.service.db, place.clock, place.calling, number)
    browser = place.browser()
    assert "organisation" not in browser.open(place.at("/signin")).form("Sign in").text
    assert "No organisation offers this yet" in browser.open(place.at("/institutions")).text
    assert browser.open(place.at("/saml/metadata")).status == 404
    page = browser.open(place.at("/account"))
    token = page.form().value("csrf_token")
    data = {"csrf_token": token}
    assert browser.send("POST", place.at("/institutions/1/start"), data=data).status == 404
    assert browser.send("POST", place.at("/saml/acs"), data={"SAMLResponse": "x"}).status == 404
    place.close()
