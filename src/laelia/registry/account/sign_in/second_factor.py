"""The second step of signing in: codes from an app (TOTP, RFC 6238) and recovery codes on paper.

Neither works twice: of the app's codes the last step is kept, a recovery code is marked as used. Codes are
compared by real time, since the phone knows nothing of a sandbox's clock: that is the argument `real`.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Literal

import pyotp
from sqlalchemy import Connection, delete, func, insert, select, update

from laelia.lib.secret import KeyRing, same
from laelia.lib.sql import insert_ignore
from laelia.registry import tables

STEP = 30_000
DRIFT = (0, -1, 1)
"""Steps whose code is taken: phones' clocks are not all right (RFC 6238 §5.2)."""
CODES, LENGTH = 10, 10
# Without letters and digits that look alike on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

Kind = Literal["app", "recovery"]


@dataclass(frozen=True)
class State:
    """Since when a second step is asked for, and how many recovery codes are left."""

    since: int
    codes_left: int


def state(tx: Connection, orcid: str) -> State | None:
    """None while no second step is asked for."""
    since = tx.execute(select(_F.confirmed).where(_F.orcid == orcid)).scalar()
    if since is None:
        return None
    left = select(func.count()).where(_R.orcid == orcid, _R.used.is_(None))
    return State(since, tx.execute(left).scalar_one())


def asked(tx: Connection, orcid: str) -> bool:
    """Whether the password alone does not sign her in."""
    return tx.execute(select(_F.confirmed).where(_F.orcid == orcid)).scalar() is not None


def begin(tx: Connection, keys: KeyRing, now: int, orcid: str) -> None:
    """Make a secret for her app, which counts once `confirm` saw a code of it; one that was never confirmed
    is replaced, one that counts stays."""
    made = _made(keys, now, orcid, pyotp.random_base32())
    if not insert_ignore(tx, tables.second_factor, {"orcid": orcid, **made}):
        waits = update(tables.second_factor).where(_F.orcid == orcid, _F.confirmed.is_(None))
        tx.execute(waits.values(**made))


def put(tx: Connection, keys: KeyRing, now: int, orcid: str, secret: str) -> None:
    """A second step that counts at once, with a given secret (base32): for a sandbox's people."""
    row = {"orcid": orcid, "confirmed": now, **_made(keys, now, orcid, secret)}
    tx.execute(insert(tables.second_factor).values(row))


def _made(keys: KeyRing, now: int, orcid: str, secret: str) -> dict[str, Any]:
    return {
        "secret": keys.seal(secret, _bound(orcid, "secret")),
        "recovery_key": keys.seal(secrets.token_urlsafe(32), _bound(orcid, "recovery_key")),
        "created": now,
        "last_step": 0,
    }


def being_set_up(tx: Connection, keys: KeyRing, orcid: str) -> str | None:
    """The secret (base32) that waits for its first code."""
    row = tx.execute(select(_F.secret, _F.confirmed).where(_F.orcid == orcid)).first()
    return None if row is None or row.confirmed else keys.unseal(row.secret, _bound(orcid, "secret"))


def address(secret: str, orcid: str, issuer: str) -> str:
    """What the QR code says: the `otpauth:` address that apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=orcid, issuer_name=issuer)


def confirm(tx: Connection, keys: KeyRing, now: int, real: int, orcid: str, code: str) -> list[str] | None:
    """Turn the second step on by a first right code; returns the recovery codes, which nobody can read
    again, or None when the code is wrong."""
    # Held, so that no other page makes a new secret meanwhile, which her phone would not know.
    tx.execute(select(_F.orcid).where(_F.orcid == orcid).with_for_update())
    if asked(tx, orcid) or not _spend_code(tx, keys, real, orcid, code):
        return None
    tx.execute(update(tables.second_factor).where(_F.orcid == orcid).values(confirmed=now))
    return renew_codes(tx, keys, now, orcid)


def turn_off(tx: Connection, orcid: str) -> None:
    """From now on the password is enough. Recovery codes end with it."""
    tx.execute(delete(tables.recovery_code).where(_R.orcid == orcid))
    tx.execute(delete(tables.second_factor).where(_F.orcid == orcid))


def renew_codes(tx: Connection, keys: KeyRing, now: int, orcid: str) -> list[str]:
    """Ten new recovery codes; the old ones are void."""
    tx.execute(delete(tables.recovery_code).where(_R.orcid == orcid))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(CODES)]
    rows = [{"orcid": orcid, "code_hash": _hash(tx, keys, orcid, code), "created": now} for code in codes]
    tx.execute(insert(tables.recovery_code), rows)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def spend(tx: Connection, keys: KeyRing, now: int, real: int, orcid: str, text: str) -> Kind | None:
    """Use up a code of either kind, in any spelling; None when it is wrong or was used."""
    if not asked(tx, orcid):
        return None
    plain = "".join(char for char in text.lower() if char.isalnum())
    if len(plain) == 6 and plain.isdecimal():
        return "app" if _spend_code(tx, keys, real, orcid, plain) else None
    unused = (_R.orcid == orcid, _R.code_hash == _hash(tx, keys, orcid, plain), _R.used.is_(None))
    spent = tx.execute(update(tables.recovery_code).where(*unused).values(used=now)).rowcount
    return "recovery" if spent else None


def _spend_code(tx: Connection, keys: KeyRing, real: int, orcid: str, code: str) -> bool:
    sealed = tx.execute(select(_F.secret).where(_F.orcid == orcid)).scalar()
    if sealed is None:
        return False
    plain = "".join(char for char in code if char.isalnum())
    app = pyotp.TOTP(keys.unseal(sealed, _bound(orcid, "secret")))
    steps = [real // STEP + each for each in DRIFT]
    shown = next((step for step in steps if same(app.generate_otp(step), plain)), None)
    if shown is None:
        return False
    new = (_F.orcid == orcid, _F.last_step < shown)
    return tx.execute(update(tables.second_factor).where(*new).values(last_step=shown)).rowcount == 1


def _hash(tx: Connection, keys: KeyRing, orcid: str, code: str) -> str:
    """A recovery code has 50 bits, too few for a plain hash: the key is not in the database in clear."""
    sealed = tx.execute(select(_F.recovery_key).where(_F.orcid == orcid)).scalar_one()
    key = keys.unseal(sealed, _bound(orcid, "recovery_key"))
    return hmac.new(key.encode(), code.encode(), hashlib.sha256).hexdigest()


def _bound(orcid: str, column: str) -> str:
    return f"second_factor/{orcid}/{column}"


_F, _R = tables.second_factor.c, tables.recovery_code.c
