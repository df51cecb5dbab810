"""Python text under construction: what the four generators of this package have in common."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

_serial = count()


class Source:
    """Lines of Python, the objects they name, and fresh names for variables."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self._bound: dict[int, str] = {}
        self._depth = 0
        self._fresh = count()

    def line(self, text: str) -> None:
        self.lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        self.line(opening)
        self._depth += 1
        yield
        self._depth -= 1

    def fresh(self, stem: str = "v") -> str:
        return f"{stem}{next(self._fresh)}"

    def bind(self, value: Any, stem: str = "k") -> str:
        """The name under which the generated code knows `value`."""
        name = self._bound.get(id(value))
        if name is None:
            name = self._bound[id(value)] = self.fresh(f"{stem}_")
            self.names[name] = value
        return name

    def build(self, function: str) -> Callable[..., Any]:
        """Compiles the text; tracebacks show it like any other file."""
        text = "\n".join(self.lines) + "\n"
        place = f"<laelia.codec {function} {next(_serial)}>"
        linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
        scope = dict(self.names)
        exec(compile(text, place, "exec"), scope)  # noqa: S102 - made from our own declarations, never from input
        built: Callable[..., Any] = scope[function]
        return built
