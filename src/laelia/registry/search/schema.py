"""The index: its fields, and how what is said of a person becomes a document in it."""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from tantivy import Document, Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from laelia.registry.search.documents import Document as Said
from laelia.registry.search.fields import (
    DATES,
    EXACT,
    HAS,
    IDS,
    NAMES,
    ORCID,
    PLACES,
    STANDING,
    TOPICS,
    WORDS,
    place_of,
)
from laelia.registry.search.intact import guarded

VERSION = 2
"""Rises with every change of fields or of how words are told apart: an index of another version is made
anew."""
SPACED = "spaced"
"""Words come as they are kept, with a space between them: they are told apart before."""
SHOWN, DIGEST = "shown", "digest"


@cache
def schema() -> Schema:
    """ORCID's fields, and a few of our own that hold several of them."""
    made = SchemaBuilder()
    made.add_text_field(ORCID, tokenizer_name="raw", fast=True, index_option="basic")
    for name in WORDS:
        made.add_text_field(place_of(name), tokenizer_name=SPACED)
    for name in (IDS, NAMES, PLACES, TOPICS):
        made.add_text_field(name, tokenizer_name=SPACED)
    made.add_text_field(EXACT, tokenizer_name="raw", index_option="basic")
    made.add_text_field(HAS, tokenizer_name="raw", index_option="basic")
    for name in DATES:
        made.add_integer_field(place_of(name), indexed=True, fast=True)
    for name in STANDING:
        made.add_integer_field(name, fast=True)
    made.add_bytes_field(SHOWN, stored=True)
    return made.build()


def opened(folder: Path, *, new: bool = False) -> Index:
    """The index in a folder, or a new one there. Damaged where it can't be read, or is not there."""
    if new:
        folder.mkdir(parents=True)
    with guarded():
        index = Index(schema(), path=str(folder)) if new else Index.open(str(folder))
    index.register_tokenizer(SPACED, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


def document(one: Said) -> Document:
    return Document.from_dict(
        {**one.fields, SHOWN: [orjson.dumps({**one.shown, DIGEST: _digest(one)})]}, schema()
    )


def _digest(one: Said) -> str:
    """Two documents with the same are found by the same."""
    return blake2b(orjson.dumps(one.fields, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()


def shown(document: Any) -> Mapping[str, Any]:
    """What answers tell of a person."""
    told: Mapping[str, Any] = orjson.loads(bytes(document.get_first(SHOWN)))
    return told
