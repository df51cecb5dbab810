"""What every table keeps about people, column by column, and what becomes of it when a record ends.

This is the one list: closing a record, erasing it and the download of one's data are made from it, and a test
holds every table and column against it. A new table needs a line here.

`personal` is what somebody said of herself or is said of her; `hidden` is told to nobody, herself included;
`times` are moments; `plain` is the rest: numbers, states, and what is about organisations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Act = Literal["delete", "blank", "keep"]
DELETE: Final = "delete"
BLANK: Final = "blank"
KEEP: Final = "keep"


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows that bear her iD in the column `by`, and what becomes of them in each case; "blank" writes the
    values of `blank`. `elsewhere`: only those on the records of others."""

    by: str = "orcid"
    deactivation: Act = "delete"
    merge: Act = "delete"
    erasure: Act = "delete"
    blank: Mapping[str, Any] = field(default_factory=dict)
    elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Held:
    """One table. `told` is the file of the download that holds its rows about her, or where else she is told
    of them, or why not; a name that ends in .csv makes that file."""

    personal: str = ""
    times: str = ""
    plain: str = ""
    hidden: str = ""
    rows: tuple[Rows, ...] = ()
    told: str = ""

    @property
    def columns(self) -> set[str]:
        return {*self.personal.split(), *self.times.split(), *self.plain.split(), *self.hidden.split()}


ENDED = Rows()
"""Gone with the record, however that ends."""
LOGGED = "the record's own documents"
_SOURCE = "source_orcid source_client source_name origin_orcid origin_client origin_name"


def _elsewhere(by: str, name: str) -> Rows:
    """Her name as it was written where she is the source of something on the record of another."""
    return Rows(by=by, merge=KEEP, deactivation=BLANK, erasure=BLANK, blank={name: None}, elsewhere=True)


HELD: dict[str, Held] = {
    # ---- the record
    "external_id": Held(
        personal="value normal key", plain="item position orcid section type relationship",
        rows=(ENDED,), told=LOGGED,
    ),
    "item": Held(
        personal=f"summary body review_group apart {_SOURCE}", times="created modified",
        plain="id orcid section put_code visibility display_index loaded",
        rows=(ENDED, _elsewhere("source_orcid", "source_name"), _elsewhere("origin_orcid", "origin_name")),
        told=LOGGED,
    ),
    "former": Held(
        personal=f"summary body review_group apart {_SOURCE}", times="time created modified",
        plain="seq orcid section put_code visibility display_index loaded",
        rows=(ENDED, _elsewhere("source_orcid", "source_name"), _elsewhere("origin_orcid", "origin_name")),
        told="former_items.csv",
    ),
    "not_mine": Held(
        personal="title key", times="time told", plain="orcid section put_code client", rows=(ENDED,),
        told="not_mine.csv",
    ),
    "name": Held(
        personal="given family credit", times="created modified", plain="orcid visibility loaded",
        rows=(ENDED,), told=LOGGED,
    ),
    "biography": Held(
        personal="content", times="created modified", plain="orcid visibility loaded",
        rows=(ENDED,), told=LOGGED,
    ),
    "email": Held(
        personal=f"email folded {_SOURCE}", times="created modified",
        plain="orcid verified is_primary visibility loaded", rows=(ENDED,), told="emails.csv",
    ),
    "email_domain": Held(
        personal="domain", times="verified", plain="orcid visibility", rows=(ENDED,),
        told="email_domains.csv",
    ),
    "record": Held(
        personal="locale default_visibility source_name verified_email verified_primary_email works "
        "takes_requests terms marked steps_hidden",
        times="created modified completed deactivated loaded terms_accepted",
        plain="orcid state primary_orcid claimed revision creation_method creator source_orcid "
        "reviewed",
        rows=(
            # The iD itself stays, as spent, with its state and dates.
            Rows(
                deactivation=BLANK, merge=BLANK, erasure=BLANK,
                blank={
                    "locale": "en", "default_visibility": "private", "source_name": None,
                    "verified_email": False, "verified_primary_email": False, "works": 0,
                    "takes_requests": True, "terms": None, "terms_accepted": None,
                    "marked": False,
                    "reviewed": False, "steps_hidden": False,
                },
            ),
            _elsewhere("source_orcid", "source_name"),
        ),
        told="record.csv",
    ),
    # ---- works that wait for her choice
    "import_list": Held(
        personal="name", times="created ended", plain="number orcid way", rows=(ENDED,), told="imports.csv",
    ),
    "import_entry": Held(
        personal="name body reason",
        plain="list position orcid line problem verdict twin chosen outcome put_code",
        rows=(ENDED,), told="import_entries.csv",
    ),
    # ---- signing in
    "credential": Held(
        times="changed", plain="orcid", hidden="password_hash", rows=(ENDED,), told="credentials.csv",
    ),
    "session": Held(
        personal="subject data methods agent", times="created seen expires arrived", hidden="id_hash",
        rows=(Rows(by="subject"),), told="sessions.csv",
    ),
    "second_factor": Held(
        times="created confirmed", plain="orcid", hidden="secret recovery_key last_step", rows=(ENDED,),
        told="second_factor.csv",
    ),
    "recovery_code": Held(
        times="created used", plain="orcid", hidden="code_hash", rows=(ENDED,), told="recovery_codes.csv",
    ),
    "passkey": Held(
        personal="name", times="created used", plain="id orcid sign_count synced",
        hidden="credential_id user_handle public_key", rows=(ENDED,), told="passkeys.csv",
    ),
    "institution_link": Held(
        personal="subject label", times="linked used", plain="id institution_id kind orcid",
        rows=(ENDED,), told="linked_accounts.csv",
    ),
    "institution_visit": Held(
        times="created expires answered claimed", plain="institution_id onward",
        hidden="id_hash browser sealed ticket_hash",
        told="nothing: sign-ins on their way, sealed and soon forgotten",
    ),
    "email_link": Held(
        personal="orcid email purpose", times="created expires used", hidden="token_hash", rows=(ENDED,),
        told="email_links.csv",
    ),
    "former_email": Held(
        times="closed", plain="orcid", hidden="mark", rows=(ENDED,),
        told="nothing while the record is open: they are made when it is closed",
    ),
    "guess": Held(
        times="last", plain="failures", hidden="key_hash",
        told="nothing that could be told: hashes of names and network addresses, kept for thirty days",
    ),
    # ---- permissions
    "consent": Held(
        personal="scopes until_revoked", times="granted revoked", plain="id orcid client_id reason via",
        rows=(Rows(deactivation=KEEP, merge=KEEP),), told="permissions.csv",
    ),
    "withdrawal": Held(
        personal="scopes whole", times="time", plain="id orcid client_id reason",
        rows=(Rows(deactivation=KEEP, merge=KEEP),), told="withdrawals.csv",
    ),
    "token": Held(
        personal="scopes", times="created expires revoked",
        plain="id client_id orcid obo_client_id until_revoked revoked_reason",
        hidden="access_hash refresh_hash code_hash",
        rows=(Rows(deactivation=KEEP, merge=KEEP),), told="tokens.csv",
    ),
    "code": Held(
        personal="scopes redirect_uri", times="created expires used arrived",
        plain="client_id orcid until_revoked methods", hidden="code_hash nonce challenge", rows=(ENDED,),
        told="codes.csv",
    ),
    "delegate": Held(
        personal="orcid actor", times="since", rows=(ENDED, Rows(by="actor")),
        told="trusted_individuals.csv",
    ),
    # ---- what is told to whom, and who did what
    "notification": Held(
        personal="body actor", times="created sent read actioned archived",
        plain="put_code orcid client_id kind key upto told",
        rows=(
            ENDED,
            # What somebody did in the record of another stays told there, without her name once she is gone.
            Rows(by="actor", deactivation=KEEP, merge=KEEP, erasure=BLANK, blank={"actor": None, "key": None},
                 elsewhere=True),
        ),
        told="notifications.csv",
    ),
    "institution_invitation": Held(
        times="created", plain="orcid client_id put_code", rows=(ENDED,),
        told="the invitation itself, which is in your inbox",
    ),
    "mailing": Held(
        personal="frequency", times="sent", plain="orcid kind", rows=(ENDED,), told="mailings.csv",
    ),
    "news": Held(
        personal="name", times="time", plain="key orcid kind what client section item", rows=(ENDED,),
        told="news.csv",
    ),
    "webhook": Held(
        personal="uri uri_hash", times="created sent failed",
        plain="orcid client_id told failures status",
        # Who is called at each change is told of this one, too.
        rows=(Rows(deactivation=KEEP, merge=KEEP),), told="webhooks.csv",
    ),
    "change": Held(
        personal="actor", times="time", plain="seq txn orcid section item kind client scope undoes",
        rows=(
            Rows(deactivation=KEEP, merge=KEEP),
            Rows(by="actor", deactivation=KEEP, merge=KEEP, erasure=BLANK, blank={"actor": None},
                 elsewhere=True),
        ),
        told="changes.csv",
    ),
    "call_log": Held(
        personal="orcid", times="time", plain="id client_id method path status error_code scope ms",
        # Organisations' calls stay counted; whom they were about is forgotten.
        rows=(Rows(deactivation=KEEP, merge=KEEP, erasure=BLANK, blank={"orcid": None}),),
        told="calls.csv",
    ),
    # Both name her in their texts only: `removal.mentions` finds them.
    "job": Held(
        personal="key payload error", times="created due leased_until dead",
        plain="id kind wanted attempts failures", told="nothing: what is left to do, for moments",
    ),
    "outbox": Held(
        personal="recipient subject text headers", times="sent", plain="id",
        told="the messages themselves, which were sent",
    ),
    "erasure": Held(
        times="erased", plain="orcid receipt hash", hidden="secret_hash",
        told="the receipt, which is given when a record is erased",
    ),
    # ---- clients, and who looks after them
    "client": Held(
        personal="owner_orcid", times="created",
        plain="client_id name description website kind scopes redirect_match start_url start_categories "
        "privacy_url support_url logo_url obo_enabled state member_id implicit proof_key token_exchange "
        "exchange_partners introspection",
        # A client of her own asks nobody for anything after her.
        rows=(Rows(by="owner_orcid", deactivation=BLANK, merge=BLANK, erasure=BLANK,
                   blank={"owner_orcid": None, "state": "deactivated"}),),
        told="clients.csv",
    ),
    "member_contact": Held(times="since", plain="member_id orcid", rows=(ENDED,), told="contact_of.csv"),
    "operator": Held(times="since", plain="orcid", rows=(ENDED,), told="operator.csv"),
    "audit": Held(
        times="time", plain="id actor action subject reason detail",
        told="nothing: what operators did, in lines that nobody can change; people stand there as iDs only",
    ),
    # ---- nothing about people
    "client_secret": Held(times="created ends", plain="client_id", hidden="secret_hash"),
    "redirect_uri": Held(
        plain="client_id uri kind scopes start_url description act_types areas listed"
    ),
    "member": Held(times="created", plain="id name kind website email state"),
    "signing_key": Held(times="created begins hidden", plain="kid public", hidden="sealed"),
    "institution_source": Held(times="loaded tried", plain="id address certificate trusted error"),
    "institution": Held(
        times="created valid_until",
        plain="id protocol issuer names sorted words hidden contact source_id metadata digest client_id "
        "trusted state",
        hidden="sealed_secret",
    ),
    "institution_client": Held(times="created", plain="institution_id client_id scopes"),
    "clock": Held(plain="id offset"),
    "counter": Held(plain="name value"),
    "search_index": Held(plain="identity"),
    "follower": Held(plain="name txn seq"),
    "group_id": Held(
        times="created modified",
        plain="put_code group_id folded name name_folded description type source_client",
    ),
    "identifier_type": Held(times="created", plain="name number label prefix case_sensitive"),
    "organisation": Held(
        times="created modified", plain="id name names ids folded city region country url kinds status",
    ),
    "organisation_id": Held(plain="value source organisation position"),
    "organisation_word": Held(plain="word organisation"),
}  # fmt: skip
