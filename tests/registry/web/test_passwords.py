"""Which passwords a newcomer may choose."""

import pytest

from laelia.registry.account.passwords import faults


@pytest.mark.parametrize(
    "password", ["", "short1", "onlyletters", "1234567890", "Password123", "x" * 256 + "1"]
)
def test_refused(password: str) -> None:
    assert faults(password, ["ada@example.org"])


def test_the_address_is_no_password() -> None:
    assert faults("Ada@Example.org1", ["ada@example.org"])


@pytest.mark.parametrize("password", ["orchid & 7 bees", "пароль-2-длинный", "a" * 255 + "1"])
def test_accepted(password: str) -> None:
    assert faults(password, ["ada@example.org"]) == []
