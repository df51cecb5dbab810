"""Logs: one JSON object per line on stderr. What must never be in one: query, body, Authorization, e-mail."""

import contextlib
import sys
from collections import deque
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog


class _Stderr:
    """Looks up sys.stderr for each line, so that tests that capture it see the lines."""

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = exception = msg


def _stamp(_: Any, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    event["time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    return event


def _dumps(event: Any, default: Any = None) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _stamp,
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        lambda _, __, event: _dumps(event),
    ],
    logger_factory=lambda *_: _Stderr(),
    cache_logger_on_first_use=True,
)


def get_logger(**initial: Any) -> structlog.typing.FilteringBoundLogger:
    """A logger; call it as `log.info("what happened", key=value)` with values that hold no secret."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(**initial)
    return logger


def access(**fields: Any) -> None:
    """The line of one request. It passes by the processors, since it is written for every request."""
    sys.stderr.write(_line(fields))


def _line(fields: dict[str, Any]) -> str:
    fields["time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    return orjson.dumps(fields, default=str).decode() + "\n"


class Lines:
    """Lines of requests that take less time than writing a line does: they wait and are written together.

    Each write lets another thread take Python's lock, and taking it back was a fifth of a kept answer. Who
    owns them calls `flush` every now and then; a process that is killed loses those that wait.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._waiting: deque[str] = deque()

    def access(self, **fields: Any) -> None:
        """As the function of that name, a little later."""
        self._waiting.append(_line(fields))
        if len(self._waiting) >= self._most:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        lines = []
        with contextlib.suppress(IndexError):
            while True:
                lines.append(self._waiting.popleft())
        if lines:
            sys.stderr.write("".join(lines))
