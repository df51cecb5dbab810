"""Who meets at the DOI registry, and a DOI that has all it needs."""

from typing import Any

SITE = "https://doi.test"
OWNER = ("demo.repo", "the owner's password")
OTHER = ("other.repo", "the other's password")

GOOD: dict[str, Any] = {
    "doi": "10.5072/good",
    "url": "https://repository.test/items/1",
    "creators": [
        {
            "name": "Ekelund, Maja",
            "nameIdentifiers": [
                {"nameIdentifier": "https://orcid.org/0009-0011-0000-0000", "nameIdentifierScheme": "ORCID"}
            ],
            "affiliation": ["Uppsala"],
        }
    ],
    "titles": [{"title": "Counts of orchids"}],
    "publisher": "Demo repository",
    "publicationYear": 2026,
    "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Table"},
}
