"""What every kind of file is read into: a line of headers and rows of text, each with its number in the
file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from laelia.connectors.files.words import Said
from laelia.lib.i18n import lazy

Format = Literal["csv", "tsv", "xlsx", "json"]

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 30_000
"""In one cell: an abstract fits, a book does not."""

SENTENCES = {
    "empty": lazy("There is nothing in the file."),
    "no-header": lazy("The first line has to name the columns; this one names none."),
    "too-large": lazy("The file has %(size)s MB, and at most %(most)s MB are read. Split it."),
    "too-many-rows": lazy("The file has more than %(most)s rows. Split it."),
    "too-many-columns": lazy("The file has more than %(most)s columns."),
    "too-long": lazy("A cell in row %(row)s has more than %(most)s characters."),
    "same-column": lazy("Two columns are called “%(name)s”."),
    "encoding": lazy("The text is neither UTF-8, UTF-16 nor Windows-1252. Save the file as UTF-8."),
    "broken": lazy("The file can't be read as %(format)s: %(detail)s"),
    "format": lazy("“%(name)s” is no CSV, TSV, XLSX, JSON or YAML file. Save it as one of these."),
    "old-excel": lazy("This is the old format of Excel (.xls). Save it as .xlsx or as CSV."),
    "unpacked": lazy("Unpacked the file would have more than %(most)s MB."),
    "entities": lazy("The file declares a document type or entities, which no spreadsheet does."),
    "no-sheet": lazy("There is no sheet with cells in the file."),
    "gap": lazy("Row %(row)s stands after %(gap)s empty rows: remove them, or what is below."),
    "no-list": lazy(
        "The JSON has to be a list of objects, or an object with such a list as “records” or “rows”."
    ),
    "no-object": lazy("Row %(row)s of the JSON is no object."),
}
"""Why a file as a whole is refused."""


class Refused(ValueError):
    """The file can't be used at all; `code` is a key of SENTENCES."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values

    def __str__(self) -> str:
        said = str(SENTENCES[self.code])
        return said % self.values if self.values else said


@dataclass(frozen=True)
class Row:
    """`number` is the line or the row as the program that made the file counts it. `extra` is true where
    there are more cells than headers. `document`: in JSON an item may stand whole, in the registry's form."""

    number: int
    cells: list[str]
    extra: bool = False
    document: Mapping[str, Any] | None = None


@dataclass
class Sheet:
    """A file that was opened: `rows` can be run through once, and raises Refused where a limit is passed.
    `notes` say what was guessed."""

    format: Format
    headers: list[str]
    rows: Iterator[Row]
    encoding: str | None = None
    delimiter: str | None = None
    task: str | None = None  # what the file itself says it holds (the NZ hub's JSON does)
    notes: list[Said] = field(default_factory=list)


def header(cells: list[str]) -> list[str]:
    """The names of the columns, without the empty ones at the end."""
    names = [" ".join(cell.replace("\xa0", " ").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise Refused("no-header")
    if len(names) > MOST_COLUMNS:
        raise Refused("too-many-columns", most=MOST_COLUMNS)
    for place, name in enumerate(names):
        if name and name in names[:place]:
            raise Refused("same-column", name=name)
    return names


def row(number: int, cells: list[str], width: int) -> Row | None:
    """The row with as many cells as there are headers; None for one in which nothing stands."""
    if not any(cells):
        return None
    for cell in cells:
        if len(cell) > MOST_CHARACTERS:
            raise Refused("too-long", row=number, most=MOST_CHARACTERS)
    fitting = [cell.strip() for cell in cells[:width]]
    fitting += [""] * (width - len(fitting))
    extra = any(cell.strip() for cell in cells[width:])
    return Row(number, fitting, extra) if extra or any(fitting) else None


def counted(rows: Iterator[Row | None]) -> Iterator[Row]:
    """The rows in which something stands, up to the limit."""
    count = 0
    for one in rows:
        if one is not None:
            count += 1
            if count > MOST_ROWS:
                raise Refused("too-many-rows", most=MOST_ROWS)
            yield one
