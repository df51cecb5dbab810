"""The closed lists of the message model, named as 3.0 spells them, with what 2.x makes of them."""

from dataclasses import replace
from importlib.resources import files

from laelia.model.vocabulary import Vocabulary


def _codes(name: str) -> tuple[str, ...]:
    text = files("laelia.model").joinpath("data", name).read_text("utf-8")
    return tuple(code for line in text.splitlines() if not line.startswith("#") for code in line.split())


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VISIBILITY = Vocabulary("visibility", ("private", "limited", "public", "registered-only"), closed=True)

_WORK_TYPES_OF_BOTH = _words(
    """
        artistic-performance book-chapter book-review book conference-abstract conference-paper
    conference-poster data-set dictionary-entry disclosure edited-book encyclopedia-entry invention
    journal-article journal-issue lecture-speech license magazine-article manual newsletter-article
    newspaper-article online-resource other patent registered-copyright report research-technique
    research-tool spin-off-company standards-and-policy supervised-student-publication
    technical-standard test translation trademark website working-paper
    """
)
_WORK_TYPES_SINCE_3 = _words(
    """
        annotation blog-post cartographic-material clinical-study conference-output
    conference-presentation conference-proceedings data-management-plan design image learning-object
    moving-image musical-composition physical-object preprint public-speech review software sound
    transcription undefined
    """
)
WORK_TYPE = Vocabulary(
    "work-type",
    tuple(sorted((*_WORK_TYPES_OF_BOTH, *_WORK_TYPES_SINCE_3, "dissertation-thesis"))),
    legacy=tuple(sorted((*_WORK_TYPES_OF_BOTH, "dissertation"))),
    down={"dissertation-thesis": "dissertation", **dict.fromkeys(_WORK_TYPES_SINCE_3, "other")},
    aliases={
        "article-journal": "journal-article",
        "chapter": "book-chapter",
        "dataset": "data-set",
        "standard": "standards-and-policy",
    },
)

RELATIONSHIP = Vocabulary(
    "relationship",
    ("self", "part-of", "version-of", "funded-by"),
    legacy=("self", "part-of"),
    # An external id in this relationship is left out of 2.x as a whole; funded-by is written there although
    # the 2.x schemas don't list it.
    down={"version-of": None},
)

FUNDING_TYPE = Vocabulary("funding-type", _words("grant contract award salary-award"))

CITATION_TYPE = Vocabulary(
    "citation-type",
    (
        "formatted-unspecified",
        "bibtex",
        "ris",
        *(f"formatted-{style}" for style in ("apa", "harvard", "ieee", "mla", "vancouver", "chicago")),
    ),
)

SEQUENCE = Vocabulary("contributor-sequence", ("first", "additional"), closed=True)

CREDIT = "http://credit.niso.org/contributor-roles/"
CREDIT_ROLES = tuple(
    f"{CREDIT}{name}/"
    for name in _words(
        """
                conceptualization data-curation formal-analysis funding-acquisition investigation
        methodology project-administration resources software supervision validation visualization
        writing-original-draft writing-review-editing
        """
    )
)
_WORK_ROLES = _words(
    """
        author assignee editor chair-or-translator co-investigator co-inventor graduate-student
    other-inventor principal-investigator postdoctoral-researcher support-staff
    """
)
WORK_ROLE = Vocabulary(
    "contributor-role",
    (*_WORK_ROLES, *CREDIT_ROLES),
    legacy=_WORK_ROLES,
    down=dict.fromkeys(CREDIT_ROLES)
    | {
        f"{CREDIT}writing-original-draft/": "author",
        f"{CREDIT}writing-review-editing/": "editor",
        f"{CREDIT}investigation/": "co-investigator",
        f"{CREDIT}supervision/": "principal-investigator",
    },
    free_since_3=True,
)

_FUNDING_ROLES = _words("lead co-lead supported-by other-contribution")
FUNDING_ROLE = Vocabulary(
    "contributor-role",
    (*_FUNDING_ROLES, *CREDIT_ROLES),
    legacy=_FUNDING_ROLES,
    down=dict.fromkeys(CREDIT_ROLES) | {f"{CREDIT}supervision/": "lead"},
    free_since_3=True,
)

REVIEWER_ROLE = Vocabulary("reviewer-role", _words("reviewer editor member chair organizer"))
REVIEW_TYPE = Vocabulary("review-type", _words("review evaluation"))
_SUBJECTS_SINCE_3 = _words("grant contract award salary-award research-resource-proposal")
SUBJECT_TYPE = Vocabulary(
    "subject-type",
    tuple(sorted((*WORK_TYPE.terms, *_SUBJECTS_SINCE_3))),
    legacy=WORK_TYPE.legacy,
    # What 2.x has no word for is other, as for works; ORCID's own 2.x can't write these at all.
    down={**(WORK_TYPE.down or {}), **dict.fromkeys(_SUBJECTS_SINCE_3, "other")},
    aliases=WORK_TYPE.aliases,
)

RESOURCE_TYPE = Vocabulary("resource-type", _words("infrastructures collections equipment services"))

GROUP_TYPE = Vocabulary(
    "group-id type",
    (
        *_words("publisher institution journal conference newspaper newsletter magazine"),
        "peer-review service",
    ),
    json="code",
    closed=True,
)

NOTIFICATION_TYPE = Vocabulary("notification-type", ("permission",), closed=True)
_NOTICED_ITEMS = _words("education employment funding work peer-review")
NOTIFICATION_ITEM_TYPE = Vocabulary(
    "item-type",
    (*_NOTICED_ITEMS, *_words("qualification invited-position distinction membership service")),
    legacy=_NOTICED_ITEMS,
    # An item of a kind that 2.x lacks is left out of its list there.
    down=dict.fromkeys(_words("qualification invited-position distinction membership service")),
    closed=True,
)

# The schema and ORCID's classes misspell invited-position alike, so that is what clients read.
PROFESSIONAL_ACTIVITY_TYPE = Vocabulary(
    "professional-activity-type", _words("distinction invited-postition membership service"), closed=True
)
EDUCATION_QUALIFICATION_TYPE = Vocabulary(
    "education-qualification-type", _words("education qualification"), closed=True
)

CREATION_METHOD = Vocabulary(
    "creation-method",
    ("API", "Direct", "Member-referred", "website", "integration-test"),
    json="constant",
    closed=True,
)

_LOCALES_OF_BOTH = ("en", "es", "fr", "it", "ja", "ko", "pt", "ru", "zh_CN", "zh_TW")
LOCALE = Vocabulary(
    "locale",
    (*_LOCALES_OF_BOTH, "ar", "cs", "de", "pl", "tr", "xx"),
    legacy=_LOCALES_OF_BOTH,
    down=dict.fromkeys(("cs", "de", "pl", "tr", "ar", "xx"), "en"),
)

LANGUAGE = Vocabulary("language-code", _codes("languages.txt"), json="code")
COUNTRY = Vocabulary("country", _codes("countries.txt"), json="code")
COUNTRY_OR_BLANK = replace(COUNTRY, blank=True)
_CURRENCIES = _codes("currencies.txt")
CURRENCY = Vocabulary(
    "currency-code",
    tuple(sorted((*_CURRENCIES, *_codes("currencies_since_3.txt")))),
    legacy=_CURRENCIES,
    json="code",
)
