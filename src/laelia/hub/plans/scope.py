"""Which rows of the ledger a stored plan is of."""

import json
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, select

from laelia.hub import tables
from laelia.hub.push import changing_rows, of_source


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Empty: everything. `source` is a connector, or file, form, api, search-link; `changes` and `deletes`
    are what the brake stops."""

    orcid: str | None = None
    source: str | None = None
    upload: int | None = None
    units: tuple[int, ...] = ()
    changes: bool = False
    deletes: bool = False

    def kept(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    def conditions(self, sources: frozenset[str]) -> list[ColumnElement[bool]]:
        """For the database. What the sources on approval bring is not held by the brake."""
        c, person, row = tables.assertion.c, tables.person.c, tables.upload_row.c
        found: list[ColumnElement[bool]] = []
        if self.orcid is not None:
            found.append(c.orcid == self.orcid)
        if self.source is not None:
            found.append(of_source(self.source))
        if self.upload is not None:
            of_file = select(row.assertion_id).where(
                row.upload_id == self.upload, row.assertion_id.is_not(None)
            )
            found.append(c.id.in_(of_file))
        if self.units:
            members = select(person.orcid).where(
                person.environment_id == c.environment_id, person.orcid.is_not(None),
                person.unit_id.in_(self.units),
            )  # fmt: skip
            found.append(c.orcid.in_(members))
        if self.changes:
            found += changing_rows(sources)
        if self.deletes:
            found += [c.put_code.is_not(None), c.wanted.is_(False)]
        return found


def scope_of(kept: str) -> Scope:
    said = json.loads(kept)
    return Scope(**{**said, "units": tuple(said.get("units", ()))})
