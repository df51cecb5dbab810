"""SAML 2.0 (Web Browser SSO profile): the question to an identity provider, and what its answer says.

The only module that names pysaml2, which takes half a second to import and calls Debian's xmlsec1: import it
where SAML is configured. The library checks signatures, conditions and times; what it leaves open is checked
here, and `shape` says what it is given at all. A provider's metadata is handed to it for the one
provider in question, since it would take minutes to read a whole federation.
"""

import base64
import binascii
import logging
import shutil
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any

from lxml import etree

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # ciphers that cryptography is about to move
    from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, xmldsig
    from saml2.client import Saml2Client
    from saml2.config import SPConfig
    from saml2.metadata import create_metadata_string
    from saml2.response import StatusError
    from saml2.saml import NAMEID_FORMAT_PERSISTENT, SCM_BEARER
    from saml2.sigver import CryptoBackendXmlSec1

from laelia.registry.account.institutions import attributes, shape
from laelia.registry.account.institutions.guest import Guest, Refused
from laelia.registry.account.institutions.providers import Institution
from laelia.registry.settings import Settings

# It logs whole documents: names, addresses and identifiers of people.
logging.getLogger("saml2").setLevel(logging.CRITICAL + 1)

SLACK_SECONDS = 60
"""How far clocks may be apart."""


class NoXmlsec(Exception):
    """xmlsec1 is not installed; the message names Debian's package."""


@dataclass(frozen=True, kw_only=True)
class Own:
    """Who we are towards providers."""

    entity_id: str
    acs: str
    key: Path
    certificate: Path
    sign: bool = True
    contact: str | None = None


def own(settings: Settings) -> Own:
    """Who we are by the settings, which have to name key and certificate."""
    assert settings.saml_key is not None
    assert settings.saml_certificate is not None
    return Own(
        entity_id=settings.saml_entity,
        acs=f"{settings.public_url.rstrip('/')}/saml/acs",
        key=settings.saml_key,
        certificate=settings.saml_certificate,
        sign=settings.saml_sign_requests,
        contact=settings.saml_contact,
    )


def xmlsec() -> str:
    """The path of xmlsec1. Raises NoXmlsec."""
    found = shutil.which("xmlsec1")
    if found is None:
        raise NoXmlsec("SAML needs xmlsec1, which is not installed. On Debian: apt-get install xmlsec1")
    return found


def metadata(us: Own) -> bytes:
    """Our metadata, for federations and providers to load."""
    document: bytes | str = create_metadata_string(None, config=_config(us, None), valid=None)
    root = shape.parse(document if isinstance(document, bytes) else document.encode())
    for each in root.findall(f"{{{shape.MD}}}Extensions"):
        root.remove(each)  # all that xmlsec1 can do, SHA-1 and MD5 among it, of which we take little
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def start(us: Own, at: Institution) -> tuple[str, str]:
    """A question to a provider: its id, and the address the browser goes to."""
    id_ = f"_{token_hex(16)}"
    _, info = _client(us, at.metadata or "").prepare_for_authenticate(
        entityid=at.issuer,
        binding=BINDING_HTTP_REDIRECT,
        response_binding=BINDING_HTTP_POST,
        sign=us.sign,
        sigalg=xmldsig.SIG_RSA_SHA256,
        message_id=id_,
    )
    return id_, dict(info["headers"])["Location"]


def asked_by(posted: str) -> str:
    """The id of the question that an answer names, which nothing vouches for yet. Raises Refused: an answer
    that nobody asked for (IdP-initiated) is not taken."""
    root = shape.parse(decoded(posted))
    id_ = root.get("InResponseTo")
    if not id_:
        raise Refused("unasked", "no InResponseTo")
    return id_


def decoded(posted: str) -> bytes:
    """The document of a form field. Raises Refused."""
    if len(posted) > shape.LARGEST:
        raise Refused("shape", "too long")
    try:
        return base64.b64decode(posted.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("shape", "no base64") from None


def finish(us: Own, at: Institution, id_: str, posted: str) -> Guest:
    """Who came, by the answer of this provider to this question. Raises Refused for whatever is wrong."""
    client, data = _client(us, at.metadata or ""), decoded(posted)
    checked = _checked(client, data)
    same = base64.b64encode(data).decode()  # the library's own reading of base64 is a lax one
    try:
        answer = client.parse_authn_request_response(same, BINDING_HTTP_POST, outstanding={id_: "/"})
    except StatusError as error:
        raise Refused("declined", type(error).__name__) from None
    except Exception as error:
        # The library raises whatever happens to go wrong in it, and none of it lets anybody in.
        raise Refused("answer", type(error).__name__) from None
    if answer is None or answer.assertion is None:
        raise Refused("answer", "not accepted")
    if answer.assertion.id != checked:
        raise Refused("shape", "another assertion than the one checked")
    _addressed(us, at, id_, answer)
    return attributes.guest(at.id, answer.assertion)


def _checked(client: Any, data: bytes) -> str | None:
    """The ID of the one assertion of an answer in the right shape, signed by itself."""
    one = shape.response(shape.parse(data))
    if one.tag.endswith("}EncryptedAssertion"):
        try:
            opened = client.sec.decrypt_keys(data.decode())
        except Exception as error:
            raise Refused("answer", type(error).__name__) from None
        one = shape.decrypted(shape.parse(opened.encode() if isinstance(opened, str) else opened))
    if one.find(f"{{{shape.DS}}}Signature") is None:
        raise Refused("unsigned", "the assertion is not signed")
    return one.get("ID")


def _addressed(us: Own, at: Institution, id_: str, answer: Any) -> None:
    """That provider, to us, at this address, to this question (SAML profiles §4.1.4.2-3). The library
    passes over what is absent."""
    response, assertion = answer.response, answer.assertion
    issuers = [one.issuer.text.strip() for one in (response, assertion) if one.issuer is not None]
    if assertion.issuer is None or set(issuers) != {at.issuer}:
        raise Refused("answer", "another issuer")
    if response.destination != us.acs:
        raise Refused("answer", "another destination")
    conditions = assertion.conditions
    restrictions = conditions.audience_restriction if conditions is not None else []
    if not restrictions or not all(_names(one, us.entity_id) for one in restrictions):
        raise Refused("answer", "another audience")
    if not any(_bears(one, us.acs, id_) for one in assertion.subject.subject_confirmation):
        raise Refused("answer", "no bearer confirmation for this question at this address")


def _names(restriction: Any, entity_id: str) -> bool:
    return any((audience.text or "").strip() == entity_id for audience in restriction.audience)


def _bears(confirmation: Any, acs: str, id_: str) -> bool:
    data = confirmation.subject_confirmation_data
    return bool(
        confirmation.method == SCM_BEARER
        and data is not None
        and data.recipient == acs
        and data.in_response_to == id_
        and data.not_on_or_after
        and not data.not_before
    )


def signed_by(document: Path, certificate: Path, root: str) -> bool:
    """Whether the root of a metadata file (the local name of its element) is signed with this key. What the
    signature covers is `shape`'s to say."""
    backend = CryptoBackendXmlSec1(xmlsec())
    name = f"{shape.MD}:{root}"
    try:
        return bool(backend.validate_signature(document.read_bytes(), str(certificate), "pem", name, ""))
    except Exception:
        return False


@lru_cache(64)
def _client(us: Own, described: str) -> Any:
    return Saml2Client(config=_config(us, described))


def _config(us: Own, described: str | None) -> Any:
    keys = {"key_file": str(us.key), "cert_file": str(us.certificate)}
    service = {
        "name": "Laelia",
        "endpoints": {"assertion_consumer_service": [(us.acs, BINDING_HTTP_POST)]},
        "allow_unsolicited": False,
        "authn_requests_signed": us.sign,
        "want_assertions_signed": True,
        "want_response_signed": False,
        "want_assertions_or_response_signed": False,
        # Without these two the library signs with SHA-1; at the top level it passes over them.
        "signing_algorithm": xmldsig.SIG_RSA_SHA256,
        "digest_algorithm": xmldsig.DIGEST_SHA256,
        "name_id_format": [NAMEID_FORMAT_PERSISTENT],
        "required_attributes": [],
        "optional_attributes": ["eduPersonUniqueId", "givenName", "sn", "mail", "displayName"],
    }
    settings: dict[str, Any] = {
        "entityid": us.entity_id,
        "service": {"sp": service},
        "xmlsec_binary": xmlsec(),
        "delete_tmpfiles": True,
        "accepted_time_diff": SLACK_SECONDS,
        "allow_unknown_attributes": True,
        "encryption_keypairs": [keys],
        **keys,
    }
    if us.contact:
        settings["contact_person"] = [{"contact_type": "support", "email_address": us.contact}]
    if described is not None:
        settings["metadata"] = {"inline": [described]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SPConfig().load(settings)
