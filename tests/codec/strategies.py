"""Entities at random, made from their declarations: what a version can hold, a round trip must keep."""

import re
from functools import cache
from typing import Any

from hypothesis import strategies as st

from laelia.model.common import ClientUri, OrcidUri
from laelia.model.language import Entity, Field, Scalar, Version, describe, is_entity, shape
from laelia.model.vocabulary import Vocabulary

_TEXT = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
_ORCIDS = st.sampled_from(["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
_CLIENTS = st.sampled_from(["APP-OQYKBIN9CXD9U3SH", "APP-0123456789abcdef"])


def entities_of(cls: type[Entity], version: Version) -> st.SearchStrategy[Entity]:
    if cls in (OrcidUri, ClientUri):
        return _identifiers(cls)
    return _entities_of(cls, version)


@cache
def _entities_of(cls: type[Entity], version: Version) -> st.SearchStrategy[Entity]:
    made = st.builds(cls, **{name: _values(f, version) for name, f in describe(cls, version)})
    return made.map(_settled)


def _settled(entity: Entity) -> Entity:
    for one, other in shape(type(entity)).exclusive:
        if getattr(entity, one.replace("-", "_")) is not None:
            setattr(entity, other.replace("-", "_"), None)
    return entity


def _identifiers(cls: type[Entity]) -> st.SearchStrategy[Entity]:
    paths, kind = (_CLIENTS, "client/") if cls is ClientUri else (_ORCIDS, "")
    return paths.map(lambda p: cls(uri=f"https://orcid.org/{kind}{p}", path=p, host="orcid.org"))  # type: ignore[call-arg]


def _values(f: Field, version: Version) -> st.SearchStrategy[Any]:
    if f.type is Scalar.NONE:
        return st.just([]) if f.many else st.none()
    if not f.xml or not f.json:
        return st.none()  # what only one of the formats can hold
    if f.is_list:
        kinds = f.type if f.choice else (f.type,)
        members = st.one_of(*(entities_of(kind, version) for kind in kinds))
        return st.lists(members, min_size=f.least, max_size=max(2, f.least))
    some = entities_of(f.type, version) if is_entity(f.type) else _scalars(f, version)
    # XML can't tell a text that is absent from an empty one.
    return some if f.required or f.form == "body" else st.none() | some


def _scalars(f: Field, version: Version) -> st.SearchStrategy[Any]:
    if isinstance(f.type, Vocabulary):
        return st.sampled_from(sorted(set(f.type.readable(version, "xml").values())))
    if f.type is bool:
        return st.just(True) if f.name == "transient" else st.booleans()
    if f.type is Scalar.INSTANT:
        return st.integers(-62_135_596_800_000, 253_402_300_799_999)
    if f.type in (int, Scalar.INDEX):
        return st.integers(0, 2**53)
    if f.low is not None and f.high is not None:
        return st.integers(f.low, f.high).map(lambda n: f"{n:02}")
    if f.pattern is not None:
        return st.from_regex(re.compile(f.pattern, re.ASCII), fullmatch=True, alphabet=_TEXT)
    text = st.text(_TEXT, max_size=min(f.max or 40, 40)) | st.sampled_from(
        ["<b>&amp;</b>", "]]>", "a\nb\tc", '"']
    )
    return text if f.blank else text.filter(lambda s: bool(s.strip()))
