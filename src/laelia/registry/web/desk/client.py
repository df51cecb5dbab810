"""One client: what it is, what it may, what it did; changed by who looks after it and by operators."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.grants import addresses, scopes
from laelia.registry.grants.clients import Client
from laelia.registry.operators import audit, clients, members, usage
from laelia.registry.operators.audit import By, Filter
from laelia.registry.operators.rights import Rights
from laelia.registry.record import marks
from laelia.registry.record.words import things
from laelia.registry.web.desk.calls import first_calls
from laelia.registry.web.desk.door import either, keeping, operating
from laelia.registry.web.desk.forms import About, Own, WithAddresses, kind_words

MARKS = 100
"""The latest of what people said is not theirs."""
OVERLAPS = (0, 1, 24, 7 * 24, 30 * 24)
"""Hours that older secrets may stay good beside a new one."""


def overlap_words() -> list[tuple[int, str]]:
    said = (_("at once"), _("in an hour"), _("in a day"), _("in seven days"), _("in thirty days"))
    return list(zip(OVERLAPS, said, strict=True))


def path_of(client: Client) -> str:
    return f"/clients/{client.client_id}"


@either
def shown(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """GET /clients/{client_id}."""
    return client_page(call, client, mine)


def client_page(
    call: Call, client: Client, mine: Rights, *, secret: str | None = None, status: int = 200
) -> Reply:
    """A client's page; `secret` is a new one, and this the only page that ever shows it."""
    assert secret is None or mine.keeps, "operators are shown no secret"
    member = members.get(call.tx, client.member_id) if client.member_id is not None else None
    return page(
        call,
        "clients/client.html",
        status=status,
        client=client,
        mine=mine,
        member=member,
        secret=secret,
        secrets=[one for one in client.secrets if one.ends is None or one.ends > call.now - 86_400_000 * 30],
        now=call.now,
        overlaps=overlap_words(),
        addresses=addresses.of(call.tx, client.client_id),
        starts=addresses.STARTS,
        kinds=kind_words(),
        first=first_calls(call.service.settings, client, secret),
        usage=usage.of_client(call.tx, call.now, client.client_id),
        marks=[(one, things(one.section, 1)) for one in marks.of_client(call.tx, client.client_id, MARKS)],
        home=home_of(call, client, mine),
        members=[one for one, _n in members.everyone(call.tx)] if mine.operates else [],
        all_scopes=sorted(scopes.KNOWN) if mine.operates else [],
        lines=audit.lines(call.tx, Filter(about=client.client_id), limit=20) if mine.operates else [],
    )


def home_of(call: Call, client: Client, mine: Rights) -> tuple[str, str]:
    """Where the page hangs: address and words."""
    if not mine.keeps:
        return "/operator/clients", _("Clients")
    if client.member_id is not None:
        return f"/member-tools/{client.member_id}", members.get(call.tx, client.member_id).name
    return "/account", _("Account")


@keeping
def edit_form(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """GET /clients/{client_id}/edit."""
    if client.owner_orcid is not None:
        return _form_page(call, client, Own.of(call, obj=client, uris="\n".join(client.redirect_uris)))
    return _form_page(call, client, About.of(call, obj=client))


@keeping
def edit(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/edit."""
    form = (Own if client.owner_orcid is not None else About).of(call)
    if isinstance(form, WithAddresses):
        form.plain = call.service.settings.sandbox
    if not form.validate():
        return _form_page(call, client, form, 422)
    texts = ("name", "website", "description", "privacy_url", "support_url", "logo_url")
    said = {name: form[name].data or "" for name in texts if name in form}
    said |= {name: said[name] or None for name in ("privacy_url", "support_url", "logo_url") if name in said}
    clients.change(call.tx, call.now, by, client, **said)
    if isinstance(form, WithAddresses):
        clients.set_addresses(call.tx, call.now, by, client, form.addresses)
    call.flash(_("The changes are saved."))
    return redirect(path_of(client))


def _form_page(call: Call, client: Client, form: About | Own, status: int = 200) -> Reply:
    return page(call, "clients/edit.html", status=status, form=form, client=client, here=path_of(client))


@either
def set_state(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/state: deactivate and reactivate by who looks after it; operators may do
    that too, and lock it so that only they can open it again."""
    what = call.field("what")
    allowed = tuple(clients.STATES) if mine.operates else ("deactivate", "reactivate")
    if what not in allowed:
        call.flash(_("That can't be done with this client."), "bad")
    elif what == "lock" and not by.reason:
        call.flash(_("Write why the client is locked."), "bad")
    elif clients.set_state(call.tx, call.now, by, client, what):
        call.flash(_("The client's state has changed."))
    else:
        call.flash(_("The client is not in the state for that."), "warn")
    return redirect(path_of(client))


@operating
def set_rights(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/rights: what it may ask for, and how."""
    asked = frozenset(call.form().get("scopes", [])) & scopes.KNOWN
    match = call.field("redirect_match")
    clients.change(
        call.tx, call.now, by, client, scopes=asked, obo_enabled=call.field("obo_enabled") == "yes",
        redirect_match=match if match in ("exact", "prefix") else client.redirect_match,
    )  # fmt: skip
    call.flash(_("The changes are saved."))
    return redirect(path_of(client))


@operating
def move(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/move: give it to a member."""
    member = members.by_name(call.tx, call.field("member"))
    if member is None:
        call.flash(_("There is no such member."), "bad")
    else:
        clients.move(call.tx, call.now, by, client, member)
        call.flash(_("The client now belongs to %(name)s.", name=member.name))
    return redirect(path_of(client))
