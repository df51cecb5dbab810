"""What a signed SAML document has to look like before anything in it is believed.

The library that checks signatures finds what is signed by its ID; whoever reads it finds it by its place. An
attacker lives between the two (signature wrapping), so only one shape is let through: one of everything, each
signature straight inside what it signs, naming that and nothing else, by algorithms that still hold. Where
the standards leave room (SAML core §5.4), this is narrower.
"""

import re

from lxml import etree

from laelia.codec import xml
from laelia.model.problems import MalformedXml
from laelia.registry.account.institutions.guest import Refused

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
LARGEST = 512 * 1024
"""Bytes of an answer: a long one has some ten thousand."""

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
# No SHA-1 and no MD5, in signatures and in digests.
SIGNATURES = {f"{_MORE}{key}-sha{size}" for key in ("rsa", "ecdsa") for size in (256, 384, 512)}
DIGESTS = {"http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmlenc#sha512",
           f"{_MORE}sha384"}  # fmt: skip
_CANONICAL = {f"http://www.w3.org/2001/10/xml-exc-c14n#{rest}" for rest in ("", "WithComments")}
_ENVELOPED = f"{DS}enveloped-signature"
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)""")
_IDS = ("ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id")


def parse(data: bytes) -> etree._Element:
    """The root of a document without declarations, entities and anything that a signature passes over:
    canonical form drops comments, so that a text with one in it is read in two ways."""
    encoding = _ENCODING.match(data)
    if encoding is not None and encoding[1].lower() != b"utf-8":
        raise Refused("shape", "another encoding than UTF-8")
    if b"<!--" in data:
        raise Refused("shape", "comments")
    try:
        data.decode()
        return xml.parse(data)
    except (MalformedXml, UnicodeDecodeError):
        raise Refused("shape", "no plain XML") from None


def response(root: etree._Element) -> etree._Element:
    """The one assertion of an answer, or what it is encrypted in. Raises Refused."""
    if root.tag != f"{{{SAMLP}}}Response":
        raise Refused("shape", "no response")
    inside = [e for e in root.iter() if e.tag in _ASSERTIONS]
    if len(inside) != 1 or inside[0].getparent() is not root:
        raise Refused("shape", f"{len(inside)} assertions, or not in their place")
    signatures(root, allowed={root, inside[0]})
    return inside[0]


_ASSERTIONS = (f"{{{SAML}}}Assertion", f"{{{SAML}}}EncryptedAssertion")


def decrypted(root: etree._Element) -> etree._Element:
    """The one assertion of an answer that was encrypted. Raises Refused."""
    found = [e for e in root.iter() if e.tag == f"{{{SAML}}}Assertion"]
    around = found[0].getparent() if len(found) == 1 else None
    if around is None or around.tag != f"{{{SAML}}}EncryptedAssertion" or around.getparent() is not root:
        raise Refused("shape", f"{len(found)} assertions in what was encrypted")
    signatures(root, allowed={root, found[0]})
    return found[0]


def signatures(root: etree._Element, allowed: set[etree._Element]) -> list[etree._Element]:
    """The signatures of a document, each of which stands in one of the elements `allowed`, one in each.
    Raises Refused; an ID that is used twice is refused as well."""
    ids = [value for e in root.iter() for name in _IDS if (value := e.get(name)) is not None]
    if len(ids) != len(set(ids)):
        raise Refused("shape", "an ID is used twice")
    found = [e for e in root.iter() if e.tag == f"{{{DS}}}Signature"]
    parents = [e.getparent() for e in found]
    if any(parent not in allowed for parent in parents) or len(set(parents)) != len(parents):
        raise Refused("shape", "a signature is not in its place")
    for one in found:
        signature(one)
    return found


def signature(one: etree._Element) -> None:
    """Raises Refused unless it signs just the element that it stands in."""
    parent = one.getparent()
    assert parent is not None, "a signature in its place has one"
    if {child.tag for child in one} - {f"{{{DS}}}{n}" for n in ("SignedInfo", "SignatureValue", "KeyInfo")}:
        raise Refused("shape", "a signature holds more than a signature")
    infos = one.findall(f"{{{DS}}}SignedInfo")
    references = [r for info in infos for r in info.findall(f"{{{DS}}}Reference")]
    if len(infos) != 1 or len(references) != 1:
        raise Refused("shape", "a signature has not one reference")
    if not parent.get("ID") or references[0].get("URI") != f"#{parent.get('ID')}":
        raise Refused("shape", "a signature names something else than what it stands in")
    transforms = [e.get("Algorithm") for e in references[0].iter(f"{{{DS}}}Transform")]
    if transforms.count(_ENVELOPED) != 1 or set(transforms) - {_ENVELOPED} - _CANONICAL:
        raise Refused("shape", "a signature changes what it signs")
    _algorithms(infos[0], references[0])


def _algorithms(info: etree._Element, reference: etree._Element) -> None:
    method = info.find(f"{{{DS}}}SignatureMethod")
    digest = reference.find(f"{{{DS}}}DigestMethod")
    signs = None if method is None else method.get("Algorithm")
    if signs not in SIGNATURES or digest is None or digest.get("Algorithm") not in DIGESTS:
        raise Refused("weak", f"signed with {signs}")
    canonical = info.find(f"{{{DS}}}CanonicalizationMethod")
    if canonical is None or canonical.get("Algorithm") not in _CANONICAL:
        raise Refused("shape", "an unusual canonical form")
