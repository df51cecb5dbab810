"""The seven kinds of affiliation, alike but for their names, and their summaries."""

from collections.abc import Callable
from typing import Annotated

from laelia.model.common import ExternalId, FuzzyDate, Item, Organisation
from laelia.model.language import V2_0, V3_0, E, Scalar, Version, attr, common, entity

# In 2.x an education has its own department-name, since 3.0 all kinds share that of `common`.
_OWN = {"ns": None}
_ATTRIBUTES = ("put-code", "display-index", "path", "visibility")
_HEAD = ("created-date", "last-modified-date", "source", "put-code")


def _full(name: str, since: Version = V2_0) -> Callable[[E], E]:
    order = (*_HEAD, "path", ..., "display-index", "visibility")
    return entity(name, name, json=order, attributes=_ATTRIBUTES, since=since)


def _summary(name: str, since: Version = V2_0) -> Callable[[E], E]:
    return entity(
        f"{name}-summary",
        name,
        json=(*_HEAD, ..., "display-index", "visibility", "path"),
        json_v2=(..., "visibility", "put-code", "path"),
        attributes=_ATTRIBUTES,
        since=since,
    )


class Affiliation(Item, kw_only=True):
    """What they have in common, in full and in summary. 2.x knows two kinds and no identifiers."""

    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json_text=True, v2={"json": False})] = None
    department_name: Annotated[str | None, common(blank=False, max=4000, v2=_OWN)] = None
    role_title: Annotated[str | None, common(blank=False, max=4000, v2=_OWN)] = None
    start_date: Annotated[FuzzyDate | None, common()] = None
    end_date: Annotated[FuzzyDate | None, common()] = None
    organisation: Annotated[Organisation | None, common("organization", v2={**_OWN, "required": True})] = None
    url: Annotated[str | None, common(wrap=True, since=V3_0)] = None
    external_ids: Annotated[list[ExternalId], common(each="external-id", since=V3_0)] = []


@_full("distinction", V3_0)
class Distinction(Affiliation, kw_only=True):
    pass


@_summary("distinction", V3_0)
class DistinctionSummary(Affiliation, kw_only=True):
    pass


@_full("education")
class Education(Affiliation, kw_only=True):
    pass


@_summary("education")
class EducationSummary(Affiliation, kw_only=True):
    pass


@_full("employment")
class Employment(Affiliation, kw_only=True):
    pass


@_summary("employment")
class EmploymentSummary(Affiliation, kw_only=True):
    pass


@_full("invited-position", V3_0)
class InvitedPosition(Affiliation, kw_only=True):
    pass


@_summary("invited-position", V3_0)
class InvitedPositionSummary(Affiliation, kw_only=True):
    pass


@_full("membership", V3_0)
class Membership(Affiliation, kw_only=True):
    pass


@_summary("membership", V3_0)
class MembershipSummary(Affiliation, kw_only=True):
    pass


@_full("qualification", V3_0)
class Qualification(Affiliation, kw_only=True):
    pass


@_summary("qualification", V3_0)
class QualificationSummary(Affiliation, kw_only=True):
    pass


@_full("service", V3_0)
class Service(Affiliation, kw_only=True):
    pass


@_summary("service", V3_0)
class ServiceSummary(Affiliation, kw_only=True):
    pass
