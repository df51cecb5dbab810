"""A report as a file. Rows go through one by one; what people wrote is never taken for a formula, a number
keeps its zeros and a time is a time."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from laelia.connectors.files.write import MEDIA, guarded
from laelia.connectors.text import clean
from laelia.hub.reports.report import Cell, Column, Report, Row, Scope

Form = Literal["xlsx", "csv", "json"]
FORMS: tuple[Form, ...] = ("xlsx", "csv", "json")
_UNNAMED = re.compile(r"[\[\]:*?/\\]")  # what a sheet's name may not have
WIDTHS = {"time": 17, "link": 44, "number": 12}


def written(report: Report, scope: Scope, form: Form) -> bytes:
    """XLSX with headings in the reader's language; CSV and JSON with the names of the columns."""
    return _WRITERS[form](report, report.rows(scope))


def media(form: Form) -> str:
    return MEDIA[form]


def _xlsx(report: Report, rows: Iterable[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_UNNAMED.sub("-", str(report.title))[:31])
    sheet.freeze_panes = "A2"
    for n, column in enumerate(report.columns):
        sheet.column_dimensions[_letter(n)].width = WIDTHS.get(column.kind, 22)
    sheet.append([str(column.words) for column in report.columns])
    for row in rows:
        sheet.append([_cell(sheet, value, column) for value, column in zip(row, report.columns, strict=True)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell, column: Column) -> Any:
    if value is None or isinstance(value, int):
        return _moment(value).replace(tzinfo=None) if column.kind == "time" and value is not None else value
    text = clean(value)
    if text[:1] not in ("=", "+", "-", "@"):
        return text  # text stays text, whatever it looks like
    cell = WriteOnlyCell(sheet, "")
    cell.value, cell.data_type, cell.number_format = text, "s", "@"
    return cell


def _csv(report: Report, rows: Iterable[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in report.columns])
    for row in rows:
        cells = zip(row, report.columns, strict=True)
        writer.writerow(["" if value is None else _text(value, column) for value, column in cells])
    # Spreadsheet programs take a file without the mark for Windows-1252.
    return out.getvalue().encode("utf-8-sig")


def _json(report: Report, rows: Iterable[Row]) -> bytes:
    found = [dict(_named(report, row)) for row in rows]
    return orjson.dumps({"report": report.name, "rows": found}, option=orjson.OPT_INDENT_2)


def _named(report: Report, row: Row) -> Iterator[tuple[str, Cell]]:
    for value, column in zip(row, report.columns, strict=True):
        timed = column.kind == "time" and isinstance(value, int)
        yield column.name, _iso(value) if timed and isinstance(value, int) else value


def _text(value: str | int, column: Column) -> str:
    if isinstance(value, int):
        return _iso(value) if column.kind == "time" else str(value)
    return guarded(value)


def _iso(value: int) -> str:
    return _moment(value).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(value: int) -> datetime:
    return datetime.fromtimestamp(value // 1000, UTC)


def _letter(n: int) -> str:
    return chr(ord("A") + n)


_WRITERS = {"xlsx": _xlsx, "csv": _csv, "json": _json}
