"""A registry whose iDs are orcid.org's, and documents loaded into it."""

from collections.abc import Mapping
from typing import Any

from laelia.lib.http import Response
from laelia.registry.bulk.records.archive import Member
from laelia.registry.bulk.records.load import load
from laelia.registry.bulk.records.report import Report
from registry.bulk.documents import GRACE
from registry.place import Place


class Registry:
    """`told` are the lines of the last load's report."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.told: list[dict[str, Any]] = []

    def load(self, *documents: bytes, **options: Any) -> Report:
        return self.load_named({f"{i}": data for i, data in enumerate(documents)}, **options)

    def load_named(self, documents: Mapping[str, bytes], **options: Any) -> Report:
        self.told = []
        report = Report(self.told.append)
        members = [Member(name, name, data) for name, data in documents.items()]
        load(self.place.service.db, self.place.clock, members, report, **options)
        return report

    def get(
        self, path: str, orcid: str = GRACE, version: str = "3.0", accept: str = "application/json"
    ) -> Response:
        return self.place.http.get(self.place.at(f"/v{version}/{orcid}{path}"), headers={"Accept": accept})

    def record(self, orcid: str = GRACE) -> Any:
        answer = self.get("/record", orcid)
        assert answer.status == 200, answer.text
        return answer.json()

    def put_codes(self, orcid: str = GRACE, kind: str = "works", noun: str = "work") -> list[int]:
        groups = self.get(f"/{kind}", orcid).json()["group"]
        return [one["put-code"] for group in groups for one in group[f"{noun}-summary"]]

    def state(self) -> list[str]:
        """Everything that a load may write, the change log and revisions with it."""
        names = ("record", "name", "biography", "email", "item", "external_id", "change", "counter")
        return [str(tuple(row)) for name in names for row in self.place.rows(name)]
