"""What stands around a record's page for everybody: links for programs, its picture as a code, a short page
that other sites may show in a frame, and how its owner shows her iD elsewhere."""

import io
from dataclasses import dataclass
from typing import Any

import segno
from markupsafe import Markup, escape

from laelia.lib import i18n
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import FRAMED, OPEN, Call, Reply, Route, page
from laelia.lib.web.problems import not_found
from laelia.registry.access import PUBLIC, Principal
from laelia.registry.edge import ORCID
from laelia.registry.record import engines, overview, people, states
from laelia.registry.record.listings import Reading
from laelia.registry.record.uris import Uris
from laelia.registry.search import about
from laelia.registry.web.door import SIGNED_IN, in_record, record_of
from laelia.registry.web.overview_words import Brief, brief

CODE_KEPT = "public, max-age=86400"
PAGE_KEPT = "public, no-cache"
# Where the record is for programs: path at the Public API, media type.
FORMS = (
    ("/record", "application/vnd.orcid+xml"),
    ("/record", "application/vnd.orcid+json"),
    ("", "application/ld+json"),
)


def dress(call: Call, row: Any, reply: Reply) -> Reply:
    """Add to a record's page what programs read off its head: signposting links (RFC 8288,
    signposting.org), and whether search engines may list it."""
    reply.headers.update(engines.headers(call.tx, row))
    if row.state == "active" and row.claimed:
        reply.headers["Link"] = links(call, row.orcid)
    return reply


def links(call: Call, orcid: str) -> str:
    """The value of the Link header of a record's page."""
    uri, api = _uri(call, orcid), call.service.settings.public_api
    found = [f'<{uri}>; rel="cite-as"', f'<{uri}>; rel="author"']
    found += [f'<{api}/v3.0/{orcid}{path}>; rel="describedby"; type="{kind}"' for path, kind in FORMS]
    found.append(f'<{call.url(f"/{orcid}/works.bib")}>; rel="describedby"; type="application/x-bibtex"')
    found += [f'<https://schema.org/{kind}>; rel="type"' for kind in ("ProfilePage", "AboutPage")]
    return ", ".join(found)


def _uri(call: Call, orcid: str) -> str:
    return f"{call.service.settings.ids}/{orcid}"


def code_svg(call: Call) -> Reply:
    """GET /{orcid}/qr.svg: the iD's URI as a code that cameras read."""
    return _code(call, "svg", "image/svg+xml", scale=8)


def code_png(call: Call) -> Reply:
    """GET /{orcid}/qr.png."""
    return _code(call, "png", "image/png", scale=12)


def _code(call: Call, kind: str, media_type: str, *, scale: int) -> Reply:
    row = _known(call)
    made = segno.make(_uri(call, row.orcid), micro=False, error="m")
    out = io.BytesIO()
    made.save(out, kind=kind, scale=scale, border=4, dark="#000", light="#fff")
    headers = {
        "Cache-Control": CODE_KEPT,
        "Content-Disposition": f'inline; filename="{row.orcid}.{kind}"',
        **engines.headers(call.tx, row),
    }
    return Reply(200, out.getvalue(), headers, media_type)


def summary(call: Call) -> Reply:
    """GET /{orcid}/summary: the record in short. The only page that may stand in a frame of another site:
    it reads no cookie and has nothing to press."""
    row = _known(call)
    if row.state != "active" or not row.claimed:
        return Reply(302, b"", {"Location": f"/{row.orcid}", "Cache-Control": "no-store"})
    i18n.set_locale(i18n.negotiate(call.req.get_header("Accept-Language")))
    at = Reading(call.tx, PUBLIC, row, Uris(call.service.settings.ids))
    headers = {
        "Content-Security-Policy": FRAMED,
        "Cache-Control": PAGE_KEPT,
        "Vary": "Accept-Language",
        "Link": links(call, row.orcid),
        **engines.headers(call.tx, row),
    }
    said: Brief = brief(overview.summary(at), _other_names(call, row.orcid))
    return page(call, "record/summary.html", headers=headers, record=said, site=call.url(f"/{row.orcid}"))


def _other_names(call: Call, orcid: str) -> list[str]:
    found = about.of(call.tx, [orcid])
    return found[orcid].other_names if orcid in found else []


def _known(call: Call) -> Any:
    """The record of the address, which has to be written in full and exactly."""
    orcid = call.params["orcid"]
    row = states.look(call.tx, orcid) if ORCID.fullmatch(orcid) else None
    if row is None:
        raise not_found(call.req.path)
    return row


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """One way to show an iD on another page: `html` is to be copied, and shown as it will look."""

    name: str
    words: str
    html: Markup


@in_record
def display(call: Call, who: Principal) -> Reply:
    """GET /my-record/display: how to show the iD elsewhere."""
    orcid = record_of(who)
    uri = _uri(call, orcid)
    name = people.public_name(call.tx, orcid) or _("Your name")
    return page(
        call,
        "record/display.html",
        orcid=orcid,
        uri=uri,
        snippets=snippets(uri, orcid, name),
        frame=_frame(call.url(f"/{orcid}/summary"), name),
    )


def snippets(uri: str, orcid: str, name: str) -> list[Snippet]:
    """The three forms in which an iD is shown. The mark is drawn in the text itself: the page it stands on
    asks no other site for anything. Beside it stands no name of ORCID, whose mark is not ours to use."""
    return [
        Snippet(
            name=_("In full"),
            words=_("The address by which the iD is known: for print, and wherever there is room."),
            html=Markup('<a href="{}" rel="me">{} {}</a>').format(uri, _mark(), uri),
        ),
        Snippet(
            name=_("Compact"),
            words=_("The sixteen characters alone, where the link says the rest."),
            html=Markup('<a href="{}" rel="me">{} {}</a>').format(uri, _mark(), orcid),
        ),
        Snippet(
            name=_("Inline"),
            words=_("Beside your name in a list of authors."),
            html=Markup('{} <a href="{}" rel="me" aria-label="{}">{}</a>').format(
                name, uri, _("iD of %(name)s", name=name), _mark()
            ),
        ),
    ]


# Laelia's mark as one path: short enough to be copied, and drawn without asking anybody.
_PETALS = (
    "M12 8a4 7 0 1 1 8 0a4 7 0 1 1-8 0zM6 17.7a4 7-68 1 1 3-7.4a4 7-68 1 1-3 7.4z"
    "M23 10.3a4 7 68 1 1 3 7.4a4 7 68 1 1-3-7.4zM7.6 21.4a3.6 6.5 35 1 1 5.9 4.1a3.6 6.5 35 1 1-5.9-4.1z"
    "M18.5 25.6a3.6 6.5-35 1 1 5.9-4.1a3.6 6.5-35 1 1-5.9 4.1z"
)


def _mark() -> Markup:
    return Markup(
        '<svg viewBox="0 0 32 32" width="1em" height="1em" fill="currentColor" aria-hidden="true">'
        '<path d="{}"/></svg>'
    ).format(_PETALS)


def _frame(address: str, name: str) -> Markup:
    title = escape(_("Record of %(name)s in short", name=name))
    return Markup('<iframe src="{}" title="{}" width="320" height="360" loading="lazy"></iframe>').format(
        address, title
    )


routes = [
    Route("GET", "/{orcid}/qr.svg", code_svg, OPEN, session=False),
    Route("GET", "/{orcid}/qr.png", code_png, OPEN, session=False),
    Route("GET", "/{orcid}/summary", summary, OPEN, session=False),
    Route("GET", "/my-record/display", display, SIGNED_IN),
]
