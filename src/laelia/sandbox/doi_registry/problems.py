"""The errors of the REST API, in the forms DataCite gives them."""

from collections.abc import Iterable, Mapping
from typing import Any

from laelia.sandbox.doi_registry.metadata.attributes import Fault

NOT_FOUND = "The resource you are looking for doesn't exist."
FORBIDDEN = "You are not authorized to access this resource."
BAD_CREDENTIALS = "Bad credentials."
NO_PAYLOAD = "You need to provide a payload following the JSONAPI spec"
TAKEN = "This DOI has already been taken"


class Problem(Exception):
    """A refusal with its status; `errors` is the value of the body's only key."""

    def __init__(self, status: int, errors: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, errors)
        self.status = status
        self.errors = errors
        self.headers = dict(headers or {})


def problem(status: int, title: str, headers: Mapping[str, str] | None = None) -> Problem:
    """One error without an attribute to blame: 400, 401, 403, 404, 405 …"""
    return Problem(status, [{"status": str(status), "title": title}], headers)


def unprocessable(doi: str | None, faults: Iterable[Fault]) -> Problem:
    """422 with one error for each fault; the DOI stands in the sentence and as `uid` where it is known."""
    return Problem(422, [_error(doi, fault) for fault in faults])


def fault_list(doi: str | None, faults: Iterable[Fault]) -> list[dict[str, str]]:
    return [_error(doi, fault) for fault in faults]


def _error(doi: str | None, fault: Fault) -> dict[str, str]:
    if doi is None:
        return {"source": fault.source, "title": fault.title}
    title = fault.title if fault.title == TAKEN else f"DOI {doi}: {fault.title}"
    return {"source": fault.source, "title": title, "uid": doi}


def bad_query(title: str) -> Problem:
    """A query that can't be read: DataCite answers it with an object instead of a list."""
    return Problem(400, {"title": title})
