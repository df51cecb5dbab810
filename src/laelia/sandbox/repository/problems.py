"""What the API answers when it can't do what was asked, in Figshare's form: message, code and data."""

from typing import Any


class Problem(Exception):
    """Raised anywhere below the edge; `message` is for the reader, `data` names the fields it is about."""

    status = 400
    code = "BadRequest"

    def __init__(self, message: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data

    def body(self) -> dict[str, Any]:
        return {"message": self.message, "code": self.code, "data": self.data}


class BadRequest(Problem):
    """JSON that can't be read, an unknown id in the body, an unknown sort order."""


class NoToken(Problem):
    status = 401
    code = "Unauthorized"


class NotAllowed(Problem):
    status = 403
    code = "Forbidden"


class NotFound(Problem):
    """Also for what the caller may not read: Figshare does not tell the two apart."""

    status = 404
    code = "EntityNotFound"


class Conflict(Problem):
    status = 409
    code = "Conflict"


class TooLarge(Problem):
    status = 413
    code = "PayloadTooLarge"


class Invalid(Problem):
    """A field is missing or wrong: `data` maps each field to what was expected."""

    status = 422
    code = "ValidationError"

    def __init__(self, fields: dict[str, str]) -> None:
        message = " ".join(f"{field}: {sentence}" for field, sentence in fields.items())
        super().__init__(message, {"fields": fields})
        self.fields = fields
