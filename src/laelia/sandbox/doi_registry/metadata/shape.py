"""How DataCite XML and the attributes of the REST API correspond, said once for the reader and the writer.

In attributes `…URI` is spelt `…Uri` and `xml:lang` is `lang`; everything else keeps its name.
"""

from typing import NamedTuple

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class TextList(NamedTuple):
    """A wrapper element of elements: their text is one key of the object, their XML attributes the others."""

    name: str
    item: str
    attributes: tuple[str, ...]


TEXT_LISTS = {
    t.name: t
    for t in (
        TextList("titles", "title", ("titleType", "lang")),
        TextList(
            "subjects",
            "subject",
            ("subjectScheme", "schemeURI", "valueURI", "classificationCode", "lang"),
        ),
        TextList("dates", "date", ("dateType", "dateInformation")),
        TextList("alternateIdentifiers", "alternateIdentifier", ("alternateIdentifierType",)),
        TextList(
            "relatedIdentifiers",
            "relatedIdentifier",
            (
                "relatedIdentifierType", "relationType", "relationTypeInformation", "resourceTypeGeneral",
                "relatedMetadataScheme", "schemeURI", "schemeType",
            ),
        ),
        TextList(
            "rightsList",
            "rights",
            ("rightsURI", "rightsIdentifier", "rightsIdentifierScheme", "schemeURI", "lang"),
        ),
        TextList("descriptions", "description", ("descriptionType", "lang")),
    )
}  # fmt: skip
PLAIN_LISTS = {"sizes": "size", "formats": "format"}
PLAIN = ("publicationYear", "language", "version")
NAME_IDENTIFIER = ("nameIdentifierScheme", "schemeURI")
AFFILIATION = ("affiliationIdentifier", "affiliationIdentifierScheme", "schemeURI")
PUBLISHER = ("publisherIdentifier", "publisherIdentifierScheme", "schemeURI", "lang")
RELATED_ITEM_PLAIN = ("volume", "issue", "firstPage", "lastPage", "edition", "publisher", "publicationYear")
RELATED_ITEM_IDENTIFIER = ("relatedItemIdentifierType", "relatedMetadataScheme", "schemeURI", "schemeType")
FUNDER_IDENTIFIER = ("funderIdentifierType", "schemeURI")
POINT = ("pointLatitude", "pointLongitude")
BOX = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
# Kernels 2 and 3 write a box as one text: south-west corner, then north-east, latitude before longitude.
BOX_AS_TEXT = ("southBoundLatitude", "westBoundLongitude", "northBoundLatitude", "eastBoundLongitude")


def key(attribute: str) -> str:
    """The key under which an XML attribute stands in the REST API's objects."""
    return attribute.replace("URI", "Uri")
