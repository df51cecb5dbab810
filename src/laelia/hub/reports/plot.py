"""Plots as SVG that stands in a page: no script, no style of its own (colours are classes of hub.css, so that
it is read by day and by night), a title and a description for who can't see it, and numbers on each bar. The
table beside it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from laelia.lib.i18n import gettext as _

WIDE, TOP, LEFT, RIGHT, HIGH = 640, 44, 52, 12, 190
LINE = 30  # height of a bar that lies, with the space around it
NAMES = 190  # width for the names of bars that lie


@dataclass(frozen=True)
class Series:
    name: str
    values: Sequence[int]
    colour: int = 0  # of hub.css: .c0, .c1 …


@dataclass(frozen=True)
class Plot:
    """`columns` stand beside each other over each label, a `line` goes from label to label, `bars` lie and
    are stacked."""

    name: str  # for ids; once in a page
    kind: Literal["columns", "line", "bars"]
    title: str
    labels: Sequence[str]
    series: Sequence[Series]

    @property
    def empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)


def svg(plot: Plot) -> Markup:
    """The plot as an element for HTML."""
    body, high = _BODIES[plot.kind](plot)
    title, said = f"{plot.name}-title", f"{plot.name}-said"
    return Markup(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-labelledby="{} {}">'
        '<title id="{}">{}</title><desc id="{}">{}</desc>{}{}</svg>'
    ).format(WIDE, high, title, said, title, plot.title, said, _described(plot), _legend(plot), body)


def _described(plot: Plot) -> str:
    """In words: from where to where, and the most of each series."""
    if not plot.labels or plot.empty:
        return _("Nothing yet.")
    parts = [_("From %(first)s to %(last)s.", first=plot.labels[0], last=plot.labels[-1])]
    for one in plot.series:
        most = max(one.values)
        at = plot.labels[list(one.values).index(most)]
        parts.append(_("%(name)s: at most %(n)s (%(label)s).", name=one.name, n=most, label=at))
    return " ".join(parts)


def _legend(plot: Plot) -> Markup:
    if len(plot.series) == 1:
        return Markup()  # the title says it
    at, found = LEFT if plot.kind != "bars" else 0, Markup()
    for one in plot.series:
        found += Markup(
            '<rect class="c{}" x="{}" y="8" width="13" height="13" rx="3"/><text x="{}" y="19">{}</text>'
        ).format(one.colour, at, at + 19, one.name)
        at += 19 + 8 * len(one.name) + 22
    return found


def _columns(plot: Plot) -> tuple[Markup, int]:
    most = _round(max((v for one in plot.series for v in one.values), default=0))
    slot = (WIDE - LEFT - RIGHT) / max(len(plot.labels), 1)
    wide = min(slot * 0.82 / max(len(plot.series), 1), 34)
    body = _grid(most)
    for n, label in enumerate(plot.labels):
        start = LEFT + n * slot + (slot - wide * len(plot.series)) / 2
        for m, one in enumerate(plot.series):
            high = HIGH * one.values[n] / most
            body += _bar(
                one.colour, start + m * wide, TOP + HIGH - high, wide - 1, high,
                f"{label}, {one.name}: {one.values[n]}",
            )  # fmt: skip
    return body + _under(plot.labels, slot), TOP + HIGH + 34


def _line(plot: Plot) -> tuple[Markup, int]:
    most = _round(max((v for one in plot.series for v in one.values), default=0))
    slot = (WIDE - LEFT - RIGHT) / max(len(plot.labels), 1)
    body = _grid(most)
    for one in plot.series:
        points = [
            (LEFT + (n + 0.5) * slot, TOP + HIGH - HIGH * value / most) for n, value in enumerate(one.values)
        ]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        body += Markup('<polyline class="l{}" points="{}"/>').format(one.colour, drawn)
        for (x, y), label, value in zip(points, plot.labels, one.values, strict=True):
            body += Markup(
                '<circle class="c{}" cx="{:.1f}" cy="{:.1f}" r="4"><title>{}</title></circle>'
            ).format(one.colour, x, y, f"{label}, {one.name}: {value}")
    return body + _under(plot.labels, slot), TOP + HIGH + 34


def _bars(plot: Plot) -> tuple[Markup, int]:
    """Long names are cut; the whole one is in the bar's own title, and in the table."""
    totals = [sum(one.values[n] for one in plot.series) for n in range(len(plot.labels))]
    most, body = max([*totals, 1]), Markup()
    for n, label in enumerate(plot.labels):
        y, x = TOP + n * LINE, float(NAMES)
        short = label if len(label) <= 24 else f"{label[:23]}…"
        body += Markup('<text class="end" x="{}" y="{}">{}</text>').format(NAMES - 8, y + 16, short)
        for one in plot.series:
            wide = (WIDE - NAMES - 56) * one.values[n] / most
            if wide:
                body += _bar(one.colour, x, y, wide, LINE - 8, f"{label}, {one.name}: {one.values[n]}")
            x += wide
        body += Markup('<text x="{:.1f}" y="{}">{}</text>').format(x + 6, y + 16, totals[n])
    return body, TOP + len(plot.labels) * LINE + 4


def _bar(colour: int, x: float, y: float, wide: float, high: float, said: str) -> Markup:
    return Markup(
        '<rect class="c{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
    ).format(colour, x, y, wide, high, said)


def _grid(most: int) -> Markup:
    found = Markup()
    for value in sorted({0, most // 2, most}):
        y = TOP + HIGH - HIGH * value / most
        found += Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
            '<text class="end" x="{}" y="{:.1f}">{}</text>'
        ).format(LEFT, WIDE - RIGHT, y, y, LEFT - 8, y + 5, value)
    return found


def _under(labels: Sequence[str], slot: float) -> Markup:
    """As many labels as there is room for, the last one always."""
    step = -(-64 // int(max(slot, 1))) if slot < 64 else 1
    found = Markup()
    for n, label in enumerate(labels):
        if (len(labels) - 1 - n) % step == 0:
            found += Markup('<text class="mid" x="{:.1f}" y="{}">{}</text>').format(
                LEFT + (n + 0.5) * slot, TOP + HIGH + 22, escape(label)
            )
    return found


def _round(most: int) -> int:
    """An even number at or above the highest value, that is easily read."""
    step = 2
    while step * 5 < most:
        step *= 5 if str(step)[0] == "2" else 2
    return max(-(-most // step) * step, 2)


_BODIES = {"columns": _columns, "line": _line, "bars": _bars}
