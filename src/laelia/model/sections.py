"""THE TABLE: one line per section of a record. Routes, scopes, OpenAPI, docs and tests are made from it."""

from dataclasses import dataclass

from laelia.model.activities import Work, WorkBulk, WorkGroup, Works, WorkSummary
from laelia.model.language import V2_0, Entity, Version


@dataclass(frozen=True, kw_only=True)
class Section:
    """A kind of item a record holds, and how it is reached."""

    name: str
    """The list: path segment, name of the element in activities, key in code and tables (`works`)."""
    item_path: str
    """The path segment of one item (`work`)."""
    entity: type[Entity]
    summary: type[Entity]
    group: type[Entity]
    container: type[Entity]
    read_scope: str
    """Needed to read what is limited; what implies it will do."""
    create_scopes: tuple[str, ...]
    """Any of them lets a client add."""
    update_scopes: tuple[str, ...]
    """Any of them lets a client change and delete."""
    since: Version = V2_0
    grouped: bool = True
    """Listed in groups that share external ids."""
    bulk: type[Entity] | None = None
    """The envelope of several items in one POST or GET."""

    @property
    def write_scopes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(create, update)"""
        return self.create_scopes, self.update_scopes

    def path(self, orcid: str, put_code: int | None = None) -> str:
        """The `path` of the list or of one item, as documents carry it."""
        return f"/{orcid}/{self.name}" if put_code is None else f"/{orcid}/{self.item_path}/{put_code}"

    def lives_in(self, version: Version) -> bool:
        return self.since.order <= version.order


SECTIONS = (
    Section(
        name="works",
        item_path="work",
        entity=Work,
        summary=WorkSummary,
        group=WorkGroup,
        container=Works,
        read_scope="/orcid-works/read-limited",
        create_scopes=("/orcid-works/create", "/orcid-works/update"),
        update_scopes=("/orcid-works/update",),
        bulk=WorkBulk,
    ),
)

BY_NAME = {section.name: section for section in SECTIONS}
BY_ITEM_PATH = {section.item_path: section for section in SECTIONS}

BULK_LIMIT = 100
"""Items in one bulk request."""
WORKS_LIMIT = 10_000
"""Works on one record (code 9048)."""
