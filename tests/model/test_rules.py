"""Rules across the fields of a work: each broken once, with the code a client gets (orcid-api §4.2, §4.3)."""

from collections.abc import Callable

import pytest

from laelia.model.common import ExternalId, OrcidUri, PublicationDate, TranslatedTitle
from laelia.model.language import V2_0, V2_1, V3_0
from laelia.model.problems import Problem
from laelia.model.rules import check, role_of
from laelia.model.vocabularies import CREDIT
from laelia.model.work import Citation, Contributor, ContributorAttributes, Work, WorkTitle


def a_work() -> Work:
    return Work(
        title=WorkTitle(title="A title"),
        type="data-set",
        external_ids=[ExternalId(type="doi", value="10.5072/1", relationship="self")],
    )


def test_a_plain_work_passes() -> None:
    for version in (V2_0, V2_1, V3_0):
        check(a_work(), version)


Break = Callable[[Work], None]


def _set(name: str, value: object) -> Break:
    return lambda work: setattr(work, name, value)


def _id(**changes: str | None) -> Break:
    def change(work: Work) -> None:
        for name, value in changes.items():
            setattr(work.external_ids[0], name, value)

    return change


def _date(year: str | None, month: str | None = None, day: str | None = None) -> Break:
    return _set("publication_date", PublicationDate(year=year, month=month, day=day))


def _contributor(**fields: object) -> Break:
    return _set("contributors", [Contributor(**fields)])  # type: ignore[arg-type]


BROKEN = [
    ("no title", 9022, _set("title", None)),
    ("blank title", 9022, _set("title", WorkTitle(title=" "))),
    ("no type", 9037, _set("type", None)),
    ("unknown type", 9037, _set("type", "novel")),
    ("citation without type", 9037, _set("citation", Citation(value="x"))),
    ("citation without text", 9020, _set("citation", Citation(type="bibtex", value=" "))),
    (
        "translation without text",
        9020,
        _set("title", WorkTitle(title="x", translated_title=TranslatedTitle(language_code="de"))),
    ),
    (
        "translation without language",
        9037,
        _set("title", WorkTitle(title="x", translated_title=TranslatedTitle(value="x"))),
    ),
    ("language", 9037, _set("language_code", "xx")),
    ("country", 9037, _set("country", "ZZ")),
    ("no ids", 9023, _set("external_ids", [])),
    ("unknown id type", 9023, _id(type="cvid")),
    ("id without value", 9023, _id(value=" ")),
    ("id without relationship", 9023, _id(relationship=None)),
    ("funded by a PMID", 9020, _id(type="pmid", relationship="funded-by")),
    ("month of one digit", 9020, _date("2015", "6")),
    ("two-digit year", 9020, _date("15")),
    ("day without month", 9020, _date("2015", None, "01")),
    ("no year", 9020, _date(None, "06")),
    ("30 February", 9049, _date("2015", "02", "30")),
    ("29 February of no leap year", 9049, _date("2015", "02", "29")),
    ("empty credit-name", 9020, _contributor(credit_name="")),
    ("empty e-mail", 9020, _contributor(email="")),
    ("wrong check digit", 9020, _contributor(orcid=OrcidUri(path="0000-0002-1825-0098"))),
    (
        "another iD in the uri",
        9020,
        _contributor(orcid=OrcidUri(uri="https://orcid.org/0000-0001-5109-3700", path="0000-0002-1825-0097")),
    ),
    ("http since 2.1", 9020, _contributor(orcid=OrcidUri(uri="http://orcid.org/0000-0002-1825-0097"))),
    ("unknown role", 9058, _contributor(attributes=ContributorAttributes(role="poet"))),
]


@pytest.mark.parametrize(("code", "change"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_each_rule_has_its_code(code: int, change: Break) -> None:
    work = a_work()
    change(work)
    with pytest.raises(Problem) as told:
        check(work, V3_0)
    assert told.value.code == code


def test_a_self_identifier_is_needed_since_3() -> None:
    work = a_work()
    work.external_ids[0].relationship = "part-of"
    check(work, V2_1)
    with pytest.raises(Problem) as told:
        check(work, V3_0)
    assert told.value.code == 9023


def test_leap_day_passes() -> None:
    work = a_work()
    work.publication_date = PublicationDate(year="2016", month="02", day="29")
    check(work, V3_0)


def test_credit_roles_are_read_without_regard_to_case() -> None:
    assert role_of(f"{CREDIT}Writing-Original-Draft/") == f"{CREDIT}writing-original-draft/"
    assert role_of("author") == "author"
    assert role_of("Poet") is None
