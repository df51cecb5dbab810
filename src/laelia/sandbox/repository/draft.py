"""What an item is: the draft its owner works on, and the body a public version keeps."""

import msgspec

from laelia.lib.i18n import gettext as _
from laelia.sandbox.repository.kinds import DATASET


class Related(msgspec.Struct, omit_defaults=False):
    identifier: str
    title: str = ""
    relation: str = "References"
    identifier_type: str = "URL"
    is_linkout: bool = False


class Funding(msgspec.Struct):
    title: str
    grant_code: str = ""
    funder_name: str = ""
    url: str = ""


class Timeline(msgspec.Struct, rename={"first_online": "firstOnline"}):
    """The dates a depositor may give; the others are the repository's."""

    first_online: str = ""
    publisherPublication: str = ""  # noqa: N815 the names are Figshare's
    publisherAcceptance: str = ""  # noqa: N815


class Draft(msgspec.Struct):
    title: str
    description: str = ""
    type: int = DATASET.id
    licence: int = 1
    categories: list[int] = []
    tags: list[str] = []
    authors: list[int] = []  # ids of the author table, in order
    references: list[str] = []
    related: list[Related] = []
    funding: list[Funding] = []
    timeline: Timeline = msgspec.field(default_factory=Timeline)
    metadata_only: bool = False
    metadata_reason: str = ""
    group_id: int | None = None  # which group's portal shows it; a number is all there is of a group here


class Author(msgspec.Struct):
    id: int
    full_name: str
    first_name: str = ""
    last_name: str = ""
    orcid: str = ""
    has_account: bool = False  # signed in with this iD here; without it the iD was typed by somebody


class File(msgspec.Struct):
    id: int
    name: str
    size: int
    mimetype: str = ""
    supplied_md5: str = ""
    computed_md5: str = ""
    link: str = ""
    status: str = "available"


class Body(msgspec.Struct):
    """One public version, complete in itself."""

    draft: Draft
    authors: list[Author]
    files: list[File]


def lacking(body: Body) -> dict[str, str]:
    """What must be there before an item can be public: the fields Figshare's form marks as required."""
    draft, missing = body.draft, {}
    if not 3 <= len(draft.title.strip()) <= 1000:
        missing["title"] = _("Give a title of 3 to 1000 characters.")
    if not 4 <= len(draft.description.strip()) <= 10000:
        missing["description"] = _("Describe the item in 4 to 10,000 characters.")
    if not body.authors:
        missing["authors"] = _("Name at least one author.")
    if not draft.categories:
        missing["categories"] = _("Choose a category.")
    if not draft.tags:
        missing["keywords"] = _("Give at least one keyword.")
    if not draft.metadata_only and not any(file.status == "available" for file in body.files):
        missing["files"] = _("Add a file, or say that this is a description only.")
    if any(file.status != "available" for file in body.files):
        missing["files"] = _("An upload has not been finished.")
    return missing


def makes_version(old: Body, new: Body) -> bool:
    """Title, authors, licence or files differ: that is a new version; other edits change the same one."""

    def kept(body: Body) -> tuple[object, ...]:
        authors = [(author.full_name, author.orcid) for author in body.authors]
        files = [(file.id, file.link, file.computed_md5) for file in body.files]
        return body.draft.title, body.draft.licence, body.draft.metadata_only, authors, files

    return kept(old) != kept(new)
