"""Pages about one's own data: close the record, come back, merge a duplicate, download everything; trusted
individuals, acting for somebody, and the record's history."""

from laelia.lib.web.core import OPEN, Route
from laelia.registry.web.closing import acting, data, duplicate, ending, history, individuals, reactivation
from laelia.registry.web.door import SIGNED_IN

# Where a password is looked at, the handler opens its transactions itself: that takes a while on purpose.
routes = [
    Route("GET", "/account/close", ending.ask_form, SIGNED_IN),
    Route("POST", "/account/close", ending.ask, SIGNED_IN),
    Route("GET", "/account/close/{token}", ending.confirm_form, SIGNED_IN, tx="none"),
    Route("POST", "/account/close/{token}", ending.confirm, SIGNED_IN, tx="none"),
    Route("GET", "/receipts/{secret}", ending.receipt, OPEN),
    Route("GET", "/reactivate", reactivation.ask_form, OPEN),
    Route("POST", "/reactivate", reactivation.ask, OPEN),
    Route("GET", "/reactivate/{token}", reactivation.open_form, OPEN, tx="none"),
    Route("POST", "/reactivate/{token}", reactivation.open_again, OPEN, tx="none"),
    Route("GET", "/account/duplicate", duplicate.ask_form, SIGNED_IN),
    Route("POST", "/account/duplicate", duplicate.ask, SIGNED_IN, tx="none"),
    Route("GET", "/account/duplicate/review", duplicate.review, SIGNED_IN),
    Route("POST", "/account/duplicate/review", duplicate.confirm, SIGNED_IN),
    Route("GET", "/account/data", data.ask_form, SIGNED_IN),
    Route("POST", "/account/data", data.download, SIGNED_IN, tx="none"),
    Route("GET", "/account/individuals", individuals.listed, SIGNED_IN),
    Route("POST", "/account/individuals", individuals.find, SIGNED_IN),
    Route("POST", "/account/individuals/add", individuals.add, SIGNED_IN, tx="none"),
    Route("POST", "/account/individuals/remove", individuals.remove, SIGNED_IN),
    Route("POST", "/account/individuals/give-up", individuals.give_up, SIGNED_IN),
    Route("POST", "/acting", acting.start, SIGNED_IN),
    Route("POST", "/acting/stop", acting.stop, SIGNED_IN),
    Route("GET", "/my-record/history", history.shown, SIGNED_IN),
]
