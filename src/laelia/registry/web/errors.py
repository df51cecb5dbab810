"""A page for every code of the error catalogue: what it means and what to do. Error bodies link here."""

from dataclasses import dataclass

from laelia.lib.web.core import Call, Reply, page
from laelia.lib.web.problems import not_found
from laelia.model.problems import CATALOGUE, NORMALIZATION_CODE, Problem


@dataclass(frozen=True)
class Entry:
    """One code as its page shows it; `kinds` are the cases that differ in status or sentence."""

    code: str
    statuses: str
    developer: str
    user: str
    remedy: str
    kinds: tuple[tuple[int, str], ...] = ()


def listed(call: Call) -> Reply:
    """GET /errors."""
    entries = [_entry(problem) for _, problem in sorted(CATALOGUE.items())]
    return page(call, "errors.html", entries=[*entries, _NORMALIZATION])


def one(call: Call) -> Reply:
    """GET /errors/{code}."""
    code = call.params["code"]
    if code == NORMALIZATION_CODE:
        return page(call, "error.html", told=_NORMALIZATION)
    problem = CATALOGUE.get(int(code)) if code.isascii() and code.isdigit() and len(code) < 6 else None
    if problem is None:
        raise not_found(call.req.path)
    return page(call, "error.html", told=_entry(problem))


def _entry(problem: type[Problem]) -> Entry:
    # Kinds of this code only: a class with a code of its own is an entry of its own.
    kinds = [kind for kind in problem.__subclasses__() if "code" not in kind.__dict__]
    statuses = {problem.http, *(kind.http for kind in kinds)} | ({301} if problem.code == 9007 else set())
    return Entry(
        str(problem.code),
        ", ".join(str(status) for status in sorted(statuses)),
        problem.developer,
        problem.user,
        problem.remedy,
        tuple((kind.http, kind.developer) for kind in kinds if kind.developer != problem.developer),
    )


_NORMALIZATION = Entry(
    NORMALIZATION_CODE,
    "200",
    "Stands inside an external identifier, as external-id-normalized-error: the value is kept as it was sent "
    "and could not be brought into the usual form of its type.",
    "An identifier does not look like others of its kind.",
    "Check the value: items are compared and grouped by the usual form, and without one by the bare text.",
)
