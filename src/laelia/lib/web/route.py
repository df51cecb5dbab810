"""One line of a service's table of addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

OPEN = "open"

Tx = Literal["auto", "read", "write", "none", "off"]


@dataclass(frozen=True)
class Route:
    """An address, who may use it, and what answers. Without an access it is refused at start.

    `path` is a Falcon template (`/v3.0/{orcid}/works`, `/{prefix}/{suffix:path}`). With tx "auto" GET reads
    and other methods write; "none" leaves transactions to the handler, because it calls other services in
    between or seldom writes; "off" asks the database nothing, not even who calls: for what answers while it
    is away. `session` says whether cookies are read here; None leaves it to `Hooks.has_session`.
    """

    method: str
    path: str
    handle: Callable[..., Any]
    access: Any = None
    tx: Tx = "auto"
    name: str | None = None
    max_body: int | None = None
    session: bool | None = None

    @property
    def mode(self) -> Literal["read", "write", "none", "off"]:
        if self.tx == "auto":
            return "read" if self.method == "GET" else "write"
        return self.tx


def check(routes: list[Route]) -> None:
    """Every door states its lock, and no two are the same."""
    seen: set[tuple[str, str]] = set()
    for route in routes:
        if route.access is None:
            raise ValueError(f"{route.method} {route.path} states no access: name its scope or say OPEN")
        if (route.method, route.path) in seen:
            raise ValueError(f"{route.method} {route.path} is routed twice")
        seen.add((route.method, route.path))
