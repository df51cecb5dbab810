"""Signing in beyond the first page: the second step, passkeys, passwords, sessions, and being asked again."""

from laelia.lib.web.core import Route
from laelia.registry.web.door import SIGNED_IN
from laelia.registry.web.sign_in import confirm

# What looks at a password opens its own transactions: that takes a while on purpose.
routes = [
    Route("GET", "/confirm", confirm.form, SIGNED_IN, tx="none"),
    Route("POST", "/confirm", confirm.with_password, SIGNED_IN, tx="none"),
    Route("POST", "/confirm/passkey/options", confirm.options, SIGNED_IN),
    Route("POST", "/confirm/passkey", confirm.with_passkey, SIGNED_IN, tx="none"),
]
