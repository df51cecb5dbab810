"""The database chooses the rows in which someone may be: few, and none too few."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from conftest import NewDatabase
from laelia.hub.people.spelled import Words
from laelia.lib.database import Database

HERS, ANOTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"


@pytest.fixture
def database(new_database: NewDatabase) -> Iterator[Database]:
    made = Database(new_database())
    yield made
    made.dispose()


def chosen(database: Database, words: Words, *texts: str) -> list[str]:
    """Those of the texts that the database hands out."""
    with database.reading() as tx:
        told = [tx.execute(sa.select(words.perhaps(sa.literal(text), alone=True))).scalar() for text in texts]
    return [text for text, so in zip(texts, told, strict=True) if so]


def test_an_id_is_looked_for_by_all_of_its_parts(database: Database) -> None:
    hers = [HERS, HERS.replace("-", ""), f'["https://orcid.org/{HERS}", "x"]']
    assert chosen(database, Words((HERS,)), *hers, ANOTHER, "0000-0002-0000-0097") == hers


def test_an_address_and_a_name_are_looked_for_by_all_of_their_parts(database: Database) -> None:
    words = Words(("ann@uni.example",), ("HR-17",))
    hers = ["ANN%40uni.example", "ann\\u0040UNI&#46;example", "hr-17"]
    assert chosen(database, words, *hers, "bo@uni.example", "ann@library.example", "HR-18") == hers


def test_nobody_without_words_is_anywhere(database: Database) -> None:
    assert chosen(database, Words(()), "anything") == []


def test_a_name_in_letters_beyond_ascii_may_be_anywhere(database: Database) -> None:
    assert chosen(database, Words((), ("王伟",)), "王伟", "anything") == ["王伟", "anything"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_looked_for_whether_its_letters_are_composed_or_not(database: Database, form: Any) -> None:
    """An accent that stands apart leaves a letter behind: “Rene” is not in “René”, but “Ren” is in both."""
    words = Words((), (unicodedata.normalize(form, "René Müller"),))
    whole, apart = (unicodedata.normalize(each, "René Müller") for each in ("NFC", "NFD"))
    hers = [
        spelled
        for name in (whole, apart)
        for spelled in (name, name.upper(), name.replace(" ", "\u00a0"), json.dumps(name), quote(name))
    ]
    assert chosen(database, words, *hers, "Ren Muster", "Rena Mullen") == hers


_names = st.text(st.sampled_from("aZ9éÅ\u00e7\u0301\u030a\u0327 -'王\u212a"), min_size=1, max_size=8)


@given(_names, st.sampled_from(("NFC", "NFD")))
def test_what_is_hers_is_always_among_the_rows_that_are_read(name: str, form: Any) -> None:
    words, text = Words((), (name,)), unicodedata.normalize(form, name)
    assert words.is_one(text)
    for spelled in (text, quote(text), json.dumps(text)):
        perhaps = sa.select(words.perhaps(sa.literal(spelled), alone=True))
        with sa.create_engine("sqlite://", poolclass=sa.NullPool).connect() as tx:
            assert tx.execute(perhaps).scalar(), spelled
