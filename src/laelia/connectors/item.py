"""What a connector makes of a foreign document."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from laelia.model.common import OrcidUri
from laelia.model.work import Work

Why = Literal["no-doi", "no-title", "no-identifier", "hidden", "foreign-doi", "unreadable", "too-much"]


@dataclass(frozen=True)
class Unusable:
    """Why nothing can be made of a document: a code that pages and tables print in words."""

    reason: Why


@dataclass(frozen=True)
class Holder:
    """Someone who carries an iD, under the name the document gives."""

    orcid: str
    name: str


@dataclass(frozen=True)
class Setting:
    """What the mapping has to know of the environment: where iDs live, where links of DOIs lead, and whose
    iDs the organisation has from themselves."""

    id_base: str = "https://orcid.org"
    doi_url: str = "https://doi.org"
    authenticated: frozenset[str] = frozenset()

    def uri(self, orcid: str) -> OrcidUri:
        """An iD of this environment in full."""
        return OrcidUri(uri=f"{self.id_base}/{orcid}", path=orcid, host=urlsplit(self.id_base).hostname)


Item = Work
