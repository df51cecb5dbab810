"""What an assertion says of a person: the identifier to know her by, and what helps to fill in a form."""

from collections.abc import Iterator
from typing import Any

from laelia.registry.account.institutions.guest import Guest, Refused, plain

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_OID = "urn:oid:"
_PAIRWISE = "urn:oasis:names:tc:SAML:attribute:pairwise-id"
_SUBJECT = "urn:oasis:names:tc:SAML:attribute:subject-id"
_UNIQUE = f"{_OID}1.3.6.1.4.1.5923.1.1.1.13"
_TARGETED = f"{_OID}1.3.6.1.4.1.5923.1.1.1.10"
# Two federations' worth of ways to write the same (SAML attribute profiles; eduPerson; inetOrgPerson).
_GIVEN = (f"{_OID}2.5.4.42", "givenName", "urn:mace:dir:attribute-def:givenName")
_FAMILY = (f"{_OID}2.5.4.4", "sn", "urn:mace:dir:attribute-def:sn")
_SHOWN = (f"{_OID}2.16.840.1.113730.3.1.241", "displayName", "urn:mace:dir:attribute-def:displayName")
_MAIL = (f"{_OID}0.9.2342.19200300.100.1.3", "mail", "urn:mace:dir:attribute-def:mail")
_PRINCIPAL = (f"{_OID}1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName")
LONGEST = 1024


def guest(institution_id: int, assertion: Any) -> Guest:
    """Raises Refused where no identifier stays the same from visit to visit: a transient one is made anew
    each time, and an address or a principal name may be given to somebody else one day."""
    held = _held(assertion)
    subjects = tuple(_subjects(assertion, held))
    if not subjects:
        raise Refused("nameless", "no lasting identifier")
    email, shown = _first(held, _MAIL), _first(held, _SHOWN)
    given, family = _first(held, _GIVEN), _first(held, _FAMILY)
    return Guest(
        institution_id=institution_id,
        subjects=subjects,
        label=_first(held, _PRINCIPAL) or email or shown or plain(f"{given} {family}"),
        given=given,
        family=family,
        email=email,
    )


def _subjects(assertion: Any, held: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """In the order in which they are trusted to last."""
    for kind, name in (("eduPersonUniqueId", _UNIQUE), ("pairwise-id", _PAIRWISE), ("subject-id", _SUBJECT)):
        values = held.get(name, [])
        if len(values) == 1:  # with several nobody could say which is hers
            yield from _short(kind, values[0])
    name_id = assertion.subject.name_id if assertion.subject is not None else None
    if name_id is not None and name_id.format == PERSISTENT and name_id.text:
        yield from _short("persistent", str(name_id.text).strip())
    yield from _targeted(assertion)


def _targeted(assertion: Any) -> Iterator[tuple[str, str]]:
    """eduPersonTargetedID, whose value is a persistent NameID itself: the same identifier by another way."""
    for attribute in _attributes(assertion):
        if attribute.name == _TARGETED:
            for value in attribute.attribute_value:
                for inner in value.extension_elements:
                    if inner.tag == "NameID" and inner.attributes.get("Format") == PERSISTENT and inner.text:
                        yield from _short("persistent", inner.text.strip())


def _short(kind: str, value: str) -> Iterator[tuple[str, str]]:
    if value and len(value) <= LONGEST and value.isprintable():
        yield kind, value


def _held(assertion: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute in _attributes(assertion):
        values = [str(value.text).strip() for value in attribute.attribute_value if value.text]
        found.setdefault(attribute.name, []).extend(value for value in values if value)
    return found


def _attributes(assertion: Any) -> Iterator[Any]:
    for statement in assertion.attribute_statement:
        yield from statement.attribute


def _first(held: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return plain(next((held[name][0] for name in names if held.get(name)), ""))
