"""Answers of a SAML provider, bent in the ways that attackers have: of text, to text."""

import copy
from collections.abc import Callable

from lxml import etree

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
EVE = "a1eve@garden.example"

Element = etree._Element
Bend = Callable[[str], str]


def bend(change: Callable[[Element], None]) -> Bend:
    """What a change of the tree does to a text."""

    def bent(xml: str) -> str:
        root = etree.fromstring(xml.encode())
        change(root)
        return etree.tostring(root, encoding="unicode")

    return bent


def find(root: Element, path: str) -> Element:
    found = root.find(path)
    assert found is not None, path
    return found


def assertion(root: Element) -> Element:
    return find(root, f".//{SAML}Assertion")


def signature(of: Element) -> Element:
    return find(of, f"./{DS}Signature")


def evil(of: Element) -> Element:
    """A copy in which Eve stands for Ada, under an ID of its own and without a signature."""
    made = copy.deepcopy(of)
    for each in made.iter(f"{SAML}AttributeValue"):
        if each.text == "a1ada@garden.example":
            each.text = EVE
    for each in made.iter(f"{DS}Signature"):
        parent = each.getparent()
        assert parent is not None
        parent.remove(each)
    made.set("ID", "_evil")
    return made


# ---- signature wrapping: what is signed is still there, and what is read is something else


def xsw1(root: Element) -> None:
    """The signed response inside the signature of an evil one."""
    inner = copy.deepcopy(root)
    own = signature(root)
    inner.remove(signature(inner))
    _replace(root, assertion(root), evil(assertion(root)))
    root.set("ID", "_evil-response")
    own.append(inner)


def xsw2(root: Element) -> None:
    """The signed response before the signature of an evil one."""
    inner = copy.deepcopy(root)
    inner.remove(signature(inner))
    _replace(root, assertion(root), evil(assertion(root)))
    root.set("ID", "_evil-response")
    root.insert(0, inner)


def xsw3(root: Element) -> None:
    """An evil assertion before the signed one."""
    good = assertion(root)
    good.addprevious(evil(good))


def xsw4(root: Element) -> None:
    """The signed assertion within an evil one."""
    good = assertion(root)
    bad = evil(good)
    _replace(root, good, bad)
    bad.append(good)


def xsw5(root: Element) -> None:
    """An evil assertion bears the signature of the good one, which follows without it."""
    good = assertion(root)
    bad = evil(good)
    own = signature(good)
    bad.insert(1, own)
    good.addprevious(bad)


def xsw6(root: Element) -> None:
    """An evil assertion bears the signature, and within it the good one."""
    good = assertion(root)
    bad = evil(good)
    own = signature(good)
    good.remove(own)
    _replace(root, good, bad)
    bad.insert(1, own)
    own.append(good)


def xsw7(root: Element) -> None:
    """An evil assertion of the same ID in Extensions, where schemas let anything stand."""
    good = assertion(root)
    bad = evil(good)
    bad.set("ID", str(good.get("ID")))
    box = etree.Element(f"{SAMLP}Extensions")
    box.append(bad)
    root.insert(1, box)


def xsw8(root: Element) -> None:
    """The good assertion in an Object of the signature, the evil one around it."""
    good = assertion(root)
    bad = evil(good)
    own = signature(good)
    good.remove(own)
    _replace(root, good, bad)
    bad.insert(1, own)
    box = etree.SubElement(own, f"{DS}Object")
    box.append(good)


def same_id(root: Element) -> None:
    """An evil assertion in the place of the good one, which keeps its ID elsewhere."""
    good = assertion(root)
    bad = evil(good)
    bad.set("ID", str(good.get("ID")))
    _replace(root, good, bad)
    find(root, f"{SAMLP}Status").append(good)
    bad.insert(1, copy.deepcopy(signature(good)))


WRAPPED = (xsw3, xsw4, xsw5, xsw6, xsw7, xsw8, same_id)
WRAPPED_RESPONSE = (xsw1, xsw2)


def _replace(root: Element, old: Element, new: Element) -> None:
    parent = old.getparent()
    assert parent is not None
    parent.replace(old, new)


# ---- other bends


def without_signature(root: Element) -> None:
    assertion(root).remove(signature(assertion(root)))


def eve(xml: str) -> str:
    """Changed after it was signed."""
    return xml.replace("a1ada@garden.example", EVE)


def comment(xml: str) -> str:
    """A comment, which canonical form drops, cuts an identifier in two for a careless reader."""
    return xml.replace("a1ada@garden.example", "a1ada<!-- -->@garden.example")


def bomb(xml: str) -> str:
    """A billion laughs before the answer."""
    lines = ['<!ENTITY a "ha">'] + [
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return f"<!DOCTYPE r [{''.join(lines)}]>" + _bare(xml).replace("p-7788", "&i;")


def outside(xml: str) -> str:
    """A file of this machine as an identifier."""
    return '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + _bare(xml).replace("p-7788", "&f;")


def _bare(xml: str) -> str:
    return xml.split("?>", 1)[1] if xml.startswith("<?xml") else xml


def destination(address: str) -> Bend:
    return bend(lambda root: root.set("Destination", address))


def in_response_to(id_: str | None) -> Bend:
    def change(root: Element) -> None:
        if id_ is None:
            del root.attrib["InResponseTo"]
        else:
            root.set("InResponseTo", id_)

    return bend(change)


# ---- what a provider that signs anything says wrongly


def audience(root: Element) -> None:
    find(root, f".//{SAML}Audience").text = "https://other.example/sp"


def no_conditions(root: Element) -> None:
    assertion(root).remove(find(root, f".//{SAML}Conditions"))


def no_audience(root: Element) -> None:
    find(root, f".//{SAML}Conditions").remove(find(root, f".//{SAML}AudienceRestriction"))


def recipient(root: Element) -> None:
    find(root, f".//{SAML}SubjectConfirmationData").set("Recipient", "https://other.example/acs")


def no_recipient(root: Element) -> None:
    del find(root, f".//{SAML}SubjectConfirmationData").attrib["Recipient"]


def other_question(root: Element) -> None:
    find(root, f".//{SAML}SubjectConfirmationData").set("InResponseTo", "_another")


def no_question(root: Element) -> None:
    del find(root, f".//{SAML}SubjectConfirmationData").attrib["InResponseTo"]


def no_end(root: Element) -> None:
    del find(root, f".//{SAML}SubjectConfirmationData").attrib["NotOnOrAfter"]


def ended(root: Element) -> None:
    find(root, f".//{SAML}SubjectConfirmationData").set("NotOnOrAfter", "2020-01-01T00:00:00Z")


def conditions_ended(root: Element) -> None:
    find(root, f".//{SAML}Conditions").set("NotBefore", "2019-12-31T00:00:00Z")
    find(root, f".//{SAML}Conditions").set("NotOnOrAfter", "2020-01-01T00:00:00Z")


def not_yet(root: Element) -> None:
    find(root, f".//{SAML}Conditions").set("NotBefore", "2090-01-01T00:00:00Z")
    find(root, f".//{SAML}Conditions").set("NotOnOrAfter", "2091-01-01T00:00:00Z")


def sender_vouches(root: Element) -> None:
    method = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"
    find(root, f".//{SAML}SubjectConfirmation").set("Method", method)


def other_issuer(root: Element) -> None:
    find(assertion(root), f"{SAML}Issuer").text = "https://idp.other.test/idp"


WRONGLY_SIGNED = (
    audience, no_conditions, no_audience, recipient, no_recipient, other_question, no_question, no_end, ended,
    conditions_ended, not_yet, sender_vouches, other_issuer,
)  # fmt: skip
