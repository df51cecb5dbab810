"""Searching for people (orcid-api §1.8): `search` in every version, `expanded-search` and `csv-search` since
3.0. Only what everybody may see is searched and told, whoever asks."""

from collections.abc import Callable
from hashlib import blake2b

from laelia.codec import found as codec
from laelia.codec.media import DOCUMENTS
from laelia.lib.web.core import Call, Reply
from laelia.model import problems as p
from laelia.model.language import V3_0, Version
from laelia.registry.access import require_scope
from laelia.registry.api import refusals
from laelia.registry.api.cache import unchanged
from laelia.registry.api.limits import limited
from laelia.registry.api.look import PRIVATE, Asked, ask
from laelia.registry.api.operation import Operation, Parameter
from laelia.registry.search.asked import Answer, answer
from laelia.registry.search.asking import Unasked
from laelia.registry.search.reader import Unready

CSV = "text/csv"
ROWS = {True: (1000, 1000), False: (100, 200)}
"""Of 3.0 and of the versions before it: how many people an answer tells of by default, and at most."""
FARTHEST = 10_000
"""Where an answer to nobody in particular may start at most."""
READ = ("/read-public",)

Write = Callable[[Asked, Answer], bytes]


def _results(asked: Asked, told: Answer) -> bytes:
    spelled = [(one, (asked.uris.orcid(one.orcid).uri or "", asked.uris.host or "")) for one in told.people]
    if asked.form.format == "json":
        return codec.search_json(asked.version, told.total, spelled, asked.form.pretty)
    return codec.search_xml(asked.version, told.total, spelled)


def _expanded(asked: Asked, told: Answer) -> bytes:
    if asked.form.format == "json":
        return codec.expanded_json(told.total, told.people, asked.form.pretty)
    return codec.expanded_xml(told.total, told.people)


def _csv(asked: Asked, told: Answer) -> bytes:
    return codec.to_csv(codec.columns(asked.call.arg("fl")), told.people)


def searcher(write: Write, scopes: tuple[str, ...] = ()) -> Callable[[Call], Reply]:
    """The handler that answers in this way. 9012 for a query that can't be read, with the place; 9043 for a
    start too far without a token; 503 while the index is made."""

    def handle(call: Call) -> Reply:
        asked = ask(call)
        if scopes and not asked.view.public:
            require_scope(call.who, scopes)
        start, rows = _start(call), _rows(call, asked.version)
        parameters = {name: values[0] for name, values in call.query().items() if values}
        try:
            told = answer(call.service.search.reader, parameters, start, rows, call.now)
        except Unasked as wrong:
            raise p.BadRequest(f"The search can't be answered: {wrong}") from None
        except Unready:
            raise p.SearchUnready from None
        return _reply(asked, write(asked, told))

    return handle


def _reply(asked: Asked, body: bytes) -> Reply:
    anonymous = asked.call.who.kind == "anonymous"
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    kept = {"Cache-Control": "public, no-cache", "Vary": "Accept, Authorization"} if anonymous else PRIVATE
    headers = {**kept, "ETag": tag}
    if unchanged(asked.call.req.get_header("If-None-Match"), tag):
        return asked.reply(b"", 304, headers)
    return asked.reply(body, 200, headers)


def _rows(call: Call, version: Version) -> int:
    default, most = ROWS[version is V3_0]
    number = _number(call, "rows", default)
    if not 0 <= number <= most:
        raise p.BadRequest(f"rows is a whole number from 0 to {most}.")
    return number


def _start(call: Call) -> int:
    number = _number(call, "start", 0)
    if number < 0:
        raise p.SearchTooFar(start=number, limit=FARTHEST)
    if number > FARTHEST and call.who.kind == "anonymous":
        raise p.SearchTooFar(start=number, limit=FARTHEST)
    return number


def _number(call: Call, name: str, default: int) -> int:
    text = call.arg(name) or str(default)
    plain = text.removeprefix("-")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise p.BadRequest(f"{name} is a whole number, not “{text[:40]}”.")
    return int(text)


_TEXT: dict[str, object] = {"type": "string"}
_QUERY = (
    Parameter("q", "What is looked for, in Lucene's syntax with ORCID's fields; nothing means everybody",
    _TEXT), Parameter("start", "Of how many people found the first is told; 10000 at most without a token",
              {"type": "integer"}),
    Parameter("rows", "How many are told", {"type": "integer"}),
    Parameter("sort", "`score`, `orcid` or a date with `asc` or `desc`", _TEXT),
    Parameter("fq", "Narrows what is found without changing its order", _TEXT),
    Parameter("defType", "`edismax` for words in several fields", {"enum": ["lucene", "edismax", "dismax"]}),
    Parameter("qf", "Those fields, with weights (edismax)", _TEXT),
    Parameter("pf", "Fields in which the whole phrase lifts (edismax)", _TEXT),
    Parameter("mm", "How many words have to be found (edismax)", _TEXT),
)  # fmt: skip
_COLUMNS = Parameter("fl", "Columns, with commas between them", _TEXT)
_PROBLEMS = (*refusals.AT_ALL, p.SearchTooFar, p.SearchUnready)


def _says(schema: dict[str, object]) -> dict[str, dict[str, object]]:
    return {kind: schema if kind.endswith("json") else {} for kind in DOCUMENTS}


OPERATIONS = (
    Operation(
        method="GET", path="/search", handle=limited(searcher(_results, READ)), summary="iDs of people",
        query=_QUERY, says=_says(codec.SEARCH_SCHEMA), problems=(*_PROBLEMS, p.MissingScope), tx="none",
        xml="search", tagged="always",
    ),
    Operation(
        method="GET", path="/expanded-search", handle=limited(searcher(_expanded)), since=V3_0,
        summary="People with names and organisations", query=_QUERY, says=_says(codec.EXPANDED_SCHEMA),
        problems=_PROBLEMS, tx="none", xml="expanded-search", tagged="always",
    ),
    Operation(
        method="GET", path="/csv-search", handle=limited(searcher(_csv)), since=V3_0, offered=(CSV,),
        summary="The same as a table", query=(*_QUERY, _COLUMNS), says={CSV: _TEXT}, problems=_PROBLEMS,
        tx="none", tagged="always",
    ),
)  # fmt: skip
