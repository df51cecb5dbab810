"""Documents beside the record: the error body, and what is public of a client."""

from typing import Annotated

from laelia.model.language import Entity, el, entity
from laelia.model.problems import Problem


@entity("error", "error")
class Error(Entity, kw_only=True):
    """What an API answers instead of a document."""

    response_code: Annotated[int, el(required=True)] = 0
    developer_message: Annotated[str | None, el(required=True)] = None
    user_message: Annotated[str | None, el()] = None
    error_code: Annotated[int | None, el()] = None
    more_info: Annotated[str | None, el()] = None


@entity("client", "client")
class ClientInformation(Entity, kw_only=True):
    name: Annotated[str | None, el(required=True, max=255)] = None
    description: Annotated[str | None, el(required=True)] = None


def error_of(problem: Problem, pages: str | None = None) -> Error:
    """The error body that tells `problem`; below `pages` every code has a page of its own."""
    return Error(
        response_code=problem.status,
        developer_message=problem.developer_message,
        user_message=problem.user_message,
        error_code=problem.code,
        more_info=f"{pages}/{problem.code}" if pages else None,
    )
