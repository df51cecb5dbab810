"""The only writer to records."""

from laelia.hub.push import leaving
from laelia.hub.push.calls import calls_of
from laelia.hub.push.holds import (
    changing,
    changing_rows,
    of_source,
    source_of,
    standing,
    start,
    too_many,
)
from laelia.hub.push.look import look, plan_for
from laelia.hub.push.outcome import Outcome
from laelia.hub.push.picture import Picture, ids_of_item, item_of, picture
from laelia.hub.push.planned import Planned, Step, rows_in, steps_of
from laelia.hub.push.run import WAITING, push
from laelia.hub.push.verdict import Verdict

__all__ = [
    "WAITING",
    "Outcome",
    "Picture",
    "Planned",
    "Step",
    "Verdict",
    "calls_of",
    "changing",
    "changing_rows",
    "ids_of_item",
    "item_of",
    "leaving",
    "look",
    "of_source",
    "picture",
    "plan_for",
    "push",
    "rows_in",
    "source_of",
    "standing",
    "start",
    "steps_of",
    "too_many",
]
