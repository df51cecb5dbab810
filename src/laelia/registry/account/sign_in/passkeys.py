"""Passkeys (WebAuthn level 2): a key pair that a phone, a computer or a security key keeps for her.

A passkey of a device that checked who she is (finger, face, PIN) signs her in alone; of any device it serves
as the second step. Keys are discoverable, so that she need not say her name. No attestation is asked for.
"""

import struct
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, insert, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from laelia.lib.secret import new_secret
from laelia.registry import tables
from laelia.registry.account import credentials

MOST = 20
"""Passkeys one person may have."""
NAME_LENGTH = 60


class Unfit(Exception):
    """What the browser sent is no passkey that can be kept; the text is for the log of who develops."""


@dataclass(frozen=True)
class Site:
    """Where passkeys are valid: the host, and the origin that the browser signs."""

    host: str
    origin: str


def site_of(url: str) -> Site:
    parts = urlsplit(url)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def listed(tx: Connection, orcid: str) -> list[Row[Any]]:
    """Her passkeys, the oldest first."""
    return list(tx.execute(select(tables.passkey).where(_C.orcid == orcid).order_by(_C.id)))


def to_make(tx: Connection, site: Site, issuer: str, orcid: str, name: str) -> tuple[str, bytes]:
    """The options for the browser's `create`, as JSON, and the challenge to be kept."""
    known = listed(tx, orcid)
    handle = known[0].user_handle if known else new_secret(32)
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=issuer,
        user_id=base64url_to_bytes(handle),
        user_name=orcid,
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(known),
    )
    return options_to_json(options), options.challenge + base64url_to_bytes(handle)


def keep(tx: Connection, now: int, site: Site, orcid: str, challenge: bytes, answer: str, name: str) -> None:
    """File the passkey that the browser made; raises Unfit."""
    # The handle travels with the challenge: all passkeys of one person bear the same.
    sent, handle = challenge[:64], challenge[64:]
    known = listed(tx, orcid)
    if len(known) >= MOST:
        raise Unfit(f"{MOST} passkeys are there already")
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=sent, expected_rp_id=site.host, expected_origin=site.origin
        )
    except _MALFORMED as error:
        raise Unfit(str(error)) from None
    identity = bytes_to_base64url(made.credential_id)
    if tx.execute(select(_C.id).where(_C.credential_id == identity)).first() is not None:
        raise Unfit("this passkey is filed already")
    tx.execute(
        insert(tables.passkey).values(
            orcid=orcid,
            credential_id=identity,
            user_handle=known[0].user_handle if known else bytes_to_base64url(handle),
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name.strip()[:NAME_LENGTH],
            synced=made.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
            created=now,
        )
    )


def to_sign(tx: Connection, site: Site, orcid: str | None) -> tuple[str, bytes]:
    """The options for the browser's `get`, as JSON, and the challenge to be kept. Without an iD any passkey
    of this site will do, and the device has to check who she is."""
    needed = UserVerificationRequirement.REQUIRED if orcid is None else UserVerificationRequirement.PREFERRED
    allowed = _described(listed(tx, orcid)) if orcid is not None else []
    options = generate_authentication_options(
        rp_id=site.host, allow_credentials=allowed, user_verification=needed
    )
    return options_to_json(options), options.challenge


def check(
    tx: Connection, now: int, site: Site, challenge: bytes, answer: str, orcid: str | None
) -> str | None:
    """Whose passkey signed the challenge, None when it did not; with an iD only hers will do."""
    try:
        given = parse_authentication_credential_json(answer)
        row = tx.execute(
            select(tables.passkey)
            .where(_C.credential_id == bytes_to_base64url(given.raw_id))
            .with_for_update()
        ).first()
        if row is None or (orcid is not None and row.orcid != orcid):
            return None
        handle = given.response.user_handle
        if handle is not None and bytes_to_base64url(handle) != row.user_handle:
            return None
        shown = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=orcid is None,
        )
    except _MALFORMED:
        return None
    if not credentials.may_enter(tx, row.orcid):
        return None
    used = update(tables.passkey).where(_C.id == row.id)
    tx.execute(used.values(sign_count=shown.new_sign_count, used=now))
    return str(row.orcid)


def rename(tx: Connection, orcid: str, number: int, name: str) -> bool:
    """Call it something else; False when it is not hers."""
    one = update(tables.passkey).where(_C.id == number, _C.orcid == orcid)
    return tx.execute(one.values(name=name.strip()[:NAME_LENGTH])).rowcount > 0


def remove(tx: Connection, orcid: str, number: int) -> str | None:
    """Take it away; returns what it was called, None when it is not hers."""
    gone = delete(tables.passkey).where(_C.id == number, _C.orcid == orcid).returning(_C.name)
    name: str | None = tx.execute(gone).scalar()
    return name


def _described(rows: list[Row[Any]]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id)) for row in rows]


# What foreign bytes can make the library raise.
_MALFORMED = (WebAuthnException, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error)

_C = tables.passkey.c
