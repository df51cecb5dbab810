"""XLSX: the first sheet with cells in it, every cell as its reader sees it. Nothing is calculated: a formula
counts with the value that was saved with it."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from laelia.connectors.files.sheet import MOST_COLUMNS, Refused, Row, Sheet, counted, header
from laelia.connectors.files.sheet import row as one_row
from laelia.connectors.files.words import Said

MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 2_000
LONGEST_GAP = 2_000
_CHUNK = 1024 * 1024
# Part of a format that is no date part: colours, conditions, texts.
_ASIDE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
_ZEROS = re.compile(r"0+")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


def workbook(data: bytes) -> Sheet:
    formulas = _inspect(data)
    try:
        # What openpyxl does not know of a file (styles, extensions, macros) is no business of ours either.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise _broken(error) from None
    except Exception as error:  # whatever the XML of a hostile file makes of its readers
        raise _broken(error) from None
    for sheet in book.worksheets:
        rows = _cells(sheet)
        first = next(((number, cells) for number, cells in rows if any(cells)), None)
        if first is None:
            continue
        names = header(first[1])
        width = len(names)
        found = Sheet("xlsx", names, counted(one_row(number, cells, width) for number, cells in rows))
        if len(book.worksheets) > 1:
            found.notes.append(Said("sheet", "", {"name": sheet.title}))
        if formulas:
            found.notes.append(Said("formulas"))
        return found
    raise Refused("no-sheet")


def _inspect(data: bytes) -> bool:
    """Refuse what would unpack to too much, and XML that declares a document type. True if there are
    formulas."""
    formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS:
                raise Refused("unpacked", most=MOST_UNPACKED // 1024 // 1024)
            left = MOST_UNPACKED
            for part in parts:
                of_sheet = part.filename.startswith("xl/worksheets/")
                with packed.open(part) as stream:
                    tail = b""
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise Refused("unpacked", most=MOST_UNPACKED // 1024 // 1024)
                        seen = tail + chunk.replace(b"\0", b"")
                        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                            raise Refused("entities")
                        formulas = formulas or (of_sheet and _FORMULA.search(seen) is not None)
                        tail = seen[-16:]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise _broken(error) from None
    return formulas


def _broken(error: Exception) -> Refused:
    return Refused("broken", format="XLSX", detail=f"{str(error)[:200] or type(error).__name__}.")


def _cells(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows by their numbers. Those without cells are passed over, but not without end."""
    gap = number = 0
    # The size that the file says may be wrong: what stands there counts.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
    while True:
        try:
            found = next(rows, None)
        except Exception as error:  # as above
            raise _broken(error) from None
        if found is None:
            return
        number += 1
        cells = [_text(cell) for cell in found]
        while cells and not cells[-1]:
            cells.pop()
        gap = 0 if cells else gap + 1
        if gap > LONGEST_GAP:
            if _anything_left(rows):
                raise Refused("gap", row=number, gap=LONGEST_GAP)
            return
        yield number, cells


def _anything_left(rows: Iterator[Any]) -> bool:
    """Whether something stands soon below: a file may claim a million empty rows that someone formatted."""
    for _, found in zip(range(100_000), rows, strict=False):
        if any(cell.value is not None for cell in found):
            return True
    return False


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return _date(value, cell.number_format or "")
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return str(value) if isinstance(value, time | timedelta) else ""


def _date(value: date, shape: str) -> str:
    """As far as it is shown: a cell that shows year and month means no day."""
    plain = _ASIDE.sub("", shape.split(";")[0]).lower()
    text = value.strftime("%Y-%m-%d") if value.year >= 1000 else f"{value.year:04}-{value:%m-%d}"
    if "y" in plain and "d" not in plain:
        return text[:7] if "m" in plain else text[:4]
    return text


def _number(value: int | float, shape: str) -> str:
    """Without what a spreadsheet adds; a number that is shown with leading zeros keeps them."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        value = int(value)
    if isinstance(value, int) and value >= 0 and _ZEROS.fullmatch(shape):
        return f"{value:0{len(shape)}d}"
    return str(value)


__all__ = ["Row", "workbook"]
