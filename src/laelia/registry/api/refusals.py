"""What operations refuse with, in sets: the table of operations names each set once, and the description of
the API and its tests read what can be answered from there."""

from laelia.model import affiliation as a
from laelia.model import person
from laelia.model import problems as p
from laelia.model.common import Item
from laelia.model.funding import Funding
from laelia.model.peer_review import PeerReview
from laelia.model.research_resource import ResearchResource
from laelia.model.sections import Section
from laelia.model.work import Work

Problems = tuple[type[p.Problem], ...]

EVERYWHERE: Problems = (
    p.NotUnderstood,
    p.BadRequest,
    p.NotAcceptable,
    p.BodyTooLarge,
    p.Misdirected,
    p.ClientDeactivated,
    p.ServerFault,
)
"""What any path may refuse with, beside a token that is no good (OAuth's own form)."""

AT_ALL: Problems = (p.UnknownPath, p.WrongToken, p.OnBehalfOfTooOld)
"""Whatever is asked with or without a token: the wrong API for it, or the wrong one of a token."""
RECORD: Problems = (
    *AT_ALL,
    p.NoSuchItem,
    p.WrongState,
    p.Deprecated,
    p.Unclaimed,
    p.Locked,
    p.Deactivated,
)
"""Whatever is asked of a record."""
HIDDEN: Problems = (p.NotPublic, p.NotVisible, p.MissingScope)
"""One element that is not shown to the asker."""
SEVERAL: Problems = (*RECORD, p.TooManyPutCodes, p.WrongArgument)

_WRITE: Problems = (*RECORD, p.MethodNotAllowed, p.MissingScope)
BODY: Problems = (
    p.UnsupportedMediaType,
    p.MalformedXml,
    p.MalformedJson,
    p.SchemaViolation,
    p.InvalidJson,
    p.IllegalValue,
)
"""What is sent does not fit."""
ADD_SEVERAL: Problems = (*_WRITE, *BODY, p.WrongArgument, p.TooManyWorks)
"""A POST of several: what is wrong with one of them stands in its place in the answer."""

_DATES: Problems = (p.Invalid, p.InvalidDate)
_IDS: Problems = (p.ExternalIdInvalid, p.InvalidValue, p.Invalid)
_AFFILIATION: Problems = (*_DATES, p.StartAfterEnd, p.OrganisationMissing, p.OrganisationUnknown)
_POSITION: Problems = (*_AFFILIATION, p.CityCountryMissing)
_PROFESSIONAL: Problems = (*_AFFILIATION, p.CountryMissing, p.OrganisationOrIdMissing)

# What `rules.check` and `checks.refuse_unknown` raise.
_RULES: dict[type[Item], Problems] = {
    Work: (p.TitleMissing, *_IDS, *_DATES, p.InvalidRole),
    Funding: (
        p.TitleMissing,
        *_IDS,
        *_DATES,
        p.InvalidAmount,
        p.EndWithoutStart,
        p.OrganisationMissing,
        p.OrganisationUnknown,
        p.InvalidRole,
    ),
    a.Education: _POSITION,
    a.Employment: _POSITION,
    a.Distinction: _PROFESSIONAL,
    a.InvitedPosition: _PROFESSIONAL,
    a.Membership: _PROFESSIONAL,
    a.Qualification: _PROFESSIONAL,
    a.Service: _PROFESSIONAL,
    PeerReview: (*_IDS, *_DATES, p.OrganisationUnknown, p.NoSuchReviewGroup, p.InvalidIssn),
    ResearchResource: (*_IDS, p.EndWithoutStart, p.OrganisationMissing, p.OrganisationUnknown),
    person.Address: (p.Invalid,),
    person.Keyword: (p.Invalid,),
    person.ResearcherUrl: (p.Invalid,),
    person.ExternalIdentifier: (p.Invalid,),
}

SINCE_3: Problems = (
    p.IllegalValue,
    p.InvalidRole,
    p.InvalidAmount,
    p.EndWithoutStart,
    p.OrganisationMissing,
    p.CityCountryMissing,
    p.CountryMissing,
    p.OrganisationOrIdMissing,
)
"""2.x has no such rule, or has it in its schema."""
UNTIL_2_1: Problems = (p.OnBehalfOfTooOld, p.NoSuchReviewGroup)

ONLY_PUBLIC: Problems = (p.NotPublic,)
ONLY_MEMBER: Problems = (p.WrongState, p.NotVisible, p.MissingScope, p.PutCodeNotNumeric)
"""What one of the two APIs alone says."""


def of_item(section: Section) -> Problems:
    """One item is read."""
    return (*RECORD, *HIDDEN, p.PutCodeNotNumeric, *_of_another_kind(section))


def of_post(section: Section) -> Problems:
    full = (p.TooManyWorks,) if section.name == "works" else ()
    return (*_WRITE, *BODY, p.PutCodeInBody, *_content(section), *full)


def of_put(section: Section) -> Problems:
    own = (p.PutCodeNotNumeric, p.PutCodeMismatch, p.WrongSource, p.VisibilityChange)
    return (*_WRITE, *BODY, *own, *_of_another_kind(section), *_content(section))


def of_delete(section: Section) -> Problems:
    return (*_WRITE, p.PutCodeNotNumeric, p.WrongSource, *_of_another_kind(section))


def _content(section: Section) -> Problems:
    """What may be wrong with what an item says."""
    twice: Problems = (p.Duplicate,) if section.ids else ()
    same: Problems = (p.DuplicateElement,) if section.equal_in else ()
    return (*_RULES.get(section.entity, ()), p.NotHers, *twice, *same)


def _of_another_kind(section: Section) -> Problems:
    """The put-code is that of another kind of affiliation."""
    return (p.WrongArgument,) if section.listing == "affiliations" else ()
