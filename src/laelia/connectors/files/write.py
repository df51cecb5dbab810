"""Files that are handed out: templates, rows to be mended, results. In the format of the file they come
from."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from laelia.connectors.files.kinds import EVERY
from laelia.connectors.files.objects import PEOPLE
from laelia.connectors.files.sheet import Format
from laelia.connectors.text import clean

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
Out = tuple[list[str], dict[str, Any] | None]
"""The cells of a row, and the item that stood whole beside them."""


def written(form: Format, headers: list[str], rows: Iterable[Out], delimiter: str | None = None) -> bytes:
    if form == "xlsx":
        return _workbook([("Rows", headers, (cells for cells, _ in rows))])
    if form == "json":
        return _objects(headers, rows)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter or ("\t" if form == "tsv" else ","), lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([guarded(cell) for cell in cells] for cells, _ in rows)
    # Spreadsheet programs take a file without the mark for Windows-1252.
    return text.getvalue().encode("utf-8-sig")


def template(kind: str, form: Format) -> bytes:
    """An empty file of a kind; in XLSX with a sheet that says what each column means."""
    of = EVERY[kind]
    shown = [column for column in of.columns if not column.means.startswith("not used")]
    names = [column.name for column in shown]
    if form == "xlsx":
        help_rows = (
            [c.name, "yes" if c.required else "", c.means, ", ".join(c.terms), c.example] for c in shown
        )
        return _workbook(
            [
                (of.title[:31], names, ()),
                ("Help", ["column", "needed", "meaning", "values", "example"], help_rows),
            ]
        )
    if form == "json":
        return _objects(names, [([""] * len(names), None)])
    return written(form, names, ())


def _objects(headers: list[str], rows: Iterable[Out]) -> bytes:
    found = []
    for cells, document in rows:
        told = dict(zip(headers, cells, strict=False))
        found.append(told if document is None else {**document, PEOPLE: [told]})
    return orjson.dumps({"rows": found}, option=orjson.OPT_INDENT_2)


def _workbook(sheets: list[tuple[str, list[str], Iterable[list[str]]]]) -> bytes:
    book = Workbook(write_only=True)
    for title, headers, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(_texts(sheet, headers))
        for cells in rows:
            sheet.append(_texts(sheet, cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _texts(sheet: Any, cells: list[str]) -> Iterator[Any]:
    """Every cell as text: no number loses its zeros, nothing is taken for a formula."""
    for cell in cells:
        made = WriteOnlyCell(sheet, "")
        if cell:
            made.value = clean(cell)
            made.data_type = "s"
            made.number_format = "@"
        yield made


def guarded(cell: str) -> str:
    """A cell of a CSV that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
