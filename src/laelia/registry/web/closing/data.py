"""Download of everything that is kept about the person at the browser."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page
from laelia.registry.account.closing.personal import HELD
from laelia.registry.bulk import my_data
from laelia.registry.record.uris import Uris
from laelia.registry.web.closing import proof
from laelia.registry.web.closing.forms import Proof
from laelia.registry.web.door import signed_in


@signed_in
def ask_form(call: Call, orcid: str) -> Reply:
    """GET /account/data."""
    return page(call, "closing/data.html", form=Proof.of(call))


@signed_in
def download(call: Call, orcid: str) -> Reply:
    """POST /account/data: the zip, written while it is sent."""
    form = Proof.of(call)
    if not form.validate():
        return page(call, "closing/data.html", status=422, form=form)
    if wrong := proof.fault(call, orcid, form.password.data or ""):
        form.password.errors = [wrong]
        return page(call, "closing/data.html", status=401, form=form)
    call.service.calls.flush()  # what was asked about her a moment ago
    uris = Uris(call.service.settings.ids)
    wanted = my_data.Wanted(orcid=orcid, uris=uris, readme=_readme(orcid, call.url("")))
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{orcid}.zip"'}
    return Reply(200, my_data.stream(call.service.db, wanted), headers, "application/zip")


def _readme(orcid: str, site: str) -> str:
    told = {
        "record.csv": _("The state of your record, when it was made, your language and preferences."),
        "emails.csv": _("Your e-mail addresses, whether they are confirmed and who sees them."),
        "email_domains.csv": _("Domains of organisations where you confirmed an address."),
        "credentials.csv": _("When your password was last changed. The password itself is not known."),
        "sessions.csv": _("Where you are signed in: since when, how, with which browser."),
        "second_factor.csv": _("When you set up a second step for signing in."),
        "recovery_codes.csv": _("When your recovery codes were made and used, without their text."),
        "passkeys.csv": _("Your passkeys, by the names you gave them."),
        "linked_accounts.csv": _("Accounts at organisations that sign you in to your iD."),
        "email_links.csv": _("Links that were sent to you by e-mail, and whether you used them."),
        "permissions.csv": _("Every permission you gave to an organisation, and when and why it ended."),
        "withdrawals.csv": _("What you took back from organisations, and when."),
        "tokens.csv": _("The keys that organisations hold under these permissions, without their text."),
        "codes.csv": _("Short-lived codes by which those keys were fetched, without their text."),
        "trusted_individuals.csv": _("People who may act in your record, and in whose record you may act."),
        "notifications.csv": _("What organisations wrote to your inbox."),
        "mailings.csv": _("Which messages you want, how often, and when the last one was sent."),
        "news.csv": _("What you are told about by e-mail, as far as it is still kept."),
        "webhooks.csv": _("Which organisations are told when your record changes."),
        "clients.csv": _("Clients of your own for the Public API."),
        "contact_of.csv": _("Organisations whose clients you look after."),
        "operator.csv": _("Since when you are one of those who operate this registry."),
        "imports.csv": _("What you looked up or uploaded to add works, for a day."),
        "import_entries.csv": _("The works found in it, and what became of each."),
        "former_items.csv": _("Items as they were before others changed or removed them, for thirty days."),
        "not_mine.csv": _("What you said is not yours."),
        "changes.csv": _("Who changed what on your record in the last thirty days."),
        "calls.csv": _("Which organisation read or changed what on your record in the last thirty days."),
    }
    files = sorted(held.told for held in HELD.values() if held.told.endswith(".csv"))
    lines = [f"account/{name}\n    {told[name]}\n" if name in told else f"account/{name}\n" for name in files]
    said = _(
        "All data about %(orcid)s at %(site)s\n\n"
        "record.json and record.xml\n    Your record in full, also what only you see, in ORCID's format "
        "3.0.\n\n"
        "activities/\n    Every work, affiliation, funding and so on with all its details, as JSON and "
        "XML.\n",
        orcid=orcid,
        site=site,
    )
    ended = _(
        "Times are UTC. Tables are CSV in UTF-8; a cell that a spreadsheet could take for a formula begins "
        "with an apostrophe. Not included is what is no use to anybody but a thief: hashes of your password, "
        "of keys and of links."
    )
    return f"{said}\n" + "\n".join(lines) + f"\n{ended}\n"
