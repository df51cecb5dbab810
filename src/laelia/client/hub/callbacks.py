"""What a hub calls an organisation with: the event, and the signature by which its receiver knows that it is
genuine. Header names and the text that is signed follow the Standard Webhooks convention, so that libraries
for it understand them too."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

import msgspec

from laelia.client.hub.shapes import Event

ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
TOLERANCE = 300
"""Seconds that the clocks of hub and receiver may differ, and a call may be on its way."""


class BadCallback(Exception):
    """A call that the hub did not make, or made long ago: answer it with 400 and do nothing."""


def verify_callback(
    headers: Mapping[str, str], body: bytes, secret: str, *, tolerance: int = TOLERANCE,
    now: float | None = None,
) -> Event:  # fmt: skip
    """The event of a call, once its signature is proved; BadCallback otherwise.

    headers in any case, body as it was received, secret as the hub showed it. One event may come more than
    once: `Event.id` is the same then. The tolerance only keeps out what is old; who must not act twice
    remembers ids."""
    found = {name.lower(): value for name, value in headers.items()}
    uid, stamp, signed = (found.get(name, "") for name in (ID, TIME, SIGNATURE))
    if not (uid and signed and stamp.isascii() and stamp.isdigit()):
        raise BadCallback(f"The headers {ID}, {TIME} and {SIGNATURE} are needed.")
    if abs((time.time() if now is None else now) - int(stamp)) > tolerance:
        raise BadCallback("The call is too old, or a clock is wrong.")
    wanted = sign(secret, uid, int(stamp), body)
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in signed.split(" ")):
        raise BadCallback("The signature is not the hub's.")
    try:
        event = msgspec.json.decode(body, type=Event)
    except msgspec.DecodeError as error:
        raise BadCallback(f"The body can't be read: {error}") from None
    if event.id != uid:
        raise BadCallback("The id of the header is not that of the body.")
    return event


def sign(secret: str, uid: str, timestamp: int, body: bytes) -> str:
    """The signature of a call: HMAC-SHA256 over id, time and body, joined by dots."""
    told = f"{uid}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), told, hashlib.sha256)).decode()


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"A callback's secret is {PREFIX} and Base64.") from None
