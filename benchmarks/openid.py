"""Signing an id_token, and checking an access token on the way into the API.

The limit of signing is RSA itself: `cryptography` signing the same bytes with the same key. The limit of a
check is what nothing could do without: the same SELECT by the driver in the same transaction, and the SHA-256
of the token. All in one process, on SQLite, without a server.
"""

import hashlib
import pathlib
import tempfile
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from benchmarks.encode import best
from benchmarks.figures import Figure, show
from laelia.lib import hot
from laelia.registry import app
from laelia.registry.app import Service
from laelia.registry.grants import clients, tokens
from laelia.registry.oauth import openid_id_token
from laelia.registry.oauth.openid_id_token import Arrival
from laelia.registry.record import people
from laelia.registry.settings import Settings

NOW = 1_760_000_000_000
SIGN_AIM, CHECK_AIM = 1.3, 2.5


def main() -> None:
    var = pathlib.Path(tempfile.mkdtemp())
    service = app.build(Settings(database=f"sqlite:///{var}/registry.db", sandbox=True, var=var))
    try:
        signing(service)
        checking(service)
    finally:
        service.close()


def signing(service: Service) -> None:
    """One id_token with all its claims: from the SELECTs of the key and of her names to the text."""
    with service.db.writing() as tx:
        orcid = people.create_record(tx, NOW, given="Ada", family="Orchard", default_visibility="public")
        client_id, _ = clients.add(tx, NOW, name="Example", kind="premium")
        client = clients.find(tx, client_id)
        assert client is not None

        def make() -> str:
            return openid_id_token.make(
                tx, NOW, service, client, orcid,
                arrival=Arrival(NOW, "pwd otp"), nonce="n-0S6_WzA2Mj", access_token="a" * 36,
            )  # fmt: skip

        text = make()
        (key,) = service.signing._open.values()
        signed = text.rpartition(".")[0].encode()
        bare = best(lambda: key.private_key.sign(signed, padding.PKCS1v15(), hashes.SHA256()))
        whole = best(make)
    show(Figure("sign an id_token", whole, "µs", bare, "bare RSA 2048", SIGN_AIM, more_is_better=False))


def checking(service: Service) -> None:
    """Who stands behind a token: from its text to the principal with all its scopes."""
    with service.db.writing() as tx:
        orcid = people.create_record(tx, NOW, given="Ada", family="Orchard", default_visibility="public")
        client_id, _ = clients.add(tx, NOW, name="Example", kind="premium")
        for _ in range(2_000):
            issued = tokens.issue_token(
                tx, NOW, client_id=client_id, orcid=orcid, scopes=("/read-limited", "/activities/update")
            )
    text = issued.access_token
    with service.db.reading() as tx:
        sql = tokens._JUDGED._in(tx.dialect)
        cursor: Any = tx.connection.cursor()

        def least() -> Any:
            values = {"access": hashlib.sha256(text.encode()).hexdigest()}
            cursor.execute(sql.sql, hot._given(sql, values))
            return cursor.fetchone()

        assert tokens.judge(tx, NOW, text).orcid == orcid
        bare = best(least, 2_000)
        whole = best(lambda: tokens.judge(tx, NOW, text), 2_000)
        cursor.close()
    show(
        Figure(
            "check a token", whole, "µs", bare, "its SELECT by the driver", CHECK_AIM, more_is_better=False
        )
    )


if __name__ == "__main__":
    main()
