"""Records written out: how they are laid out, what is shown, and a second registry that holds the same."""

import io
import pathlib
import tarfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from codec.strategies import entities_of
from conftest import size
from laelia.model.common import ClientUri, Item, OrcidUri
from laelia.model.language import V3_0, VERSIONS, Entity, Format
from laelia.model.person import Emails, Person
from laelia.model.record import History
from laelia.model.sections import SECTIONS
from laelia.registry import tables
from laelia.registry.bulk.records import archive
from laelia.registry.bulk.records.dump import Dumped, Wanted, dump
from laelia.registry.bulk.records.output import CantWrite, writing_to
from laelia.registry.record import people
from laelia.registry.record.uris import Uris
from registry.bulk.documents import EDSGER, GRACE, YEAR_2020, record, summary, work, xml
from registry.bulk.loaded import Registry

Documents = dict[str, bytes]


def dumped(
    registry: Registry, version: str = "3.0", form: Format = "xml", **options: Any
) -> tuple[Documents, Dumped]:
    found: Documents = {}
    # Those that make themselves at home in every registry of these tests have random iDs.
    home = {registry.place.ada.orcid, registry.place.stranger.orcid}
    options.setdefault(
        "orcids", [row.orcid for row in registry.place.rows("record") if row.orcid not in home]
    )
    wanted = Wanted(version=VERSIONS[version], form=form, uris=Uris("https://orcid.org"), **options)
    done = dump(
        registry.place.service.db, registry.place.clock, wanted,
        lambda name, data, _: found.update({name: data}),
    )  # fmt: skip
    return found, done


def test_the_layout_is_that_of_the_public_data_file(registry: Registry) -> None:
    registry.load(xml(record(summary(7), fundings=(8,))), xml(work(7)))
    summaries, done = dumped(registry)
    assert list(summaries) == ["summaries/097/0000-0002-1825-0097.xml"]
    assert done.summary() == {"records": 1, "activities": 0, "left_out": {}}
    whole, done = dumped(registry, activities=True, form="json")
    assert list(whole) == [
        "summaries/097/0000-0002-1825-0097.json",
        "7/097/0000-0002-1825-0097/fundings/0000-0002-1825-0097_fundings_8.json",
        "7/097/0000-0002-1825-0097/works/0000-0002-1825-0097_works_7.json",
    ]
    assert done.activities == 2
    assert (
        whole["7/097/0000-0002-1825-0097/works/0000-0002-1825-0097_works_7.json"]
        == registry.get("/work/7").body
    )


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", ["xml", "json"])
def test_what_is_dumped_is_what_is_read(registry: Registry, version: str, form: Format) -> None:
    registry.load(xml(record(summary(7))))
    found, _ = dumped(registry, version, form)
    assert list(found.values()) == [
        registry.get("/record", version=version, accept=f"application/{form}").body
    ]


def test_only_what_anybody_may_read_unless_all_is_wanted(registry: Registry) -> None:
    hidden = summary(8, visibility="private")
    registry.load(xml(record(summary(7), hidden, emails=("grace@example.org",))))
    [public] = dumped(registry)[0].values()
    [everything] = dumped(registry, everything=True)[0].values()
    assert b"work/8" not in public
    assert b"work/8" in everything
    assert set(dumped(registry, activities=True)[0]) < set(
        dumped(registry, activities=True, everything=True)[0]
    )


@pytest.mark.parametrize("everything", [False, True])
def test_records_that_nobody_may_see_are_left_out_and_counted(registry: Registry, everything: bool) -> None:
    registry.load(xml(record()), xml(record(orcid=EDSGER)))
    for orcid, state in ((GRACE, "locked"), (EDSGER, "deactivated")):
        with registry.place.service.db.writing() as tx:
            people.set_state(tx, YEAR_2020, orcid, state)
    found, done = dumped(registry, everything=everything, orcids=[GRACE, EDSGER, "0000-0002-1694-233X"])
    assert found == {}
    assert done.left_out == {"locked": 1, "deactivated": 1, "missing": 1}


def test_all_records_are_found_in_order(registry: Registry) -> None:
    registry.load(xml(record()), xml(record(orcid=EDSGER)))
    found, done = dumped(registry, orcids=())
    orcids = [name[-23:-4] for name in found]
    assert orcids == sorted(orcids)
    assert {GRACE, EDSGER, registry.place.ada.orcid} <= set(orcids)
    assert done.records == 4


def second(registries: Callable[[], Registry], documents: Documents) -> Registry:
    """Another registry with the same documents."""
    other = registries()
    assert other.load_named(documents).refused == {}
    return other


def test_a_document_in_the_form_that_is_written_comes_back_to_the_byte(
    registry: Registry, registries: Callable[[], Registry]
) -> None:
    registry.load(xml(record(summary(7), summary(9), fundings=(8,), emails=("g@example.org",))), xml(work(7)))
    for version in VERSIONS:
        found, _ = dumped(registry, version, activities=True)
        assert dumped(second(registries, found), version, activities=True)[0] == found


@st.composite
def parts(draw: st.DrawFn) -> list[Entity]:
    """Some items of one section and, now and then, a person or a history: parts of one record."""
    section = draw(st.sampled_from(SECTIONS))
    items = draw(st.lists(entities_of(section.entity, V3_0), min_size=1, max_size=3))
    rest = draw(st.lists(st.one_of(entities_of(Person, V3_0), entities_of(History, V3_0)), max_size=1))
    found = [*items, *rest]
    taken = {0}
    for one in inside(found):
        if isinstance(one, Item):
            free = one.put_code is not None and one.put_code not in taken
            one.put_code = one.put_code if free else max(taken) + 1
            taken.add(one.put_code or 0)
        if isinstance(one, Emails):
            one.email = list({(each.email or "").lower(): each for each in one.email}.values())
        if hasattr(one, "path") and not isinstance(one, OrcidUri | ClientUri):
            one.path = None
    return found


def inside(found: Sequence[object]) -> Iterator[Entity]:
    for one in found:
        if isinstance(one, Entity):
            yield one
            for name in one.__struct_fields__:
                value = getattr(one, name)
                yield from inside(value if isinstance(value, list) else [value])


CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=size(15, 500), deadline=None, suppress_health_check=CHECKS)
@given(said=parts(), form=st.sampled_from(["xml", "json"]))
def test_any_record_dumped_and_loaded_elsewhere_is_dumped_the_same(
    pair: tuple[Registry, Registry], said: list[Entity], form: Format
) -> None:
    one, other = pair
    for registry in pair:
        with registry.place.service.db.writing() as tx:
            tx.execute(delete(tables.record).where(tables.record.c.loaded.is_not(None)))
    assert one.load(*(xml(part) for part in said), orcid=GRACE).refused == {}, one.told
    found, _ = dumped(one, form=form, activities=True, everything=True)
    assert other.load_named(found).refused == {}, other.told
    assert dumped(other, form=form, activities=True, everything=True)[0] == found
    before = other.state()
    other.load_named(found)
    assert other.state() == before


@pytest.fixture
def pair(registries: Callable[[], Registry]) -> tuple[Registry, Registry]:
    return registries(), registries()


# ---- where it is written to


def test_an_archive_is_there_in_whole_or_not_at_all(tmp_path: pathlib.Path) -> None:
    target = tmp_path / "dump.tar.gz"

    def fail() -> None:
        with writing_to(target) as put:
            put("a/b.xml", b"<b/>", YEAR_2020)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []
    for _ in range(2):
        with writing_to(target) as put:
            put("a/b.xml", b"<b/>", YEAR_2020)
            put("a/c.xml", b"<c/>", -1)
    [first] = {target.read_bytes()}
    assert list(tmp_path.iterdir()) == [target]
    with tarfile.open(fileobj=io.BytesIO(first)) as tar:
        assert [(one.name, one.mtime) for one in tar] == [("a/b.xml", YEAR_2020 // 1000), ("a/c.xml", 0)]
    assert [one.data for one in archive.members([target])] == [b"<b/>", b"<c/>"]


def test_a_folder_must_be_new_or_empty(tmp_path: pathlib.Path) -> None:
    with writing_to(tmp_path / "new") as put:
        put("a/b.xml", b"<b/>", YEAR_2020)
    assert (tmp_path / "new" / "a" / "b.xml").read_bytes() == b"<b/>"
    with pytest.raises(CantWrite, match="not empty"), writing_to(tmp_path / "new"):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(CantWrite), writing_to(tmp_path / "file" / "below"):
        pass
