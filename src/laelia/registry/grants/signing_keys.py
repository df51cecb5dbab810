"""The keys that sign id_tokens (RFC 7517, RS256), in the database, so that every process has the same.

Which of them signs is asked for each signature: a new key begins everywhere at once. It stands in the key set
for a while before it signs, and its predecessor until the last id_token it signed has expired, so that
clients that keep the key set are never without the right one (OpenID Connect Core §10.1.1).
"""

import json
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64decode
from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from laelia.lib.clock import DAY, MINUTE
from laelia.lib.hot import Hot
from laelia.lib.secret import KeyRing, new_secret
from laelia.registry import tables

ALGORITHM = "RS256"
BITS = 2048
LIFE = DAY
"""How long an id_token is good, in milliseconds."""
KEPT = 5 * MINUTE
"""How long whoever fetches the key set may keep it."""
LEAD = 2 * KEPT
"""How long a new key is shown before it signs."""

_key = tables.signing_key.c


_SIGNER = Hot(
    select(tables.signing_key)
    .where(_key.begins <= bindparam("now"), _key.sealed.is_not(None))
    .order_by(_key.begins.desc(), _key.kid.desc())
    .limit(1)
)


class Unsigned(ValueError):
    """A text is no token that a key of this registry has signed."""


class SigningKeys:
    """The keys that this process has unsealed, by name; which of them signs, the database says."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._open: dict[str, RSAKey] = {}

    def sign(self, tx: Connection, now: int, claims: dict[str, Any]) -> str:
        """A JSON Web Token of these claims. The first one of a registry makes its first key."""
        row = _signer(tx, now) or add(tx, now, self._ring, begins=now)
        key = self._open.get(row.kid)
        if key is None:
            pem = self._ring.unseal(row.sealed, _bound(row.kid))
            key = self._open[row.kid] = RSAKey.import_key(pem, {"kid": row.kid})
        return jwt.encode({"alg": ALGORITHM, "kid": row.kid, "typ": "JWT"}, claims, key)

    def public(self, tx: Connection, now: int) -> list[dict[str, Any]]:
        """The key set: the key that signs, one that will, those whose id_tokens still live. Makes a first."""
        rows = tx.execute(_shown(now)).all() or [add(tx, now, self._ring, begins=now)]
        return [json.loads(row.public) for row in rows]


def check(tx: Connection, text: str) -> dict[str, Any]:
    """The claims of a token that was signed here, however long ago: nothing is said of its time. Raises
    Unsigned."""
    try:
        kid = json.loads(urlsafe_b64decode(text.partition(".")[0].encode())).get("kid")
        row = tx.execute(select(_key.public).where(_key.kid == str(kid))).first()
        if row is None:
            raise Unsigned("none of our keys")
        return jwt.decode(text, RSAKey.import_key(json.loads(row.public)), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, AttributeError, TypeError) as wrong:
        raise Unsigned(str(wrong)) from None


def ready(tx: Connection, now: int) -> bool:
    """Whether there is a key to show."""
    return tx.execute(_shown(now).limit(1)).first() is not None


def add(tx: Connection, now: int, ring: KeyRing, *, begins: int) -> Row[Any]:
    """A new key that signs from `begins` on. Of two first keys that two processes make at one moment both are
    shown, and the same one signs everywhere."""
    kid = new_secret(12)
    key = RSAKey.generate_key(BITS, {"kid": kid, "use": "sig", "alg": ALGORITHM})
    shown = key.as_dict(private=False)
    public = {name: shown[name] for name in ("kty", "e", "use", "kid", "alg", "n")}
    values = {
        "kid": kid,
        "public": json.dumps(public),
        "sealed": ring.seal(key.as_pem(private=True).decode(), _bound(kid)),
        "created": now,
        "begins": begins,
    }
    return tx.execute(insert(tables.signing_key).values(values).returning(tables.signing_key)).one()


def rotate(tx: Connection, now: int, ring: KeyRing, *, at_once: bool = False) -> str:
    """Bring in a new key; returns its name. `at_once` is for a key that somebody else may hold: the new one
    signs from now on, and the old ones are gone, with all that they signed."""
    if at_once:
        tx.execute(delete(tables.signing_key))
        return str(add(tx, now, ring, begins=now).kid)
    signer = _signer(tx, now)
    made = add(tx, now, ring, begins=now if signer is None else now + LEAD)
    replaced = (_key.hidden.is_(None), _key.kid != made.kid)
    ends = made.begins + LIFE + LEAD
    tx.execute(update(tables.signing_key).where(*replaced).values(hidden=ends))
    over = (_key.begins <= now, _key.kid.not_in([made.kid, signer.kid if signer else ""]))
    tx.execute(update(tables.signing_key).where(*over).values(sealed=None))
    return str(made.kid)


def listed(tx: Connection, now: int) -> list[dict[str, Any]]:
    """The keys that are shown, oldest first, each with what it does: signs, will sign, is shown still."""
    signer = _signer(tx, now)
    return [
        {
            "kid": row.kid,
            "state": "signs"
            if signer is not None and row.kid == signer.kid
            else ("will sign" if row.begins > now else "shown"),
            "begins": row.begins,
            "hidden": row.hidden,
        }
        for row in tx.execute(_shown(now)).all()
    ]


def _signer(tx: Connection, now: int) -> Row[Any] | None:
    row: Row[Any] | None = _SIGNER.first(tx, {"now": now})
    return row


def _shown(now: int) -> Any:
    shown = select(tables.signing_key).where(or_(_key.hidden.is_(None), _key.hidden > now))
    return shown.order_by(_key.begins, _key.kid)


def _bound(kid: str) -> str:
    return f"signing_key.sealed:{kid}"
