"""DataCite's controlled lists and what each term becomes in a work of ORCID 3.0; the kinds of resource have a
file of their own. Source: kernels 4.0 to 4.7, and what older ones knew. docs/reference/datacite.md shows it.
"""

from collections.abc import Mapping

from laelia.model.vocabularies import CREDIT

# relationType → relationship. What is not named here names another thing, and stays out of the work.
RELATIONS: Mapping[str, str] = {
    "IsVersionOf": "version-of",
    "HasVersion": "version-of",
    "IsNewVersionOf": "version-of",
    "IsPreviousVersionOf": "version-of",
    "IsIdenticalTo": "version-of",
    "IsPartOf": "part-of",
    "IsPublishedIn": "part-of",
}
VERSION_OF = frozenset(name for name, what in RELATIONS.items() if what == "version-of")
PART_OF = frozenset(name for name, what in RELATIONS.items() if what == "part-of")

# relatedIdentifierType → type of external id. Addresses (URL, PURL, w3id) are left out: they say where
# something is, and repositories write collections and communities so.
ID_TYPES: Mapping[str, str] = {
    "ARK": "ark",
    "CSTR": "cstr",
    "DOI": "doi",
    "EAN13": "other-id",
    "EISSN": "issn",
    "Handle": "handle",
    "IGSN": "other-id",
    "ISBN": "isbn",
    "ISSN": "issn",
    "ISTC": "other-id",
    "LISSN": "issn",
    "LSID": "urn",
    "PMID": "pmid",
    "RAiD": "raid",
    "RRID": "rrid",
    "SWHID": "other-id",
    "UPC": "other-id",
    "URN": "urn",
    "arXiv": "arxiv",
    "bibcode": "bibcode",
}
ADDRESSES = ("PURL", "URL", "w3id")

# dateType, in the order in which they are looked for. Issued is the date of publication; the year is
# mandatory but coarser; the rest are next best. Others (Collected, Coverage, Valid …) say nothing of it.
ISSUED, YEAR = "Issued", "publicationYear"
NEXT_DATES = ("Available", "Submitted", "Accepted", "Created", "Copyrighted", "Updated")

# contributorType → role, for people alone. Types that are not named here stay out: what hosts, funds,
# registers or distributes a thing did not make it, and a contact or an owner of rights need not have.
ROLES: Mapping[str, str] = {
    "DataCollector": f"{CREDIT}investigation/",
    "DataCurator": f"{CREDIT}data-curation/",
    "DataManager": f"{CREDIT}data-curation/",
    "Editor": "editor",
    "ProjectLeader": "principal-investigator",
    "ProjectManager": f"{CREDIT}project-administration/",
    "ProjectMember": "co-investigator",
    "Researcher": f"{CREDIT}investigation/",
    "Supervisor": f"{CREDIT}supervision/",
    "Translator": "chair-or-translator",
    "WorkPackageLeader": f"{CREDIT}project-administration/",
}
CREATOR = "author"

# descriptionType, in the order in which they are looked for; a table of contents, a series or technical
# details describe no work.
DESCRIPTIONS = ("Abstract", "Other", "Methods")

# ORCID writes some languages as Java once did, and Chinese by territory. Documents that no API tidied carry
# codes of three letters as well.
LANGUAGES: Mapping[str, str] = {
    "he": "iw", "id": "in", "yi": "ji", "zh": "zh_CN", "zh-hans": "zh_CN", "zh-hant": "zh_TW",
    "ara": "ar", "ces": "cs", "chi": "zh_CN", "cze": "cs", "dan": "da", "deu": "de", "dut": "nl", "eng": "en",
    "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "heb": "iw", "hun": "hu", "ind": "in", "ita": "it",
    "jpn": "ja", "kor": "ko", "nld": "nl", "nor": "no", "pol": "pl", "por": "pt", "rus": "ru", "spa": "es",
    "swe": "sv", "tur": "tr", "ukr": "uk", "zho": "zh_CN",
}  # fmt: skip
