"""An identity provider of SAML 2.0 for tests: pysaml2's own, with the ways in which attackers bend one."""

import base64
import datetime
import functools
import logging
import pathlib
import tempfile
import warnings
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from markupsafe import escape

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from saml2 import BINDING_HTTP_REDIRECT, xmldsig
    from saml2.config import IdPConfig
    from saml2.metadata import create_metadata_string
    from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NAMEID_FORMAT_TRANSIENT, NameID
    from saml2.server import Server

logging.getLogger("saml2").setLevel(logging.CRITICAL + 1)

_SAML, _DS = "urn:oasis:names:tc:SAML:2.0:assertion", "http://www.w3.org/2000/09/xmldsig#"
ADA = {
    "eduPersonUniqueId": "a1ada@garden.example",
    "eduPersonPrincipalName": "ada@garden.example",
    "givenName": "Ada",
    "sn": "Lovelace",
    "mail": "ada.lovelace@garden.example",
}


def key_pair(folder: pathlib.Path, name: str) -> tuple[pathlib.Path, pathlib.Path]:
    """A key and a self-signed certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.key", folder / f"{name}.crt"
    files[0].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    files[1].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    return files


@functools.cache
def keys_of(name: str) -> tuple[pathlib.Path, pathlib.Path]:
    """The same pair for all tests of a process: making one takes a while."""
    return key_pair(pathlib.Path(tempfile.mkdtemp(prefix="laelia-saml-")), name)


class SamlIdp:
    """`wsgi` answers at `site`; who signs in there is `person`. What `answer` and `change` say goes out."""

    def __init__(
        self, site: str, sp_metadata: bytes, *, name: str = "Garden University", key: str = "idp"
    ) -> None:
        self.site, self.name = site, name
        self.sent: list[str] = []
        self.requests: list[dict[str, list[str]]] = []
        self.back_to_normal()
        self.key, self.certificate = keys_of(key)
        self.config = self._config(sp_metadata)
        self.server: Any = Server(config=self.config)

    def back_to_normal(self) -> None:
        """Keep to the standard, and let Ada sign in."""
        self.person: Mapping[str, Any] = ADA
        self.answer: dict[str, Any] = {}
        self.change: Callable[[str], str] = lambda xml: xml
        self.transient = False

    @property
    def entity_id(self) -> str:
        return f"{self.site}/idp"

    def _config(self, sp_metadata: bytes) -> Any:
        ui_info = {
            "display_name": [{"text": self.name, "lang": "en"}, {"text": "Gartenuniversität", "lang": "de"}],
            "keywords": [{"text": ["botany"], "lang": "en"}],
        }
        service = {
            "endpoints": {"single_sign_on_service": [(f"{self.site}/sso", BINDING_HTTP_REDIRECT)]},
            "policy": {
                "default": {
                    "lifetime": {"minutes": 5},
                    "attribute_restrictions": None,
                    "name_form": NAME_FORMAT_URI,
                    "nameid_format": NAMEID_FORMAT_PERSISTENT,
                }
            },
            "name_id_format": [NAMEID_FORMAT_PERSISTENT],
            "subject_data": str(self.key.parent / f"subjects-{id(self)}"),
            "signing_algorithm": xmldsig.SIG_RSA_SHA256,
            "digest_algorithm": xmldsig.DIGEST_SHA256,
            "want_authn_requests_signed": True,
            "ui_info": ui_info,
            "scope": ["garden.example"],
        }
        given = {
            "entityid": self.entity_id,
            "service": {"idp": service},
            "key_file": str(self.key),
            "cert_file": str(self.certificate),
            "metadata": {"inline": [sp_metadata.decode()]},
            "contact_person": [{"contact_type": "support", "email_address": "help@garden.example"}],
            "delete_tmpfiles": True,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return IdPConfig().load(given)

    def metadata(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = create_metadata_string(None, config=self.config)
        return made.decode() if isinstance(made, bytes) else str(made)

    def respond(self, **changed: Any) -> str:
        """The XML of an answer to the last question, or to none."""
        asked = self.asked
        given: dict[str, Any] = {
            "identity": dict(self.person),
            "in_response_to": asked.id,
            "destination": asked.assertion_consumer_service_url,
            "sp_entity_id": asked.issuer.text,
            "name_id": NameID(
                format=NAMEID_FORMAT_TRANSIENT if self.transient else NAMEID_FORMAT_PERSISTENT,
                text="t-1" if self.transient else "p-7788",
            ),
            "authn": {"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"},
            "sign_assertion": True,
            "sign_response": False,
            "sign_alg": xmldsig.SIG_RSA_SHA256,
            "digest_alg": xmldsig.DIGEST_SHA256,
            **self.answer,
            **changed,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(self.server.create_authn_response(**given))

    def sign_again(self, change: Callable[[Any], None]) -> Callable[[str], str]:
        """An assertion that was changed before it was signed: what a careless or evil provider sends."""

        def bent(xml: str) -> str:
            root = etree.fromstring(xml.encode())
            change(root)
            (one,) = root.iter(f"{{{_SAML}}}Assertion")
            for name in ("DigestValue", "SignatureValue"):
                for each in one.iter(f"{{{_DS}}}{name}"):
                    each.text = ""
            text = etree.tostring(root, encoding="unicode")
            node = f"{_SAML}:Assertion"
            return str(
                self.server.sec.sign_statement(text, node, key_file=str(self.key), node_id=one.get("ID"))
            )

        return bent

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """The sign-in page: one button."""
        query = parse_qs(environ["QUERY_STRING"])
        if "SAMLRequest" not in query:
            start_response("404 Not Found", [("Content-Type", "text/html; charset=utf-8")])
            return [b"<!doctype html><title>Nothing</title>"]
        self.requests.append(query)
        signed = {name: query[name][0] for name in ("Signature", "SigAlg") if name in query}
        parsed = self.server.parse_authn_request(
            query["SAMLRequest"][0],
            BINDING_HTTP_REDIRECT,
            sigalg=signed.get("SigAlg"),
            signature=signed.get("Signature"),
        )
        self.asked = parsed.message
        xml = self.change(self.respond())
        self.sent.append(xml)
        body = _FORM % {
            "acs": escape(self.asked.assertion_consumer_service_url),
            "name": escape(self.name),
            "response": base64.b64encode(xml.encode()).decode(),
            "state": escape(query.get("RelayState", [""])[0]),
        }
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [body.encode()]


_FORM = """<!doctype html><html lang="en"><title>Sign in</title><h1>%(name)s</h1>
<form method="post" action="%(acs)s"><input type="hidden" name="SAMLResponse" value="%(response)s">
<input type="hidden" name="RelayState" value="%(state)s"><button>Continue as Ada</button></form></html>"""
