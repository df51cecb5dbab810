"""Files of assertions that staff hand in: kept, judged row by row, filed, and handed back with what became of
them. `store`, then `read_as` where the mapping has to be another, `check`, `confirm`; the worker does the
rest."""

from laelia.hub.uploads.filing import confirm, file, file_waiting, start
from laelia.hub.uploads.forgetting import forget_person
from laelia.hub.uploads.people_rows import Options
from laelia.hub.uploads.results import Line, lines, results, wrong_rows
from laelia.hub.uploads.run import go_on
from laelia.hub.uploads.single import asserted, put, shown
from laelia.hub.uploads.stored import (
    CantDo,
    Upload,
    forget_unfinished,
    read_as,
    remove,
    store,
    suggested,
    upload,
    uploads,
)
from laelia.hub.uploads.verdicts import check

__all__ = [
    "CantDo",
    "Line",
    "Options",
    "Upload",
    "asserted",
    "check",
    "confirm",
    "file",
    "file_waiting",
    "forget_person",
    "forget_unfinished",
    "go_on",
    "lines",
    "put",
    "read_as",
    "remove",
    "results",
    "shown",
    "start",
    "store",
    "suggested",
    "upload",
    "uploads",
    "wrong_rows",
]
