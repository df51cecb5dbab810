"""One thing the API does. Its routes in every version and under every name of an API, its preflight and its
description in OpenAPI are made of one line each (`table`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from laelia.codec.media import DOCUMENTS
from laelia.lib.database import Refusal
from laelia.lib.web.core import OPEN, Call, Reply, Route
from laelia.lib.web.route import Tx
from laelia.model.language import V2_0, VERSIONS, Entity, Version
from laelia.model.problems import Problem
from laelia.model.sections import Section
from laelia.registry.edge import PREFLIGHT, Door

Handler = Callable[[Call], Reply | Refusal]
Tagged = Literal["never", "openly", "always"]

PREFIXES: tuple[tuple[str, str | None], ...] = (("", None), ("/pub", "public"), ("/api", "member"))
"""What stands before the version, and the API it names; none: Host or token decide."""
BOTH = ("public", "member")
MEMBER = ("member",)


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query, with its JSON Schema."""

    name: str
    about: str
    schema: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`path` is what follows the version. `problems` are what it may refuse with, beside what every path may
    (`refusals.EVERYWHERE`)."""

    method: str
    path: str
    handle: Handler
    summary: str
    scopes: tuple[str, ...] = ()
    """Any of them lets a client through; none: open, and what is shown is decided item by item."""
    section: Section | None = None
    since: Version = V2_0
    until: Version | None = None
    apis: Sequence[str] = BOTH
    takes: type[Entity] | None = None
    gives: type[Entity] | None = None
    or_gives: type[Entity] | None = None
    """What another question is answered with, or with an empty one that says there is none."""
    status: int = 200
    offered: tuple[str, ...] = DOCUMENTS
    tx: Tx = "auto"
    offered_publicly: tuple[str, ...] = ()
    """What only the Public API answers in beside."""
    query: tuple[Parameter, ...] = ()
    problems: tuple[type[Problem], ...] = ()
    tag: str = ""
    """Under what it is described, where that is neither its section nor the first word of its path."""
    sees: tuple[str, ...] = ()
    """The scopes with which a member reads what is limited, beside what is public."""
    says: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """What is answered where it is no entity: media type → schema. Other types carry what it `gives`."""
    xml: str = ""
    """The namespace of the XML that is answered where that is no entity."""
    fails: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """What 500 may carry beside an error: media type → schema."""
    tagged: Tagged = "never"
    """Which answers bear an ETag, so that 304 can tell that nothing changed: `openly` is what anybody reads,
    which is kept rendered."""
    token: bool = True
    """The Member API asks for a token even where no scope is needed."""

    def lives_in(self, version: Version) -> bool:
        gone = self.until is not None and version.order > self.until.order
        return self.since.order <= version.order and not gone


def routes(table: Sequence[Operation]) -> Iterator[Route]:
    """Every operation of the table in every version and under every name, and a preflight for each path: also
    where only the Member API has it, so that the Public API says 405 there and not 404."""
    for prefix, api in PREFIXES:
        for version in VERSIONS.values():
            here = [one for one in table if one.lives_in(version)]
            for one in here:
                if api is not None and api not in one.apis:
                    continue
                alone = one.apis == MEMBER
                types = (one.offered, one.offered_publicly)
                door = Door(version, api, one.scopes, one.section, *types, member_only=alone)
                yield Route(one.method, f"{prefix}/v{version}{one.path}", one.handle, door, one.tx)
            for path in dict.fromkeys(one.path for one in here):
                yield Route("OPTIONS", f"{prefix}/v{version}{path}", _allow, OPEN, tx="none", session=False)


def _allow(call: Call) -> Reply:
    """A browser asks before it sends a token from another site's page (CORS)."""
    return Reply(204, b"", dict(PREFLIGHT))
