"""Where the registry calls when a record changes. The call says nothing but its address, which only the
registry knows; what changed is read, a little later."""

from laelia.hub import mirror
from laelia.hub.web.entry import hub
from laelia.lib.clock import SECOND
from laelia.lib.web.core import OPEN, TEXT, Call, Reply, Route


def changed(call: Call) -> Reply:
    """204, or 404 for an address that was never given out or is withdrawn."""
    pause = hub(call).settings.webhook_seconds * SECOND
    known = mirror.hooks.called(call.tx, call.now, call.params["secret"], pause)
    return Reply(204 if known else 404, b"", {"Cache-Control": "no-store"}, TEXT)


routes = [Route("POST", f"{mirror.hooks.PATH}/{{secret}}", changed, OPEN, session=False)]
