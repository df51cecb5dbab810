"""THE TABLE of the API: a line for each operation, most of them made from the table of sections."""

from collections.abc import Iterator

from laelia.codec.media import DOCUMENTS
from laelia.codec.openapi import Json
from laelia.model import problems as p
from laelia.model.activities import ActivitiesSummary
from laelia.model.language import V3_0
from laelia.model.person import Biography, Emails, Person, PersonalDetails
from laelia.model.record import Record
from laelia.model.sections import BULK_LIMIT, SECTIONS, Section
from laelia.model.summary import RecordSummary
from laelia.registry.api import forms, notifications, reads, refusals, search, status, writes
from laelia.registry.api.operation import MEMBER, Operation
from laelia.registry.api.registers import clients, group_ids, identifier_types

_BIO = ("/orcid-bio/read-limited",)
_EMAILS = (*_BIO, "/email/read-private")


def _whole() -> Iterator[Operation]:
    """Views of a record as a whole."""
    views = (
        ("", "The whole record", Record, reads.record, ("/read-limited",)),
        ("/record", "The whole record", Record, reads.record, ("/read-limited",)),
        ("/person", "The person", Person, reads.person, _BIO),
        ("/personal-details", "Names and biography", PersonalDetails, reads.personal_details, _BIO),
        ("/biography", "The biography", Biography, reads.biography, _BIO),
        ("/email", "E-mail addresses", Emails, reads.emails, _EMAILS),
        (
            "/activities",
            "All activities in summary",
            ActivitiesSummary,
            reads.activities,
            ("/activities/read-limited",),
        ),
    )
    for path, summary, entity, view, sees in views:
        alone: refusals.Problems = (p.NoBiography, *refusals.HIDDEN) if entity is Biography else ()
        yield Operation(
            method="GET",
            path="/{orcid}" + path,
            handle=reads.reader(view, () if path else forms.OF_A_RECORD),
            summary=summary,
            gives=entity,
            tag="record",
            sees=sees,
            tagged="openly",
            problems=(*refusals.RECORD, *alone),
            offered_publicly=() if path else tuple(_says(forms.OF_A_RECORD)),
            says={} if path else _says(forms.OF_A_RECORD),
        )


def _of_section(section: Section) -> Iterator[Operation]:
    """Every path of a section, with its verbs and the scopes they need."""
    listing, one = f"/{{orcid}}/{section.list_path}", f"/{{orcid}}/{section.item_path}"
    single, item = f"{one}/{{put_code}}", refusals.of_item(section)
    several, noun = section.name.replace("-", " "), section.noun.replace("-", " ")
    a_noun = f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
    of_all, of_one = forms.OF_A_LIST.get(section.name, ()), forms.OF_AN_ITEM.get(section.name, ())
    summary, problems = f"All {several}", refusals.RECORD
    yield _get(section, listing, reads.listing, summary, section.container, problems, of_all)
    summary = f"{a_noun.capitalize()} in full"
    yield _get(section, single, reads.item, summary, section.entity, item, of_one)
    if section.part == "activities":
        path, summary = f"{one}/summary/{{put_code}}", f"The summary of {a_noun}"
        yield _get(section, path, reads.summary, summary, section.summary, item)
    yield _change(section, "POST", one, f"Add {a_noun}", status=201, takes=section.entity)
    whole = {"takes": section.entity, "gives": section.entity}
    yield _change(section, "PUT", single, f"Change {a_noun}", **whole)
    yield _change(section, "DELETE", single, f"Delete {a_noun}", status=204)
    if section.bulk:
        path = f"{listing}/{{put_codes}}"
        yield _get(section, path, reads.several, f"Some {several} in full", section.bulk, refusals.SEVERAL)
        add_all = f"Add up to {BULK_LIMIT} {several}"
        yield _change(section, "POST", listing, add_all, takes=section.bulk, gives=section.bulk)


def _says(of: tuple[reads.Form, ...]) -> dict[str, Json]:
    return {form.content_type: form.schema for form in of}


def _get(
    section: Section,
    path: str,
    view: reads.View,
    summary: str,
    gives: type,
    problems: refusals.Problems,
    of: tuple[reads.Form, ...] = (),
) -> Operation:
    return Operation(
        method="GET",
        path=path,
        handle=reads.reader(view, of),
        offered=(*DOCUMENTS, *_says(of)),
        says=_says(of),
        summary=summary,
        section=section,
        since=section.since,
        gives=gives,
        sees=(section.read_scope,),
        tagged="openly",
        problems=problems,
    )


def _change(section: Section, method: str, path: str, summary: str, **more: object) -> Operation:
    handle, scopes, refused = _CHANGES[method]
    several = section.bulk is not None and more.get("takes") is section.bulk
    return Operation(
        method=method,
        path=path,
        handle=writes.create_several if several else handle,
        summary=summary,
        scopes=getattr(section, scopes),
        section=section,
        since=section.since,
        apis=MEMBER,
        problems=refusals.ADD_SEVERAL if several else refused(section),
        **more,  # type: ignore[arg-type]
    )


_CHANGES = {
    "POST": (writes.create, "create_scopes", refusals.of_post),
    "PUT": (writes.replace, "update_scopes", refusals.of_put),
    "DELETE": (writes.remove, "delete_scopes", refusals.of_delete),
}


OPERATIONS: tuple[Operation, ...] = (
    *_whole(),
    *(operation for section in SECTIONS for operation in _of_section(section)),
    *notifications.OPERATIONS,
    Operation(
        method="GET",
        path="/{orcid}/summary",
        handle=reads.reader(reads.overview_of),
        summary="How much there is, and the latest of each kind",
        tag="record",
        scopes=("/read-public",),
        since=V3_0,
        apis=MEMBER,
        gives=RecordSummary,
        problems=(*refusals.RECORD, p.MissingScope),
    ),
    *group_ids.OPERATIONS,
    *identifier_types.OPERATIONS,
    *clients.OPERATIONS,
    *search.OPERATIONS,
    *status.OPERATIONS,
)
