"""A receiver takes what the hub signed, and nothing else."""

import base64
from datetime import UTC, datetime

import msgspec
import pytest

from laelia.client import hub

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret of thirty-two byt").decode()
NOW = 1_800_000_000
EVENT = hub.Event(
    id="msg_1", event="connected", time=datetime.fromtimestamp(NOW, UTC), organisation="garden",
    environment="sandbox",
)  # fmt: skip
BODY = msgspec.json.encode(EVENT)


def headers(**changed: str) -> dict[str, str]:
    found = {
        "Webhook-Id": "msg_1", "Webhook-Timestamp": str(NOW),
        "Webhook-Signature": hub.sign(SECRET, "msg_1", NOW, BODY),
    }  # fmt: skip
    return found | {name.replace("_", "-"): value for name, value in changed.items()}


def test_a_signature_as_other_libraries_make_it() -> None:
    """The example of the Standard Webhooks convention, whose numbers are public."""
    body = b'{"test": 2432232314}'
    made = hub.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_genuine_is_taken() -> None:
    assert hub.verify_callback(headers(), BODY, SECRET, now=NOW + 299) == EVENT
    both = f"v1,bm90IHRoaXM= {hub.sign(SECRET, 'msg_1', NOW, BODY)}"
    assert hub.verify_callback(headers(Webhook_Signature=both), BODY, SECRET, now=NOW) == EVENT


@pytest.mark.parametrize(
    ("changed", "body", "secret", "now"),
    [
        ({}, BODY + b" ", SECRET, NOW),
        ({}, BODY, OTHER, NOW),
        ({}, BODY, SECRET, NOW + 301),
        ({}, BODY, SECRET, NOW - 301),
        ({"Webhook_Timestamp": str(NOW + 1)}, BODY, SECRET, NOW),
        ({"Webhook_Timestamp": "soon"}, BODY, SECRET, NOW),
        ({"Webhook_Id": "msg_2"}, BODY, SECRET, NOW),
        ({"Webhook_Signature": ""}, BODY, SECRET, NOW),
        ({"Webhook_Signature": "v1a,AAAA"}, BODY, SECRET, NOW),
        (
            {"Webhook_Id": "msg_2", "Webhook_Signature": hub.sign(SECRET, "msg_2", NOW, BODY)},
            BODY,
            SECRET,
            NOW,
        ),
        ({"Webhook_Signature": hub.sign(SECRET, "msg_1", NOW, b"{}")}, b"{}", SECRET, NOW),
    ],
)
def test_what_is_forged_replayed_or_changed_is_refused(
    changed: dict[str, str], body: bytes, secret: str, now: int
) -> None:
    with pytest.raises(hub.BadCallback):
        hub.verify_callback(headers(**changed), body, secret, now=now)


def test_a_secret_that_is_none() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        hub.verify_callback(headers(), BODY, "not base64!", now=NOW)
