"""Metadata of a federation, as large as one likes, signed or not."""

import warnings
from collections.abc import Iterable
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from saml2 import xmldsig
    from saml2.sigver import CryptoBackendXmlSec1, pre_signature_part

from registry.institutions.saml_idp import keys_of

_XMLNS = (
    'xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ui="urn:oasis:names:tc:SAML:metadata:ui" '
    'xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '
    'xmlns:attr="urn:oasis:names:tc:SAML:metadata:attribute" '
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
)
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
HIDDEN = (
    '<Extensions><attr:EntityAttributes><saml:Attribute Name="http://macedir.org/entity-category">'
    "<saml:AttributeValue>http://refeds.org/category/hide-from-discovery</saml:AttributeValue>"
    "</saml:Attribute></attr:EntityAttributes></Extensions>"
)


def idp(number: int, name: str = "", *, binding: str = REDIRECT, before: str = "", until: str = "") -> str:
    """One identity provider."""
    site = f"https://idp{number}.example"
    shown = name or f"Academy of Place {number}"
    ends = f' validUntil="{until}"' if until else ""
    return (
        f'<EntityDescriptor entityID="{site}/idp"{ends}>{before}'
        '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f'<Extensions><shibmd:Scope regexp="false">place{number}.example</shibmd:Scope>'
        f'<ui:UIInfo><ui:DisplayName xml:lang="en">{shown}</ui:DisplayName>'
        f'<ui:DisplayName xml:lang="de">Akademie {number}</ui:DisplayName></ui:UIInfo></Extensions>'
        f'<KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{_certificate()}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>"
        f'<SingleSignOnService Binding="{binding}" Location="{site}/sso"/></IDPSSODescriptor>'
        '<ContactPerson contactType="technical"><EmailAddress>mailto:tech@example.org</EmailAddress>'
        "</ContactPerson></EntityDescriptor>"
    )


SP = (
    '<EntityDescriptor entityID="https://sp.example"><SPSSODescriptor '
    'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService index="1" '
    f'Binding="{POST}" Location="https://sp.example/acs"/></SPSSODescriptor></EntityDescriptor>'
)


def federation(entities: Iterable[str], *, until: str = "", signature: str = "") -> str:
    ends = f' validUntil="{until}"' if until else ""
    return (
        f'<EntitiesDescriptor {_XMLNS} ID="_federation" Name="Gardens"{ends}>{signature}{"".join(entities)}'
        "</EntitiesDescriptor>"
    )


def signed(entities: Iterable[str], *, key: str = "federation", **changed: Any) -> str:
    """The same with a signature of the whole."""
    private, certificate = keys_of(key)
    pem = certificate.read_text().replace("-----BEGIN CERTIFICATE-----", "").split("-----END")[0].strip()
    algorithms = {"sign_alg": xmldsig.SIG_RSA_SHA256, "digest_alg": xmldsig.DIGEST_SHA256, **changed}
    template = str(pre_signature_part("_federation", pem, 1, **algorithms)).split("?>", 1)[-1]
    text = federation(entities, signature=template)
    backend = CryptoBackendXmlSec1(_xmlsec())
    name = "urn:oasis:names:tc:SAML:2.0:metadata:EntitiesDescriptor"
    return str(backend.sign_statement(text, name, str(private), "_federation"))


def _xmlsec() -> str:
    from laelia.registry.account.institutions import saml

    return saml.xmlsec()


def _certificate() -> str:
    text = keys_of("idp")[1].read_text()
    return "".join(line for line in text.splitlines() if not line.startswith("-----"))
