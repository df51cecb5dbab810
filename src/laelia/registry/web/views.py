"""A record as its page shows it: plain values for the template, made from the model's works."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from laelia.lib.i18n import gettext as _
from laelia.model.common import ExternalId, FuzzyDate, Source
from laelia.model.identifiers import resolve_url
from laelia.model.work import Contributor, Work

# More names than this help nobody to recognise a work.
NAMES = 12


@dataclass(frozen=True, kw_only=True)
class IdView:
    """One identifier: `label` says what kind it is and, unless it names the work itself, how it relates."""

    label: str
    value: str
    url: str | None


@dataclass(frozen=True, kw_only=True)
class WorkView:
    put_code: int
    section: str = "works"
    title: str
    subtitle: str
    translated_title: str
    type: str
    container: str
    date: str
    url: str | None
    contributors: list[str]
    more_contributors: int
    ids: list[IdView]
    source: str
    own: bool
    visibility: str
    created: int
    modified: int | None


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """Works that share an identifier: the preferred one is shown, the others fold away behind it."""

    shown: WorkView
    others: list[WorkView] = field(default_factory=list)
    ids: list[IdView] = field(default_factory=list)

    @property
    def other_sources(self) -> str:
        return ", ".join(dict.fromkeys(work.source for work in self.others))


def group(works: Sequence[Work], owner: str) -> GroupView:
    """The view of one group, the preferred work first, with the identifiers that any of them carries of
    the work itself, and what the shown one is part or a version of."""
    views = [work_view(work, owner) for work in works]
    own = [id_view(one) for work in works for one in work.external_ids if one.relationship in (None, "self")]
    ids = {(one.label, one.value.lower()): one for one in (*own, *views[0].ids)}
    return GroupView(shown=views[0], others=views[1:], ids=list(ids.values()))


def work_view(work: Work, owner: str) -> WorkView:
    """One work; `owner` is the iD of the record it stands on."""
    title = work.title
    names = [name for name in map(_name, work.contributors) if name]
    own_addresses = {one.url for one in work.external_ids}
    created, modified = work.created_date or 0, work.last_modified_date or 0
    return WorkView(
        put_code=work.put_code or 0,
        title=(title.title if title else None) or _("Untitled"),
        subtitle=(title.subtitle if title else None) or "",
        translated_title=(title.translated_title.value if title and title.translated_title else None) or "",
        type=type_label(work.type or "other"),
        container=work.journal_title or "",
        date=date_text(work.publication_date),
        url=work.url if work.url not in own_addresses and not _says_the_same(work) else None,
        contributors=names[:NAMES],
        more_contributors=max(0, len(names) - NAMES),
        ids=[id_view(one) for one in work.external_ids],
        source=source_name(work.source, owner),
        own=_is_own(work.source, owner),
        visibility=work.visibility or "public",
        created=created,
        # A change within a minute of adding is part of adding.
        modified=modified if modified - created > 60_000 else None,
    )


def type_label(value: str) -> str:
    """`data-set` as a person reads it."""
    return _(value.replace("-", " "))


def date_text(date: FuzzyDate | None) -> str:
    parts: Iterable[str | None] = (date.year, date.month, date.day) if date else ()
    return "-".join(part for part in parts if part)


def source_name(source: Source | None, owner: str) -> str:
    """Who put a work there, and for whom when that is somebody else."""
    if source is None or _is_own(source, owner):
        return _("the owner of this record")
    name = source.source_name or _uri_path(source) or _("unknown")
    if source.assertion_origin_name and source.assertion_origin_name != source.source_name:
        return _("%(name)s, on behalf of %(other)s", name=name, other=source.assertion_origin_name)
    return name


def _uri_path(source: Source) -> str | None:
    uri = source.source_client_id or source.source_orcid
    return uri.path if uri else None


def _is_own(source: Source | None, owner: str) -> bool:
    return source is not None and source.source_orcid is not None and source.source_orcid.path == owner


def _name(contributor: Contributor) -> str:
    return contributor.credit_name or (contributor.orcid.path if contributor.orcid else None) or ""


def _says_the_same(work: Work) -> bool:
    """Whether the work's link only repeats one of its identifiers."""
    return any(one.value and work.url and one.value.lower() in work.url.lower() for one in work.external_ids)


def id_view(one: ExternalId) -> IdView:
    kind, value = one.type or "", one.value or ""
    label = kind.upper() if len(kind) <= 4 else kind.replace("-", " ")
    relations = {
        "part-of": _("part of %(kind)s", kind=label),
        "version-of": _("version of %(kind)s", kind=label),
        "funded-by": _("funded by %(kind)s", kind=label),
    }
    return IdView(
        label=relations.get(one.relationship or "self", label),
        value=one.normalized or value,
        url=one.url or resolve_url(kind, value),
    )
