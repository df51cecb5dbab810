"""GET of records, sections and items. What anybody may read is kept rendered; answers to a token never
are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from laelia.codec.openapi import Json
from laelia.lib.web.core import Call, Reply
from laelia.model.language import Entity
from laelia.model.other import error_of
from laelia.model.problems import Problem, PutCodeNotNumeric, TooManyPutCodes, WrongArgument
from laelia.model.sections import BULK_LIMIT
from laelia.registry.access import require_scope, require_visible
from laelia.registry.api import cache
from laelia.registry.api.front import KEPT
from laelia.registry.api.limits import too_many
from laelia.registry.api.look import PRIVATE, Look, look, put_code
from laelia.registry.record import items, overview, person_views, read, sources, summaries

View = Callable[[Look, read.Reading], Entity]
Write = Callable[[Look, read.Reading], bytes]


@dataclass(frozen=True)
class Form:
    """A way to answer beside the documents of the message model, and the headers that go with it."""

    content_type: str
    write: Write
    headers: Mapping[str, str] = field(default_factory=dict)
    schema: Json = field(default_factory=lambda: {"type": "string"})
    """What its answers look like, as JSON Schema."""


class NotOnRecord(PutCodeNotNumeric):
    """How a bulk read tells that a put-code is not on the record (orcid-api §1.4)."""

    developer = "There is no {what} {put_code} on this record."
    user = "An item that was asked for is not on this record."


def reader(view: View, forms: Sequence[Form] = ()) -> Callable[[Call], Reply]:
    """The handler of a path that shows `view` as a document, or in one of these forms."""
    document = Form("", lambda asked, at: asked.encode(view(asked, at)))
    by_type = {form.content_type: form for form in forms}

    def handle(call: Call) -> Reply:
        asked = look(call)
        form = by_type.get(asked.form.content_type, document)
        if call.who.kind == "anonymous":
            return anonymous(asked, form)
        return asked.reply(form.write(asked, asked.reading()), headers={**PRIVATE, **form.headers})

    return handle


def anonymous(asked: Look, form: Form) -> Reply:
    """The answer to nobody in particular: from the cache, or kept there."""
    call = asked.call
    service = call.service
    if not service.limits.allows(call.req.env):
        return too_many()
    now = cache.revisions(call.tx, asked.orcid)
    if now is None:
        return asked.reply(form.write(asked, asked.reading()), headers={**PRIVATE, **form.headers})
    rest = call.req.path.partition(asked.orcid)[2].rstrip("/")
    key = (asked.orcid, rest, asked.version.name, asked.form.content_type)
    entry = service.cache.get(key, now)
    if entry is None:
        entry = service.cache.put(key, now, form.write(asked, asked.reading()))
    call.req.env[KEPT] = (key, call.route.path)
    headers = {
        "ETag": entry.etag,
        "Cache-Control": service.cache_control,
        "Vary": "Accept, Authorization",
        **form.headers,
    }
    if cache.unchanged(call.req.get_header("If-None-Match"), entry.etag):
        return asked.reply(b"", 304, headers)
    return asked.reply(entry.body, 200, headers)


def record(asked: Look, at: read.Reading) -> Entity:
    return read.record(at)


def person(asked: Look, at: read.Reading) -> Entity:
    return read.person(at)


def personal_details(asked: Look, at: read.Reading) -> Entity:
    return person_views.personal_details(at)


def biography(asked: Look, at: read.Reading) -> Entity:
    return person_views.biography(at)


def emails(asked: Look, at: read.Reading) -> Entity:
    return read.emails(at)


def overview_of(asked: Look, at: read.Reading) -> Entity:
    """The record summary; the one view that asks for a scope before anything else."""
    require_scope(asked.view.who, ("/read-public",))
    return overview.summary(at)


def activities(asked: Look, at: read.Reading) -> Entity:
    return read.activities(at)


def listing(asked: Look, at: read.Reading) -> Entity:
    return read.listing(at, asked.section)


def item(asked: Look, at: read.Reading) -> Entity:
    """One item in full."""
    number = _number(asked)
    return items.get(at.tx, at.view, at.orcid, asked.section, number, sources.Sources(at.tx, at.uris, ()))


def summary(asked: Look, at: read.Reading) -> Entity:
    """One item's summary."""
    section = asked.section
    row = items.find(at.tx, at.orcid, section, _number(asked))
    require_visible(at.view, row.visibility, section.read_scope, row.source_client)
    return summaries.whole(section, row, sources.Sources(at.tx, at.uris, [row]))


def _number(asked: Look) -> int:
    call = asked.call
    return put_code(call.params["put_code"], public=asked.view.public, path=call.req.path)


def several(asked: Look, at: read.Reading) -> Entity:
    """Some items in full: those on the record in storage order, then an error for each that is not there."""
    section = asked.section
    assert section.bulk is not None
    wanted = list(dict.fromkeys(_numbers(asked.call.params["put_codes"])))
    found = read.several(at, section, wanted)
    pages = asked.call.service.settings.error_pages
    bulk = [error_of(one, pages) if isinstance(one, Problem) else one for one in found.values()]
    for number in wanted:
        if number not in found:
            bulk.append(error_of(NotOnRecord(what=section.noun, put_code=number), pages))
    return section.bulk(bulk=bulk)


def _numbers(text: str) -> list[int]:
    parts = text.split(",")
    if len(parts) > BULK_LIMIT:
        raise TooManyPutCodes(count=len(parts), limit=BULK_LIMIT)
    for part in parts:
        if not (part.strip().isascii() and part.strip().isdigit() and len(part) < 19):
            raise WrongArgument(f"“{part[:40]}” is not a put-code.")
    return [int(part) for part in parts]
