"""CSV and TSV as spreadsheet programs write them: the encoding and the delimiter are found, and said."""

import codecs
import csv
import re
from collections.abc import Iterator

from laelia.connectors.files.sheet import MOST_CHARACTERS, MOST_COLUMNS, Refused, Row, Sheet, counted, header
from laelia.connectors.files.sheet import row as one_row
from laelia.connectors.files.words import Said

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
DELIMITERS = ("\t", ",", ";", "|")
DELIMITER_NAMES = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
MOST_MARKS = 20_000
"""Delimiters that one row may hold, those in its texts among them."""
_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_GUARDED = re.compile(r"'[=+\-@\t]")


def delimited(data: bytes, *, alone: str = ",") -> Sheet:
    """`alone` divides the cells where the line of headers, of one column, does not say what does."""
    text, encoding, guessed = decoded(data)
    if not text.strip():
        raise Refused("empty")
    start, delimiter = 0, None
    if said := _SAID.match(text):  # a line of Excel's own
        start, delimiter = said.end(), said[1]
    first = text[start : _line_end(text, start)]
    if delimiter is None:
        delimiter = _delimiter(first, alone)
    lines = _Lines(text, start, delimiter)
    # Not strict: a quotation mark inside an unquoted cell stands for itself, as spreadsheets read it.
    reader = csv.reader(lines, delimiter=delimiter)
    rows = _rows(reader, lines)
    _, cells = next(rows, (0, []))
    names = header(cells)
    sheet = Sheet(
        "tsv" if delimiter == "\t" else "csv",
        names,
        counted(one_row(number, found, len(names)) for number, found in rows),
        encoding=NAMES[encoding],
        delimiter=delimiter,
    )
    if guessed:
        sheet.notes.append(Said("guessed"))
    return sheet


def decoded(data: bytes) -> tuple[str, str, bool]:
    """The text, its encoding, and whether that is a guess."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding), encoding, False
    # Without a mark, UTF-16 shows by the zeros beside its Latin letters.
    head = data[:1000]
    if head and b"\0" in head:
        encoding = "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
        return _decode(data, encoding), encoding, False
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        return _decode(data, "cp1252"), "cp1252", True


def _decode(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("encoding") from None
    if "\0" in text:
        raise Refused("encoding")
    return text


def _delimiter(first: str, alone: str) -> str:
    """The mark that divides the line of headers into most parts; `alone` where there is but one column."""
    counts = {mark: _outside_quotes(first).count(mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else alone


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _line_end(text: str, start: int) -> int:
    ends = [end for mark in "\r\n" if (end := text.find(mark, start)) >= 0]
    return min(ends, default=len(text))


class _Lines:
    """The lines of a text with their ends. What one row would hold is bounded before it is put together."""

    def __init__(self, text: str, start: int, delimiter: str) -> None:
        self._text, self._at, self._delimiter = text, start, delimiter
        self.count = text.count("\n", 0, start)
        self.marks = self.length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self._text
        if self._at >= len(text):
            raise StopIteration
        end = text.find("\n", self._at)
        if end < 0:
            end = len(text) - 1
        alone = text.find("\r", self._at, end)  # the old Macintosh's end of line
        if 0 <= alone < end and text[alone + 1] != "\n":
            end = alone
        self.marks += text.count(self._delimiter, self._at, end)
        self.length += end - self._at
        self.count += 1
        if self.marks > MOST_MARKS or self.length > MOST_CHARACTERS * MOST_COLUMNS:
            raise Refused("too-many-columns", most=MOST_COLUMNS)
        line = text[self._at : end + 1]
        self._at = end + 1
        return line


def _rows(reader: Iterator[list[str]], lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    while True:
        number = lines.count + 1
        lines.marks = lines.length = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise Refused("too-long", row=number, most=MOST_CHARACTERS) from None
            raise Refused("broken", format="CSV", detail=f"{error} (line {number}).") from None
        yield number, [_unguarded(cell) for cell in cells]


def _unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a text for a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


__all__ = ["Row", "decoded", "delimited"]
