"""URIs of iDs and clients. All are made from the configured base, never from a request's Host."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from laelia.model.common import ClientUri, OrcidUri


@dataclass(frozen=True)
class Uris:
    """`base` stands before an iD; codecs write its scheme as their version wants it."""

    base: str

    @property
    def host(self) -> str:
        """The host's name without a port, as documents carry it."""
        return urlsplit(self.base).hostname or ""

    def orcid(self, orcid: str) -> OrcidUri:
        return OrcidUri(uri=f"{self.base}/{orcid}", path=orcid, host=self.host)

    def client(self, client_id: str) -> ClientUri:
        return ClientUri(uri=f"{self.base}/client/{client_id}", path=client_id, host=self.host)
