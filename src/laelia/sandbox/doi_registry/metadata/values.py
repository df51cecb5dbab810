"""Single values put into the form DataCite stores them in: DOIs, iDs, names, languages."""

import re
from typing import Any

from laelia.sandbox.doi_registry.metadata.vocabularies import LANGUAGES

# DataCite accepts these characters when a DOI is made (registrant codes of four or five digits).
DOI = re.compile(r"^10\.\d{4,5}/[-._;()/:a-zA-Z0-9*~$=]+$")
# What a foreign document may carry: any registrant code, any printable character of the DOI handbook.
ANY_DOI = re.compile(r"^10\.[0-9.]{4,}/\S+$")
PREFIX = re.compile(r"^10\.\d{4,9}(\.\d+)*$")
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?(?:www\.)?doi\.org/|info:doi/|doi:\s*)", re.IGNORECASE)
_ORCID = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:sandbox\.)?(?:orcid\.org/)?"
    r"(\d{4})[ -]?(\d{4})[ -]?(\d{4})[ -]?(\d{3}[\dX])/?$",
    re.IGNORECASE,
)
_ROR = re.compile(r"^(?:https?://)?(?:ror\.org/)?(0\w{6}\d{2})$", re.IGNORECASE)


def bare_doi(text: str) -> str:
    """The DOI without resolver or scheme, in lower case (DOIs compare without regard to case)."""
    return _RESOLVER.sub("", text.strip()).lower()


def split_doi(doi: str) -> tuple[str, str]:
    prefix, _, suffix = doi.partition("/")
    return prefix, suffix


def orcid_uri(text: str) -> str | None:
    """The iD as the https URI DataCite stores for scheme ORCID; None when the text is no iD."""
    found = _ORCID.match(text.strip())
    return f"https://orcid.org/{'-'.join(found.groups()).upper()}" if found else None


def ror_uri(text: str) -> str | None:
    found = _ROR.match(text.strip())
    return f"https://ror.org/{found[1].lower()}" if found else None


def language(text: str) -> str:
    """ISO 639-1 where the language is known by another code or its English name; else as given."""
    return LANGUAGES.get(text.strip().lower(), text.strip())


def complete_name(entry: dict[str, Any]) -> None:
    """Say Personal and fill the parts of a name where the entry itself leaves no doubt.

    An iD, a family name or one comma makes a person. A list of given names, as DataCite uses for names in
    display order, is not consulted: such a name stays as written.
    """
    if entry.get("nameType") == "Organizational":
        return
    name = str(entry.get("name") or "")
    schemes = [i.get("nameIdentifierScheme") for i in entry.get("nameIdentifiers") or []]
    comma = name.count(",") == 1 and ";" not in name
    if not (entry.get("familyName") or "ORCID" in schemes or comma):
        return
    entry.setdefault("nameType", "Personal")
    if comma and not entry.get("familyName"):
        family, given = (part.strip() for part in name.split(","))
        if family and given:
            entry["givenName"], entry["familyName"] = given, family
