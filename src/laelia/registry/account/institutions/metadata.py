"""Identity providers from SAML metadata: a document of one provider or of a federation with thousands.

A document is read element by element, so that its size does not matter. Where a certificate is given the
document has to be signed with it; then, as anywhere, what is signed is the whole of it.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from lxml import etree

from laelia.registry.account.institutions import shape
from laelia.registry.account.institutions.guest import Refused, plain
from laelia.registry.account.institutions.providers import Told, real_now
from laelia.registry.account.institutions.shape import DS, MD

LARGEST = 300 * 1024 * 1024
"""Bytes of a document: that of all the world's federations has some hundred million."""
LARGEST_ENTITY = 200 * 1024

_ENTITY, _MANY = f"{{{MD}}}EntityDescriptor", f"{{{MD}}}EntitiesDescriptor"
_IDP = f"{{{MD}}}IDPSSODescriptor"
_UI = "urn:oasis:names:tc:SAML:metadata:ui"
_SCOPE = "{urn:mace:shibboleth:metadata:1.0}Scope"
_ATTRIBUTE = f"{{{shape.SAML}}}Attribute"
_SAML2 = "urn:oasis:names:tc:SAML:2.0:protocol"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_HIDE = "http://refeds.org/category/hide-from-discovery"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class BadMetadata(Exception):
    """The document can't be used; the message says why."""


def providers(document: Path) -> Iterator[Told]:
    """The identity providers of a document that can be asked by redirect. Raises BadMetadata, also in the
    midst of it."""
    until = _head(document)
    entities = 0
    try:
        for _, entity in _events(document, _ENTITY):
            entities += 1
            told = _provider(entity, until)
            if told is not None:
                yield told
            _drop(entity)
    except etree.XMLSyntaxError as error:
        raise BadMetadata(f"it is no XML: {error}") from None
    if not entities:
        raise BadMetadata("it holds no EntityDescriptor")


def check_signature(document: Path, certificate: str, folder: Path) -> None:
    """Raises BadMetadata unless the whole document is signed with the key of this certificate (PEM)."""
    from laelia.registry.account.institutions import saml  # only where there is something to check

    try:
        root = _signed(document)
    except etree.XMLSyntaxError as error:
        raise BadMetadata(f"it is no XML: {error}") from None
    except Refused as refused:
        raise BadMetadata(f"its signature is not one that is taken: {refused.detail}") from None
    if root is None:
        raise BadMetadata("it is not signed, and a certificate to check it with is set")
    file = folder / "certificate.pem"
    file.write_text(certificate)
    try:
        right = saml.signed_by(document, file, etree.QName(root).localname)
    except saml.NoXmlsec as missing:
        raise BadMetadata(str(missing)) from None
    if not right:
        raise BadMetadata("it is not signed with the key of the certificate that is set")


def _signed(document: Path) -> etree._Element | None:
    """The root, if the first signature of the document is its own and names no other element; those of single
    entities are not asked."""
    root = None
    signature = f"{{{DS}}}Signature"
    for _, element in _events(document, (_ENTITY, _MANY, signature)):
        if element.tag == signature and root is None:
            if element.getparent() is not element.getroottree().getroot():
                return None
            shape.signature(element)
            root = element.getparent()
        elif element.tag != signature and root is not None and element is not root:
            if any(inner.get("ID") == root.get("ID") for inner in element.iter()):
                raise Refused("shape", "an ID is used twice")
            if element.tag == _ENTITY:
                _drop(element)
    return root


def _events(document: Path, tags: str | tuple[str, ...]) -> Iterator[tuple[str, etree._Element]]:
    """The elements of these names, each when it is complete."""
    with document.open("rb") as stream:
        yield from etree.iterparse(
            stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip


def _drop(element: etree._Element) -> None:
    """Make room: it was read."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _plain() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _head(document: Path) -> int | None:
    """Until when the whole document holds. Raises BadMetadata for what is none, or holds no longer."""
    try:
        with document.open("rb") as stream:
            _, root = next(etree.iterparse(stream, events=("start",), resolve_entities=False,
                                           no_network=True, load_dtd=False))  # fmt: skip
    except (etree.XMLSyntaxError, StopIteration) as error:
        raise BadMetadata(f"it is no XML: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise BadMetadata("it has a document type declaration")
    if root.tag not in (_ENTITY, _MANY):
        raise BadMetadata(f"its root is {root.tag}")
    until = _moment(root.get("validUntil"))
    if until is not None and until <= real_now():
        raise BadMetadata(f"it held until {root.get('validUntil')}")
    return until


def _provider(entity: etree._Element, until: int | None) -> Told | None:
    """What an entity says as an identity provider; None if it is none that can be asked."""
    issuer, idp = entity.get("entityID") or "", entity.find(_IDP)
    if idp is None or not issuer or len(issuer) > 1024 or not issuer.isprintable():
        return None
    speaks = (idp.get("protocolSupportEnumeration") or "").split()
    asked_at = [e for e in idp.findall(f"{{{MD}}}SingleSignOnService") if e.get("Binding") == _REDIRECT]
    if _SAML2 not in speaks or not asked_at:
        return None
    own = _moment(entity.get("validUntil"))
    holds = min((one for one in (until, own) if one is not None), default=None)
    kept = _kept(entity)
    if len(kept) > LARGEST_ENTITY:
        return None
    return Told(
        protocol="saml",
        issuer=issuer,
        names=_names(entity, idp),
        found_by=_found_by(idp),
        contact=_contact(entity),
        hidden=_hidden(entity),
        metadata=kept,
        valid_until=holds,
    )


def _kept(entity: etree._Element) -> str:
    """What is needed to ask it and to check its answers."""
    kept = etree.Element(_ENTITY, {"entityID": entity.get("entityID") or ""}, nsmap={"md": MD, "ds": DS})
    for idp in entity.findall(_IDP):
        kept.append(_copy(idp))
    return etree.tostring(kept, encoding="unicode")


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False), _plain())


def digest(kept: str) -> str:
    return hashlib.sha256(kept.encode()).hexdigest()


def _names(entity: etree._Element, idp: etree._Element) -> dict[str, str]:
    shown = list(idp.iter(f"{{{_UI}}}DisplayName"))
    shown = shown or list(entity.iter(f"{{{MD}}}OrganizationDisplayName"))
    return {(e.get(_LANG) or "en").lower(): plain(e.text) for e in reversed(shown) if plain(e.text)}


def _found_by(idp: etree._Element) -> tuple[str, ...]:
    keywords = [(e.text or "").replace("+", " ") for e in idp.iter(f"{{{_UI}}}Keywords")]
    scopes = [e.text or "" for e in idp.iter(_SCOPE) if e.get("regexp") not in ("true", "1")]
    return tuple(plain(text) for text in (*keywords, *scopes) if plain(text))


def _contact(entity: etree._Element) -> str:
    """Where its people get help: support, else the technical contact."""
    found = {e.get("contactType"): e.findtext(f"{{{MD}}}EmailAddress")
             for e in reversed(entity.findall(f"{{{MD}}}ContactPerson"))}  # fmt: skip
    address = found.get("support") or found.get("technical") or ""
    return plain(address.strip().removeprefix("mailto:"))


def _hidden(entity: etree._Element) -> bool:
    return any(
        (value.text or "").strip() == _HIDE
        for attribute in entity.iter(_ATTRIBUTE)
        if attribute.get("Name") == "http://macedir.org/entity-category"
        for value in attribute
    )


def _moment(text: str | None) -> int | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise BadMetadata(f"{text!r} is no time") from None
    if moment.tzinfo is None:
        raise BadMetadata(f"{text!r} does not say in which time zone")
    return int(moment.timestamp() * 1000)
