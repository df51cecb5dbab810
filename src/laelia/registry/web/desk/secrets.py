"""A client's secrets: a new one, shown on the page that answers and never again, and the end of old ones."""

from laelia.lib.clock import HOUR
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, redirect
from laelia.registry.grants import clients as known
from laelia.registry.grants.client_secrets import MOST, TooMany
from laelia.registry.grants.clients import Client
from laelia.registry.operators import clients
from laelia.registry.operators.audit import By
from laelia.registry.operators.rights import Rights
from laelia.registry.web.desk.client import OVERLAPS, client_page, path_of
from laelia.registry.web.desk.door import either, keeping


@keeping
def add(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/secrets: a new secret, and when the others end."""
    chosen = call.field("overlap")
    hours = next((one for one in OVERLAPS if str(one) == chosen), None)
    if hours is None:
        call.flash(_("Choose when the older secrets end."), "bad")
        return redirect(path_of(client))
    try:
        made = clients.new_secret(call.tx, call.now, by, client, hours * HOUR)
    except TooMany:
        call.flash(
            _("A client has at most %(n)s secrets that are good at once. End one of them first.", n=MOST),
            "bad",
        )
        return redirect(path_of(client))
    return client_page(call, known.find(call.tx, client.client_id) or client, mine, secret=made)


@either
def end(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/secrets/{mark}/end, at once; operators may, when one has leaked."""
    if clients.end_secret(call.tx, call.now, by, client, call.params["mark"]):
        call.flash(_("That secret is no longer good."))
    return redirect(path_of(client))
