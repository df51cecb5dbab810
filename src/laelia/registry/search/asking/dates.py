"""Moments as queries write them: ISO 8601, a year, a month or a day of it, NOW, and steps from it (Solr's
date maths, as `NOW-7DAYS` or `NOW/MONTH`)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from laelia.registry.search.asking.wrong import Unasked

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z?)?)?)?")
_STEP = re.compile(r"([+-])(\d{1,6})([A-Z]+?)S?(?=[+\-/]|$)|/([A-Z]+?)S?(?=[+\-/]|$)")
_SPANS = {"DAY": timedelta(days=1), "HOUR": timedelta(hours=1), "MINUTE": timedelta(minutes=1),
          "SECOND": timedelta(seconds=1)}  # fmt: skip
_MONTHS = {"YEAR": 12, "MONTH": 1}
_BEGINS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_LEAST = (0, 1, 1, 0, 0, 0)


def moment(text: str, now: int, place: int | None = None) -> int:
    """Milliseconds since 1970 UTC; the first of what a shorter date means."""
    return span(text, now, place)[0]


def span(text: str, now: int, place: int | None = None) -> tuple[int, int]:
    """The first millisecond that is meant and the first after it: a day means all of it."""
    try:
        if text.startswith("NOW"):
            start = _reckoned(text[3:], datetime.fromtimestamp(now / 1000, UTC))
            return _ms(start), _ms(start) + 1
        return _written(text)
    except (ValueError, OverflowError):
        raise Unasked(
            f"{text[:40]} is no date. Dates look like 2026-01-31, 2026-01-31T12:00:00Z or NOW-7DAYS.", place
        ) from None


def _written(text: str) -> tuple[int, int]:
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, fraction = found.groups()
    start = datetime(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0),
                     int(second or 0), int((fraction or "0").ljust(6, "0")), UTC)  # fmt: skip
    if fraction:
        return _ms(start), _ms(start) + 1
    if hour:
        return _ms(start), _ms(start + timedelta(seconds=1))
    if day:
        return _ms(start), _ms(start + timedelta(days=1))
    return _ms(start), _ms(_months(start, 1 if month else 12))


def _reckoned(steps: str, at: datetime) -> datetime:
    done = 0
    while done < len(steps):
        found = _STEP.match(steps, done)
        if found is None:
            raise ValueError(steps)
        sign, number, unit, begin = found.groups()
        at = _beginning(at, begin) if begin else _moved(at, int(sign + number), unit)
        done = found.end()
    return at


def _moved(at: datetime, number: int, unit: str) -> datetime:
    if unit in _MONTHS:
        return _months(at, number * _MONTHS[unit])
    return at + number * _known(_SPANS.get, unit)


def _known(get: Callable[[str], timedelta | None], unit: str) -> timedelta:
    found = get(unit)
    if found is None:
        raise ValueError(unit)
    return found


def _months(at: datetime, number: int) -> datetime:
    """Some months on, on the same day or the last of a shorter month."""
    year, month = divmod(at.year * 12 + at.month - 1 + number, 12)
    day = at.day
    while True:
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            if day <= 28:
                raise
            day -= 1


def _beginning(at: datetime, unit: str) -> datetime:
    kept = _BEGINS.index(unit) + 1
    parts = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    return datetime(*parts[:kept], *_LEAST[kept:], tzinfo=UTC)  # type: ignore[misc, arg-type]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
