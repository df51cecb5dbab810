"""The record as a whole."""

from typing import Annotated

from laelia.model.activities import ActivitiesSummary
from laelia.model.common import OrcidUri, Source
from laelia.model.language import Entity, Scalar, attr, common, el, entity
from laelia.model.person import Person
from laelia.model.vocabularies import CREATION_METHOD, LOCALE, VISIBILITY


@entity("preferences", "preferences")
class Preferences(Entity, kw_only=True):
    locale: Annotated[str | None, el(type=LOCALE, required=True)] = None


@entity("history", "history", tolerated=[attr("visibility", type=VISIBILITY)])
class History(Entity, kw_only=True):
    """How the record came to be, and its state."""

    creation_method: Annotated[str | None, el(type=CREATION_METHOD)] = None
    completion_date: Annotated[int | None, el(type=Scalar.INSTANT, wrap=True)] = None
    submission_date: Annotated[int | None, el(type=Scalar.INSTANT, wrap=True)] = None
    last_modified_date: Annotated[int | None, common(type=Scalar.INSTANT, wrap=True)] = None
    claimed: Annotated[bool | None, el()] = None
    source: Annotated[Source | None, common()] = None
    deactivation_date: Annotated[int | None, el(type=Scalar.INSTANT, wrap=True)] = None
    verified_email: Annotated[bool | None, el(required=True)] = None
    verified_primary_email: Annotated[bool | None, el(required=True)] = None


@entity("record", "record", json=(..., "path"))
class Record(Entity, kw_only=True):
    orcid_identifier: Annotated[OrcidUri | None, common()] = None
    preferences: Annotated[Preferences | None, el(ns="preferences")] = None
    history: Annotated[History | None, el(ns="history")] = None
    person: Annotated[Person | None, el(ns="person")] = None
    activities_summary: Annotated[ActivitiesSummary | None, el(ns="activities")] = None
    path: Annotated[str | None, attr()] = None
