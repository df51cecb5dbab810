"""The public keys that check id_tokens, as a JSON Web Key Set (RFC 7517 §5)."""

import json

from laelia.lib.web.core import JSON, Call, Reply
from laelia.registry.grants import signing_keys
from laelia.registry.oauth.openid_discovery import KEEP


def key_set(call: Call) -> Reply:
    """GET /oauth/jwks. The first look at a new registry makes its first key."""
    service = call.service
    with service.db.reading() as tx:
        shown = service.signing.public(tx, call.now) if signing_keys.ready(tx, call.now) else None
    if shown is None:
        with service.db.writing() as tx:
            shown = service.signing.public(tx, call.now)
    return Reply(200, json.dumps({"keys": shown}).encode(), dict(KEEP), JSON)
