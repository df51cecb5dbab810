"""Dates as queries write them: a year, a day … a millisecond, or arithmetic on `now`."""

import re
from datetime import UTC, datetime, timedelta, timezone

_DATE = re.compile(
    r"^(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?)?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?$"
)
_NOW = re.compile(r"^now((?:[+-]\d{1,6}[yMwdhHms])*)$")
_STEP = {"y": 365 * 86400, "M": 30 * 86400, "w": 604800, "d": 86400, "h": 3600, "H": 3600, "m": 60, "s": 1}
_LENGTH = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}


def milliseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def interval(text: str, now: int) -> tuple[int, int]:
    """The first and last millisecond a date takes in; without a zone it is UTC. Raises ValueError."""
    if found := _NOW.match(text):
        steps = re.findall(r"([+-]\d+)([yMwdhHms])", found[1])
        moment = now + sum(int(number) * _STEP[unit] * 1000 for number, unit in steps)
        return moment, moment
    if re.fullmatch(r"\d{11,14}", text):
        return int(text), int(text)
    parts = _DATE.match(text)
    if parts is None:
        raise ValueError(f"failed to parse date field [{text}]")
    numbers = {name: int(parts[name]) for name in ("month", "day", "hour", "minute", "second") if parts[name]}
    start = datetime(
        int(parts["year"]), numbers.pop("month", 1), numbers.pop("day", 1), tzinfo=_zone(parts["zone"])
    )
    start += timedelta(**{f"{name}s": value for name, value in numbers.items()})
    if parts["fraction"]:
        first = milliseconds(start) + int(f"{parts['fraction']:0<3}"[:3])
        return first, first
    return milliseconds(start), milliseconds(_end(start, parts)) - 1


def _end(start: datetime, parts: re.Match[str]) -> datetime:
    if not parts["month"]:
        return start.replace(year=start.year + 1)
    if not parts["day"]:
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    for finer, unit in (("hour", "day"), ("minute", "hour"), ("second", "minute")):
        if not parts[finer]:
            return start + _LENGTH[unit]
    return start + timedelta(seconds=1)


def _zone(text: str | None) -> timezone:
    if text in (None, "Z"):
        return UTC
    assert text is not None
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def iso(ms: int | None) -> str | None:
    """As the API writes times, with milliseconds: 2026-11-21T00:53:29.123Z."""
    if ms is None:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
