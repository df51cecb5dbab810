"""Checks across the fields of an entity, after its shape has been found right (codes 9020 to 9062).

`check(entity, version)` raises the first problem it meets. What needs the database (duplicates, limits,
source, known organisations and groups) is checked where the SQL is.
"""

from collections.abc import Callable
from typing import Any

from laelia.model import affiliation, person
from laelia.model.funding import Funding
from laelia.model.identifiers import IDENTIFIER_TYPES, Types
from laelia.model.language import V3_0, Entity, Version
from laelia.model.notification import NotificationPermission
from laelia.model.peer_review import PeerReview
from laelia.model.research_resource import ResearchResource
from laelia.model.rules.activities import (
    check_funding,
    check_own_funding,
    check_own_work,
    check_peer_review,
    check_position,
    check_professional,
    check_research_resource,
    check_work,
)
from laelia.model.rules.notification import check_notification
from laelia.model.rules.parts import check_date, check_external_ids, role_of
from laelia.model.rules.person import (
    check_address,
    check_external_identifier,
    check_keyword,
    check_researcher_url,
)
from laelia.model.work import Work

__all__ = ["check", "check_date", "check_external_ids", "check_own", "role_of"]

_RULES: dict[type[Entity], Callable[[Any, Version, Types], None]] = {
    Work: check_work,
    Funding: check_funding,
    affiliation.Education: check_position,
    affiliation.Employment: check_position,
    affiliation.Distinction: check_professional,
    affiliation.InvitedPosition: check_professional,
    affiliation.Membership: check_professional,
    affiliation.Qualification: check_professional,
    affiliation.Service: check_professional,
    PeerReview: check_peer_review,
    ResearchResource: check_research_resource,
    person.Address: check_address,
    person.Keyword: check_keyword,
    person.ResearcherUrl: check_researcher_url,
    person.ExternalIdentifier: check_external_identifier,
    NotificationPermission: check_notification,
}


def check(entity: Entity, version: Version, types: Types = IDENTIFIER_TYPES) -> None:
    """Raises a problem if the entity as a whole cannot be accepted; kinds without rules pass. `types` are the
    types of identifier that are known."""
    rule = _RULES.get(type(entity))
    if rule is not None:
        rule(entity, version, types)


_OWN: dict[type[Entity], Callable[[Any, Version, Types], None]] = {
    **_RULES,
    Work: check_own_work,
    Funding: check_own_funding,
}


def check_own(entity: Entity, types: Types = IDENTIFIER_TYPES) -> None:
    """The same for what a person puts on her own record at the pages: a work or a funding needs no
    identifier there. Everything else is as in 3.0."""
    rule = _OWN.get(type(entity))
    if rule is not None:
        rule(entity, V3_0, types)
