"""Signing in beyond the first page: the second step, passkeys, passwords, sessions, and being asked again."""

from laelia.lib.web.core import OPEN, Route
from laelia.registry.web.door import SIGNED_IN
from laelia.registry.web.sign_in import (
    by_passkey,
    confirm,
    passkeys,
    passwords,
    second_factor,
    second_step,
    sessions,
)

# What looks at a password, a code or a passkey opens its own transactions.
routes = [
    Route("POST", "/signin/passkey/options", by_passkey.options, OPEN),
    Route("POST", "/signin/passkey", by_passkey.sign_in, OPEN, tx="none"),
    Route("GET", "/signin/code", second_step.form, OPEN, tx="none"),
    Route("POST", "/signin/code", second_step.with_code, OPEN, tx="none"),
    Route("POST", "/signin/code/passkey/options", second_step.options, OPEN),
    Route("POST", "/signin/code/passkey", second_step.with_passkey, OPEN, tx="none"),
    Route("GET", "/reset-password", passwords.ask_form, OPEN),
    Route("POST", "/reset-password", passwords.ask, OPEN, tx="none"),
    Route("GET", "/reset-password/{token}", passwords.reset_form, OPEN, tx="none"),
    Route("POST", "/reset-password/{token}", passwords.reset_password, OPEN, tx="none"),
    Route("GET", "/confirm", confirm.form, SIGNED_IN, tx="none"),
    Route("POST", "/confirm", confirm.with_password, SIGNED_IN, tx="none"),
    Route("POST", "/confirm/passkey/options", confirm.options, SIGNED_IN),
    Route("POST", "/confirm/passkey", confirm.with_passkey, SIGNED_IN, tx="none"),
    Route("GET", "/account/password", passwords.change_form, SIGNED_IN, tx="none"),
    Route("POST", "/account/password", passwords.change, SIGNED_IN, tx="none"),
    Route("GET", "/account/two-steps", second_factor.overview, SIGNED_IN, tx="none"),
    Route("POST", "/account/two-steps/start", second_factor.start, SIGNED_IN),
    Route("GET", "/account/two-steps/set-up", second_factor.set_up, SIGNED_IN, tx="none"),
    Route("POST", "/account/two-steps/set-up", second_factor.confirm, SIGNED_IN, tx="none"),
    Route("POST", "/account/two-steps/codes", second_factor.renew_codes, SIGNED_IN),
    Route("POST", "/account/two-steps/off", second_factor.turn_off, SIGNED_IN, tx="none"),
    Route("GET", "/account/passkeys", passkeys.listed, SIGNED_IN, tx="none"),
    Route("POST", "/account/passkeys", passkeys.add, SIGNED_IN, tx="none"),
    Route("POST", "/account/passkeys/options", passkeys.options, SIGNED_IN),
    Route("POST", "/account/passkeys/{number}/name", passkeys.rename, SIGNED_IN),
    Route("POST", "/account/passkeys/{number}/remove", passkeys.remove, SIGNED_IN),
    Route("GET", "/account/sessions", sessions.listed, SIGNED_IN),
    Route("POST", "/account/sessions/end-others", sessions.end_others, SIGNED_IN),
    Route("POST", "/account/sessions/{name}/end", sessions.end, SIGNED_IN),
]
