"""Who a provider says somebody is, whatever protocol said it."""

from dataclasses import dataclass
from typing import Any

from laelia.client.oidc import Refused, plain

__all__ = ["Guest", "Refused", "plain"]


@dataclass(frozen=True, kw_only=True)
class Guest:
    """`subjects` are the identifiers that stay the same from visit to visit, as (kind, value), the best one
    first; names and address serve to fill in a form, and prove nothing."""

    institution_id: int
    subjects: tuple[tuple[str, str], ...]
    label: str = ""
    given: str = ""
    family: str = ""
    email: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "institution_id": self.institution_id,
            "subjects": [list(pair) for pair in self.subjects],
            "label": self.label,
            "given": self.given,
            "family": self.family,
            "email": self.email,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Guest":
        return cls(**{**told, "subjects": tuple((kind, value) for kind, value in told["subjects"])})
