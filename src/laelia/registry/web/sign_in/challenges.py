"""What a passkey has to sign: made for one purpose, kept in the session's row, good once and for five
minutes."""

import json

from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from laelia.lib.clock import MINUTE
from laelia.lib.web.core import Call, Reply, json_reply

KEY = "challenge"
LIFE = 5 * MINUTE


def give(call: Call, purpose: str, options: str, challenge: bytes) -> Reply:
    """The answer to the page's script: the browser's options, and the form's token, which is a new one when
    this visitor had no row before."""
    assert call.session is not None, "a page route reads cookies"
    kept = {"for": purpose, "value": bytes_to_base64url(challenge), "since": call.now}
    call.session.data = {**call.session.data, KEY: kept}
    call.session.save(call.tx, call.now)
    answer = {"options": json.loads(options), "csrf_token": call.session.csrf}
    return json_reply(answer, headers={"Cache-Control": "no-store"})


def take(call: Call, purpose: str) -> bytes | None:
    """The challenge, which is spent by this, whatever comes of it: in a transaction of its own."""
    if call.session is None or not call.session.stored:
        return None
    with call.service.db.writing() as tx:
        kept = call.session.take(tx, call.now, KEY)
    good = kept is not None and kept["for"] == purpose and 0 <= call.now - int(kept["since"]) < LIFE
    return base64url_to_bytes(kept["value"]) if good else None
