"""THE TABLE of the API: a line for each operation, most of them made from the table of sections."""

from collections.abc import Iterator

from laelia.codec.media import DOCUMENTS
from laelia.model import problems as p
from laelia.model.activities import ActivitiesSummary
from laelia.model.language import V3_0
from laelia.model.person import Biography, Emails, Person, PersonalDetails
from laelia.model.record import Record
from laelia.model.sections import SECTIONS, Section
from laelia.model.summary import RecordSummary
from laelia.registry.api import (
    clients,
    forms,
    group_ids,
    identifier_types,
    notifications,
    reads,
    status,
    writes,
)
from laelia.registry.api.operation import MEMBER, Operation

_STATES = (p.Deprecated, p.Unclaimed, p.Locked, p.Deactivated)
EVERYWHERE: tuple[type[p.Problem], ...] = (p.NotAcceptable, p.BadRequest, p.ServerFault)
"""What any path may refuse with."""
_READ = (*_STATES, p.NoSuchItem, p.WrongToken, p.OnBehalfOfTooOld)
_SHOWN = (p.NotVisible, p.NotPublic, p.MissingScope, p.PutCodeNotNumeric, p.WrongArgument)
_BODY = (
    p.MalformedXml,
    p.MalformedJson,
    p.SchemaViolation,
    p.InvalidJson,
    p.IllegalValue,
    p.UnsupportedMediaType,
    p.BodyTooLarge,
)
_WRITE = (*_READ, p.MissingScope, p.WrongState)
_RULES = (p.Invalid, p.TitleMissing, p.ExternalIdInvalid, p.InvalidValue, p.Duplicate, p.OrganisationUnknown)


def _whole() -> Iterator[Operation]:
    """Views of a record as a whole."""
    views = (
        ("", "The whole record", Record, reads.record),
        ("/record", "The whole record", Record, reads.record),
        ("/person", "The person", Person, reads.person),
        ("/personal-details", "Names and biography", PersonalDetails, reads.personal_details),
        ("/biography", "The biography", Biography, reads.biography),
        ("/email", "E-mail addresses", Emails, reads.emails),
        ("/activities", "All activities in summary", ActivitiesSummary, reads.activities),
    )
    for path, summary, entity, view in views:
        yield Operation(
            method="GET",
            path="/{orcid}" + path,
            handle=reads.reader(view, () if path else forms.OF_A_RECORD),
            summary=summary,
            gives=entity,
            offered_publicly=() if path else _types(forms.OF_A_RECORD),
            problems=(*_READ, *((p.NoBiography, *_SHOWN) if entity is Biography else ())),
        )


def _of_section(section: Section) -> Iterator[Operation]:
    """Every path of a section, with its verbs and the scopes they need."""
    listing, one = f"/{{orcid}}/{section.list_path}", f"/{{orcid}}/{section.item_path}"
    single = f"{one}/{{put_code}}"
    of_list, of_one = forms.OF_A_LIST.get(section.name, ()), forms.OF_AN_ITEM.get(section.name, ())
    yield _get(section, listing, reads.listing, f"All {section.name}", section.container, of_list)
    yield _get(section, single, reads.item, f"A {section.noun} in full", section.entity, of_one)
    if section.part == "activities":
        summary = f"The summary of a {section.noun}"
        yield _get(section, f"{one}/summary/{{put_code}}", reads.summary, summary, section.summary)
    yield _change(
        section, "POST", one, f"Add a {section.noun}", section.create_scopes, status=201, takes=section.entity
    )
    yield _change(
        section,
        "PUT",
        single,
        f"Change a {section.noun}",
        section.update_scopes,
        takes=section.entity,
        gives=section.entity,
    )
    yield _change(section, "DELETE", single, f"Delete a {section.noun}", section.delete_scopes, status=204)
    if section.bulk:
        several, add_all = f"Several {section.name} in full", f"Add several {section.name}"
        yield _get(section, f"{listing}/{{put_codes}}", reads.several, several, section.bulk)
        yield _change(
            section,
            "POST",
            listing,
            add_all,
            section.create_scopes,
            takes=section.bulk,
            gives=section.bulk,
        )


def _types(of: tuple[reads.Form, ...]) -> tuple[str, ...]:
    return tuple(form.content_type for form in of)


def _get(
    section: Section,
    path: str,
    view: reads.View,
    summary: str,
    gives: type,
    of: tuple[reads.Form, ...] = (),
) -> Operation:
    return Operation(
        method="GET",
        path=path,
        handle=reads.reader(view, of),
        offered=(*DOCUMENTS, *_types(of)),
        summary=summary,
        section=section,
        since=section.since,
        gives=gives,
        problems=(*_READ, *(_SHOWN if "{put_code" in path else ())),
    )


def _change(
    section: Section, method: str, path: str, summary: str, scopes: tuple[str, ...], **more: object
) -> Operation:
    several = section.bulk is not None and more.get("takes") is section.bulk
    handle = writes.create_several if several else _HANDLERS[method]
    refused = (*_WRITE, *((*_BODY, *_RULES) if method != "DELETE" else ()), p.WrongSource, p.WrongArgument)
    return Operation(
        method=method,
        path=path,
        handle=handle,
        summary=summary,
        scopes=scopes,
        section=section,
        since=section.since,
        apis=MEMBER,
        problems=refused,
        **more,  # type: ignore[arg-type]
    )


_HANDLERS = {"POST": writes.create, "PUT": writes.replace, "DELETE": writes.remove}

OPERATIONS: tuple[Operation, ...] = (
    *_whole(),
    *(operation for section in SECTIONS for operation in _of_section(section)),
    *notifications.OPERATIONS,
    Operation(
        method="GET",
        path="/{orcid}/summary",
        handle=reads.reader(reads.overview_of),
        summary="How much there is, and the latest of each kind",
        since=V3_0,
        apis=MEMBER,
        gives=RecordSummary,
        problems=(*_READ, p.MissingScope),
    ),
    *group_ids.OPERATIONS,
    *identifier_types.OPERATIONS,
    *clients.OPERATIONS,
    *status.OPERATIONS,
)
