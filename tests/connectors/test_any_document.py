"""No document, however odd, breaks the mapping, and whatever comes out could be sent."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import size
from connectors.test_datacite import assert_sendable
from laelia.connectors import datacite
from laelia.connectors.datacite_people import holders
from laelia.connectors.item import Setting
from laelia.model.work import Work


def _words(text: str) -> list[str]:
    return text.split()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    _words(
        """title titleType lang relatedIdentifier relatedIdentifierType relationType titles
        relatedItemIdentifier relatedItemIdentifierType identifier identifierType date dateType name
        givenName familyName nameType nameIdentifiers nameIdentifier nameIdentifierScheme description
        descriptionType resourceType resourceTypeGeneral schemaOrg"""
    )
)
WORDS = st.sampled_from(
    _words(
        """DOI ISSN IsVersionOf IsPartOf IsPublishedIn Issued Subtitle Abstract Text Dataset ORCID
        Personal 10.5072/x 2020-01-01 0000-0002-1825-0097 https://orcid.org/0000-0002-1825-0097
        <i>x</i> &#0; a;b"""
    )
)
OBJECTS = st.dictionaries(
    KEYS, WORDS | VALUES | st.lists(st.dictionaries(KEYS, WORDS | VALUES, max_size=3)), max_size=6
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        _words(
            """doi titles creators publisher publicationYear types dates container language url
        relatedIdentifiers relatedItems descriptions identifiers id state"""
        )
    ),
    WORDS | VALUES | OBJECTS | st.lists(OBJECTS, max_size=4),
)


@pytest.mark.soak
@settings(max_examples=size(300, 5000), deadline=None)
@given(ATTRIBUTES)
def test_no_document_breaks_the_mapping(attributes: dict[str, Any]) -> None:
    holders(attributes)
    for document in (
        attributes,
        {**attributes, "doi": "10.5072/x", "titles": [{"title": "T"}], "state": None},
    ):
        work = datacite.work(document, Setting(authenticated=frozenset({"0000-0002-1825-0097"})))
        if isinstance(work, Work):
            assert_sendable(work)
