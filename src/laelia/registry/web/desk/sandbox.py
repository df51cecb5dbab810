"""The form with which anybody registers a client in a sandbox, and which answers at once."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page
from laelia.lib.web.problems import not_found
from laelia.registry.grants import clients as known
from laelia.registry.operators import clients, flood
from laelia.registry.operators.audit import ANYONE, By
from laelia.registry.web.desk.calls import first_calls
from laelia.registry.web.desk.forms import NewInSandbox


def form(call: Call) -> Reply:
    """GET /sandbox/clients."""
    return _form_page(call, _form(call))


def register(call: Call) -> Reply:
    """POST /sandbox/clients: the answer is the only page that ever shows the secret."""
    asked = _form(call)
    if not asked.validate():
        return _form_page(call, asked, 422)
    if wait := flood.charge(call.tx, call.now, call.req.remote_addr or ""):
        minutes = -(-wait // 60_000)
        asked.name.errors = [
            _("Many clients came from your network. Please try again in %(n)s minutes.", n=minutes)
        ]
        reply = _form_page(call, asked, 429)
        reply.headers["Retry-After"] = str(-(-wait // 1000))
        return reply
    made, secret = clients.add(
        call.tx, call.now, By(actor=ANYONE), name=asked.name.data or "", kind=asked.kind.data,
        website=asked.website.data or "", redirect_uris=asked.addresses,
    )  # fmt: skip
    client = known.find(call.tx, made)
    assert client is not None
    first = first_calls(call.service.settings, client, secret)
    return page(call, "clients/registered.html", status=201, client=client, secret=secret, first=first)


def _form(call: Call) -> NewInSandbox:
    if not call.service.settings.sandbox:
        raise not_found(call.req.path)
    asked = NewInSandbox.of(call)
    asked.plain = True
    return asked


def _form_page(call: Call, asked: NewInSandbox, status: int = 200) -> Reply:
    return page(call, "clients/sandbox.html", status=status, form=asked)
