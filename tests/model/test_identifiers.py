"""Check digits, normal forms and addresses (identifiers.md; ISO 7064 MOD 11-2)."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laelia.model.identifiers import (
    IDENTIFIER_TYPES,
    check_digit,
    normalise,
    normalise_orcid,
    resolve_url,
    valid_orcid,
)


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_known_ids_are_valid(orcid: str) -> None:
    assert valid_orcid(orcid)
    assert check_digit(orcid[:-1]) == orcid[-1]


@given(st.integers(0, 10**15 - 1), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(base: int, place: int, by: int) -> None:
    digits = f"{base:015}"
    other = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert check_digit(digits) != check_digit(other)


@pytest.mark.parametrize(
    "text",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        "https://orcid.org/0000-0002-1825-0097",
        "http://www.orcid.org/0000-0002-1825-0097/",
        "https://sandbox.orcid.org/0000-0002-1825-0097?lang=en",
        " orcid:0000-0002-1825-0097 ",
    ],
)
def test_an_id_is_found_in_any_form(text: str) -> None:
    assert normalise_orcid(text) == "0000-0002-1825-0097"


@pytest.mark.parametrize("text", ["", "0000-0002-1825-0098", "0000-0002-1825", "10000-0002-1825-0097", "Ada"])
def test_what_is_no_id_is_none(text: str) -> None:
    assert normalise_orcid(text) is None


FORMS = [
    ("doi", "https://dx.doi.org/10.1/UPPER", "10.1/upper", "https://doi.org/10.1/upper"),
    ("doi", "DOI 10.1007/978-981-10-5520-1_60", "10.1007/978-981-10-5520-1_60", None),
    ("doi", "10.1/a&amp;lt;1:B&amp;gt;2.0.CO;2", "10.1/a<1:b>2.0.co;2", None),
    ("doi", "10.1016/j.ijom.2013.05.017.", "10.1016/j.ijom.2013.05.017.", None),
    ("doi", "doi:10.1038", None, None),
    ("doi", "10.4013 /cld", None, None),
    ("doi", "10.1/&#65;b", "10.1/ab", None),
    (
        "arxiv",
        "http://arxiv.org/abs/1801.00006v1",
        "arXiv:1801.00006v1",
        "https://arxiv.org/abs/1801.00006v1",
    ),
    ("arxiv", "hep-th/9901001", "arXiv:hep-th/9901001", None),
    ("arxiv", "math.CA/0611800v2", "arXiv:math.ca/0611800v2", None),
    ("arxiv", "1801.00006v12", None, None),
    ("isbn", "ISBN: 123-456-7-89x junk", "123456789X", "https://www.worldcat.org/isbn/123456789X"),
    ("isbn", "978-3-642-22940-4; and more", "9783642229404", None),
    ("isbn", "12345678901", None, None),
    ("issn", "13886150", "1388-6150", "https://portal.issn.org/resource/ISSN/1388-6150"),
    ("issn", "1473 - 0111", "1473-0111", None),
    ("issn", "0974–2441", "0974-2441", None),
    ("issn", "1234567", None, None),
    ("issn", "123456789", None, None),
    ("issn", "١٢٣٤-٥٦٧٨", None, None),
    ("pmc", "PMC4731170", "4731170", "https://europepmc.org/article/pmc/4731170"),
    ("pmc", "https://europepmc.org/article/pmc/4731170", "4731170", None),
    ("pmc", "12690141 PMCID: PMC1744630", "12690141", None),
    ("pmid", "PMID: 21054200 [PubMed…]", "21054200", "https://pubmed.ncbi.nlm.nih.gov/21054200"),
    ("pmid", "http://europepmc.org/abstract/MED/26687626", "26687626", None),
    ("pmid", "PMC27092172", None, None),
    ("bibcode", "Bibcode: 1974AJ.....79..819H", "1974AJ.....79..819H", None),
    ("bibcode", "1974AJ.....79..819", None, None),
    ("bibcode", "1974A&A....79..819H", "1974A&A....79..819H", None),
    ("rrid", "SCR_007358", "RRID:SCR_007358", "https://identifiers.org/rrid/RRID:SCR_007358"),
    ("rrid", "scr_007358", None, None),
    ("rrid", "SCR_0073581", "RRID:SCR_007358", None),
    ("uri", "bbc.co.uk", "http://bbc.co.uk", None),
    ("uri", "https://youtu.be/delYABXr4p0", "https://youtu.be/delYABXr4p0", None),
    ("agr", "UPPER", "upper", None),
    ("ark", "UPPER", "UPPER", None),
    ("no-such-type", "UPPER", "UPPER", None),
]


@pytest.mark.parametrize(("kind", "value", "normal", "url"), FORMS)
def test_normal_form_and_address(kind: str, value: str, normal: str | None, url: str | None) -> None:
    assert normalise(kind, value) == normal
    if url:
        assert resolve_url(kind, value) == url


PIECES = """
    10. 10.1234/ 10.1/ / . , - – ; & ' " doi: https://doi.org/ &amp; &amp;lt; &#65; &quot; arXiv: 1801.00006
    v1 v12 hep-th/9901001 math.CA/0611800 0 123 1234567 12345678 x X 978-3-642-22940-4 1388-6150 ISSN PMC
    PMID: pubmed/ med/ Bibcode: 1974AJ.....79..819H 1974A&A....79..819H RRID: SCR_007358 AB_123456
    IMSR_JAX:123456 CVCL_A1B2 http:// https:// ftps:// bbc.co.uk ABC İ ſ ٣ ² ß
"""
"""Of such pieces values are made that are nearly right."""
_VALUES = st.text(max_size=60) | st.lists(
    st.sampled_from([*PIECES.split(), " ", "\n", "\u00a0"]), max_size=8
).map("".join)


@settings(max_examples=2000 if os.environ.get("LAELIA_SOAK") else 100, deadline=None)
@pytest.mark.parametrize(
    "kind", sorted({"handle", "ark", *(t.name for t in IDENTIFIER_TYPES.values() if t.form)})
)
@given(value=_VALUES)
def test_to_normalise_twice_is_to_normalise_once(kind: str, value: str) -> None:
    once = normalise(kind, value)
    if once is not None:
        assert normalise(kind, once) == once
    resolve_url(kind, value)


@pytest.mark.parametrize(("kind", "value", "normal", "url"), FORMS)
def test_the_normal_form_of_a_known_value_is_its_own(
    kind: str, value: str, normal: str | None, url: str | None
) -> None:
    if normal is not None:
        assert normalise(kind, normal) == normal


@given(st.sampled_from(sorted(IDENTIFIER_TYPES)), st.text(max_size=60))
def test_any_text_has_a_normal_form_of_its_own_or_none(kind: str, value: str) -> None:
    once = normalise(kind, value)
    assert once is None or normalise(kind, once) == once


def test_every_type_is_there() -> None:
    assert len(IDENTIFIER_TYPES) == 52
    assert IDENTIFIER_TYPES["grant_number"].number == 33
    sensitive = {t.name for t in IDENTIFIER_TYPES.values() if t.case_sensitive}
    assert sensitive == set("ark bibcode cgn emdb empiar ethos k10plus ol rrid uri".split())  # noqa: SIM905


def test_an_address_keeps_what_is_one_already() -> None:
    assert resolve_url("doi", "https://doi.org/10.1/x") == "https://doi.org/10.1/x"
    assert resolve_url("handle", "http://hdl.handle.net/2381/1") == "http://hdl.handle.net/2381/1"
    assert resolve_url("other-id", "x") is None
