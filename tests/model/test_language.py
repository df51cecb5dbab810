"""How declarations are read: marks resolved by version, vocabularies spelled."""

import pytest

from laelia.model.activities import ActivitiesSummary
from laelia.model.language import V2_0, V2_1, V3_0, VERSIONS, Version, describe, entities, json_keys
from laelia.model.person import Person, ResearcherUrl
from laelia.model.sections import BY_ITEM_PATH, SECTIONS
from laelia.model.vocabularies import (
    COUNTRY,
    CREATION_METHOD,
    LANGUAGE,
    LOCALE,
    VISIBILITY,
    WORK_ROLE,
    WORK_TYPE,
)
from laelia.model.work import Work, WorkSummary


def names(cls: type, version: Version) -> list[str]:
    return [f.name for _, f in describe(cls, version)]


def test_url_of_a_work_changes_its_namespace() -> None:
    by_version = {v: dict(describe(Work, v))["url"].ns for v in VERSIONS.values()}
    assert by_version == {V2_0: "work", V2_1: "work", V3_0: "common"}


def test_fields_live_from_their_version_on() -> None:
    assert "journal-title" not in names(WorkSummary, V2_1)
    assert "journal-title" in names(WorkSummary, V3_0)
    assert "distinctions" not in names(ActivitiesSummary, V2_0)
    assert dict(describe(ResearcherUrl, V2_0))["url_name"].required
    assert not dict(describe(ResearcherUrl, V3_0))["url_name"].required


def test_json_keys_have_an_order_of_their_own() -> None:
    assert json_keys(WorkSummary, V3_0)[0][1].name == "put-code"
    assert [f.name for _, f in json_keys(Work, V3_0)][-1] == "visibility"
    assert "display-index" not in [f.name for _, f in json_keys(Work, V3_0)]


@pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
def test_every_field_has_a_name_and_a_type(version: Version) -> None:
    for cls in entities():
        for _, f in describe(cls, version):
            assert f.name
            assert f.type is not None


def test_work_types_read_down() -> None:
    assert WORK_TYPE.spell("preprint", V2_1, "xml") == "other"
    assert WORK_TYPE.spell("dissertation-thesis", V2_0, "json") == "DISSERTATION"
    assert WORK_TYPE.readable(V2_0, "xml")["dissertation"] == "dissertation-thesis"
    assert WORK_TYPE.readable(V3_0, "json")["dataset"] == "data-set"
    assert "preprint" not in WORK_TYPE.readable(V2_1, "xml")
    assert (len(WORK_TYPE.accepted(V2_1)), len(WORK_TYPE.accepted(V3_0))) == (38, 59)


def test_spelling_by_version_and_format() -> None:
    assert VISIBILITY.spell("registered-only", V2_0, "json") == "REGISTERED_ONLY"
    assert VISIBILITY.spell("public", V3_0, "json") == "public"
    assert CREATION_METHOD.spell("Member-referred", V3_0, "json") == "MEMBER_REFERRED"
    assert CREATION_METHOD.spell("Member-referred", V3_0, "xml") == "Member-referred"
    assert LOCALE.spell("zh_CN", V2_0, "json") == "ZH_CN"
    assert LANGUAGE.spell("zh_TW", V2_0, "json") == "zh_TW"
    assert WORK_ROLE.spell("http://credit.niso.org/contributor-roles/software/", V2_1, "json") is None
    assert (len(LANGUAGE.terms), len(COUNTRY.terms)) == (186, 250)


def test_sections_table() -> None:
    works = BY_ITEM_PATH["work"]
    assert works.path("0000-0002-1825-0097", 12) == "/0000-0002-1825-0097/work/12"
    assert works.path("0000-0002-1825-0097") == "/0000-0002-1825-0097/works"


def test_person_and_activities_hold_a_list_for_every_section() -> None:
    held = {Person: {"name", "biography", "emails"}, ActivitiesSummary: set()}
    for whole, beside in held.items():
        part = "person" if whole is Person else "activities"
        names = {name for name, f in describe(whole, V3_0)} - {"path", "last_modified_date"} - beside
        assert names == {section.attribute for section in SECTIONS if section.part == part}
