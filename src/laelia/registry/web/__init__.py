"""The pages of the registry."""

from laelia.lib.web.core import OPEN, Route
from laelia.registry.web import (
    account,
    claim,
    editing,
    emails,
    errors,
    first_steps,
    inbox,
    new_terms,
    outbox,
    preferences,
    public_record,
    record,
    register,
    search,
    search_and_link,
    sign_in,
    signing,
    sources,
    texts,
    trusted,
)
from laelia.registry.web import help as helping
from laelia.registry.web.adding import routes as adding
from laelia.registry.web.closing import routes as closing
from laelia.registry.web.desk import routes as desk_routes
from laelia.registry.web.door import SIGNED_IN
from laelia.registry.web.institution_routes import routes as institutional
from laelia.registry.web.operator.addresses import routes as operator_routes

# Signing in opens its own transactions: hashing a password takes a while on purpose.
routes = [
    Route("GET", "/", texts.home, OPEN),
    *(Route("GET", f"/{name}", texts.text, OPEN) for name in texts.NAMES),
    *search.routes,
    *helping.routes,
    Route("GET", "/errors", errors.listed, OPEN),
    Route("GET", "/errors/{code}", errors.one, OPEN),
    *register.routes,
    *claim.routes,
    Route("GET", "/signin", signing.sign_in_form, OPEN, tx="none"),
    Route("POST", "/signin", signing.sign_in, OPEN, tx="none"),
    Route("POST", "/signout", signing.sign_out, OPEN),
    Route("GET", "/verify-email/{token}", signing.verify_email, OPEN, tx="write"),
    *sign_in.routes,
    Route("GET", "/my-record", record.mine, SIGNED_IN),
    *first_steps.routes,
    *editing.routes,
    Route("GET", "/my-record/{section}/{put_code}", record.item, SIGNED_IN),
    *adding,
    *sources.routes,
    Route("GET", "/search-and-link", search_and_link.search_and_link, SIGNED_IN),
    # Opening the inbox marks as read what it shows.
    Route("GET", "/inbox", inbox.inbox, SIGNED_IN, tx="write"),
    Route("GET", "/inbox/archived", inbox.archive, SIGNED_IN, tx="write"),
    Route("POST", "/inbox/{number}/grant", inbox.grant, SIGNED_IN),
    Route("POST", "/inbox/{number}/archive", inbox.put_away, SIGNED_IN),
    Route("GET", "/account", account.account, SIGNED_IN),
    *emails.routes,
    *new_terms.routes,
    *preferences.routes,
    Route("GET", "/account/trusted", trusted.listed, SIGNED_IN),
    Route("POST", "/account/trusted/{client_id}/revoke", trusted.revoke, SIGNED_IN),
    Route("POST", "/account/trusted/{client_id}/take-back", trusted.take_back, SIGNED_IN),
    *closing,
    *institutional,
    Route("GET", "/sandbox/outbox", outbox.outbox, OPEN),
    Route("GET", "/sandbox/api/outbox", outbox.outbox_json, OPEN, session=False),
    *desk_routes,
    *operator_routes,
    *public_record.routes,
    Route("GET", "/{orcid}", record.public, OPEN),
]
