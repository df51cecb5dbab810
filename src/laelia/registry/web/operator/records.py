"""Records for operators: found by iD, address or name; locked, opened, merged, written to."""

from typing import Any

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.model.identifiers import normalise_orcid
from laelia.registry.account import messages, registration
from laelia.registry.account.closing import merging
from laelia.registry.grants import trusted
from laelia.registry.operators import audit, clients, members, records, role
from laelia.registry.operators.audit import By, Filter
from laelia.registry.operators.records import Found
from laelia.registry.record import engines, people, states
from laelia.registry.web.operator.door import operating


@operating
def found(call: Call, by: By) -> Reply:
    """GET /operator/records?q=."""
    text = call.arg("q").strip()
    return page(call, "operator/records.html", q=text, records=records.search(call.tx, text))


@operating
def one(call: Call, by: By) -> Reply:
    """GET /operator/records/{orcid}."""
    record = _record(call)
    return page(
        call,
        "operator/record.html",
        record=record,
        listed=engines.may_list(call.tx, _row(call, record)),
        emails=people.emails(call.tx, record.orcid),
        own=clients.of_person(call.tx, record.orcid),
        contact_of=members.of_contact(call.tx, record.orcid),
        trusted=trusted.organisations(call.tx, call.now, record.orcid),
        is_operator=role.holds(call.tx, record.orcid),
        reasons=reason_words(),
        lines=audit.lines(call.tx, Filter(about=record.orcid), limit=20),
    )


def reason_words() -> list[tuple[str, str]]:
    said = {
        "spam": _("spam"),
        "dispute": _("a dispute about who it is"),
        "unclaimed": _("nobody claimed it"),
        "institution": _("it is an organisation, not a person"),
        "test": _("a test"),
        "other": _("something else"),
    }
    return [(name, said[name]) for name in records.REASONS]


@operating
def lock(call: Call, by: By) -> Reply:
    """POST /operator/records/{orcid}/lock."""
    record = _record(call)
    if not by.reason:
        call.flash(_("Write why the record is locked."), "bad")
        return _back(record)
    try:
        records.lock(call.tx, call.now, by, record.orcid, call.field("why"))
    except records.Unfit as unfit:
        call.flash(str(unfit), "bad")
        return _back(record)
    call.flash(_("The record is locked."))
    return _back(record)


@operating
def unlock(call: Call, by: By) -> Reply:
    """POST /operator/records/{orcid}/unlock."""
    record = _record(call)
    try:
        records.unlock(call.tx, call.now, by, record.orcid)
    except records.Unfit as unfit:
        call.flash(str(unfit), "bad")
        return _back(record)
    call.flash(_("The record is open again."))
    return _back(record)


@operating
def review(call: Call, by: By) -> Reply:
    """POST /operator/records/{orcid}/review: whether somebody looked at it."""
    record, reviewed = _record(call), call.field("reviewed") == "yes"
    try:
        records.review(call.tx, call.now, by, record.orcid, reviewed=reviewed)
    except records.Unfit as unfit:
        call.flash(str(unfit), "bad")
        return _back(record)
    said = _("Search engines may list the record.") if reviewed else _("The review is taken back.")
    call.flash(said)
    return _back(record)


@operating
def merge(call: Call, by: By) -> Reply:
    """POST /operator/records/{orcid}/merge: this record is a duplicate and leads to the other from now on."""
    record, primary = _record(call), normalise_orcid(call.field("primary").strip())
    if primary is None or not by.reason or call.field("sure") != "yes":
        call.flash(_("Write the iD that stays and why, and tick that you are sure."), "bad")
        return _back(record)
    try:
        records.merge(call.tx, call.now, by, record.orcid, primary, merging.merge)
    except records.Unfit as unfit:
        call.flash(str(unfit), "bad")
        return _back(record)
    call.flash(_("%(orcid)s leads to %(primary)s now.", orcid=record.orcid, primary=primary))
    return _back(record)


@operating
def resend(call: Call, by: By) -> Reply:
    """POST /operator/records/{orcid}/resend: a new link to every address that is not confirmed."""
    record, site = _record(call), call.service.settings.public_url
    waiting = [one.email for one in people.emails(call.tx, record.orcid) if not one.verified]
    if record.state != "active" or not waiting:
        call.flash(_("There is no address to confirm."), "warn")
        return _back(record)
    for email in waiting:
        registration.send_verification(call.tx, call.now, record.orcid, email, site)
    audit.note(call.tx, call.now, by, "record.resend-verification", record.orcid, addresses=len(waiting))
    call.flash(_("A new link is on its way."))
    return _back(record)


@operating
def message(call: Call, by: By) -> Reply:
    """POST /operator/records/{orcid}/message: into the owner's inbox, and by mail."""
    record, site = _record(call), call.service.settings.public_url.rstrip("/")
    try:
        number = messages.send(
            call.tx, call.now, record.orcid, call.field("subject"), call.field("text"), site
        )
    except messages.Unfit as unfit:
        call.flash(str(unfit), "bad")
        return _back(record)
    audit.note(call.tx, call.now, by, "record.message", record.orcid, number=number)
    call.flash(_("The message is in the inbox of the record's owner."))
    return _back(record)


def _record(call: Call) -> Found:
    orcid = normalise_orcid(call.params["orcid"])
    record = records.get(call.tx, orcid) if orcid is not None else None
    if record is None:
        raise not_found()
    return record


def _row(call: Call, record: Found) -> Any:
    row = states.look(call.tx, record.orcid)
    assert row is not None
    return row


def _back(record: Found) -> Reply:
    return redirect(f"/operator/records/{record.orcid}")
