"""How single things of a record are put into words: identifiers, dates, kinds and sources."""

from collections.abc import Iterable
from dataclasses import dataclass

from laelia.lib.i18n import gettext as _
from laelia.model.common import ExternalId, FuzzyDate, Source
from laelia.model.identifiers import resolve_url


@dataclass(frozen=True, kw_only=True)
class IdView:
    """One identifier: `label` says what kind it is and, unless it names the thing itself (`own`), how it
    relates."""

    label: str
    value: str
    url: str | None
    own: bool = True


def type_label(value: str) -> str:
    """`data-set` as a person reads it."""
    return _(value.replace("-", " "))


def date_text(date: FuzzyDate | None) -> str:
    parts: Iterable[str | None] = (date.year, date.month, date.day) if date else ()
    return "-".join(part for part in parts if part)


def source_name(source: Source | None, owner: str) -> str:
    """Who put a work there, and for whom when that is somebody else."""
    if source is None or is_own(source, owner):
        return _("the owner of this record")
    name = source.source_name or _uri_path(source) or _("unknown")
    if source.assertion_origin_name and source.assertion_origin_name != source.source_name:
        return _("%(name)s, on behalf of %(other)s", name=name, other=source.assertion_origin_name)
    return name


def _uri_path(source: Source) -> str | None:
    uri = source.source_client_id or source.source_orcid
    return uri.path if uri else None


def is_own(source: Source | None, owner: str) -> bool:
    return source is not None and source.source_orcid is not None and source.source_orcid.path == owner


def id_view(one: ExternalId) -> IdView:
    kind, value = one.type or "", one.value or ""
    label = kind.upper() if len(kind) <= 4 else kind.replace("-", " ").replace("_", " ")
    relations = {
        "part-of": _("part of %(kind)s", kind=label),
        "version-of": _("version of %(kind)s", kind=label),
        "funded-by": _("funded by %(kind)s", kind=label),
    }
    return IdView(
        label=relations.get(one.relationship or "self", label),
        # The normal form is what links and groups; where it differs in case alone, hers is shown.
        value=value if value.lower() == (one.normalized or value).lower() else one.normalized or value,
        url=one.url or resolve_url(kind, value),
        own=one.relationship in (None, "self"),
    )
