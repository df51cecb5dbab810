"""What the codes that stand in reports are called on pages, by kind of column: a chip's look and words."""

from laelia.hub.reports.words import ITEMS, RUNS
from laelia.hub.web.staff.words import PEOPLE

CODES = {"person-state": PEOPLE, "item-state": ITEMS, "run-state": RUNS}
