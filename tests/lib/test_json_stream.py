"""A large JSON array, one member after another: whatever the pieces in which it comes."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laelia.lib import json_stream
from laelia.lib.json_stream import Broken, members

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.dictionaries(st.text(), inner | st.lists(inner), max_size=4),
    max_leaves=12,
)


class Slowly(io.BytesIO):
    """Gives a few bytes at a time, so that every kind of text is cut somewhere."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self.step = step

    def read(self, _: int | None = None) -> bytes:
        return super().read(self.step)


@given(st.lists(VALUES), st.integers(1, 7), st.sampled_from([None, 2]), st.booleans(), st.booleans())
def test_members_are_those_of_the_whole(
    values: list[Any], step: int, indent: int | None, plain: bool, mark: bool
) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=plain)
    data = text.encode("utf-8-sig" if mark else "utf-8", "surrogatepass")
    assert list(members(Slowly(data, step))) == values


def test_one_document_a_line_will_do() -> None:
    assert list(members(io.BytesIO(b'{"a": 1}\n{"a": 2}\n'))) == [{"a": 1}, {"a": 2}]
    assert list(members(io.BytesIO(b""))) == []


@pytest.mark.parametrize(
    ("data", "given", "why"),
    [
        (b'[{"a": 1}, {"a": ', 1, "after member 1"),
        (b'[{"a": 1}, {"a" 2}, {"a": 3}]', 1, "after member 1"),
        (b"[1, nonsense]", 1, "no JSON"),
        (b'[{"a": "\xff"}]', 0, "not UTF-8"),
        (b'{"a":' * 100_000, 0, "nested too deep"),
        (b"[1, " + b"9" * 5000 + b", 2]", 1, "after member 1"),
    ],
    ids=["cut off", "wrong", "no JSON", "no UTF-8", "deep", "a number without end"],
)
def test_what_comes_before_a_fault_is_given(data: bytes, given: int, why: str) -> None:
    found: list[Any] = []
    with pytest.raises(Broken, match=why):
        found.extend(members(io.BytesIO(data)))
    assert len(found) == given


def test_a_member_without_end_does_not_fill_the_memory() -> None:
    class Endless(io.BytesIO):
        given = 0

        def read(self, size: int | None = None) -> bytes:
            self.given += size or 0
            return b'"' * (self.given == size) + b"a" * (size or 0)

    endless = Endless()
    with pytest.raises(Broken):
        next(members(endless))
    assert endless.given < json_stream.LARGEST + 2 * json_stream.CHUNK + 1
