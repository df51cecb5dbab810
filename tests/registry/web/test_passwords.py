"""Which passwords a newcomer may choose."""

import pytest

from laelia.registry.account.passwords import faults


@pytest.mark.parametrize(
    "password",
    ["", "short1", "onlyletters", "1234567890", "Password123", "x" * 256 + "1", "P4ssw0rd!2027",
     "Summer2031!", "123456qwerty!", "Un1ver$ity1", "aaaaaaa1", "1212121a"],
)  # fmt: skip
def test_refused(password: str) -> None:
    assert faults(password, ["ada@example.org"])


def test_the_address_is_no_password() -> None:
    assert faults("Ada@Example.org1", ["ada@example.org"])


@pytest.mark.parametrize(
    "password",
    ["orchid & 7 bees", "пароль-2-длинный", "a" * 252 + "bcd1", "summer at 12 lakes",
     "password-hasher-77", "qwerty but 5 longer"],
)  # fmt: skip
def test_accepted(password: str) -> None:
    assert faults(password, ["ada@example.org"]) == []
