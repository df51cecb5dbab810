"""Reads files of tables that say what is expected, written down by hand beside the tests that ask."""

import pathlib
import re

Row = dict[str, str]


def tables(path: pathlib.Path) -> dict[str, list[Row]]:
    """The tables of a file by name; what stands beyond the last heading belongs to the last column."""
    found: dict[str, list[Row]] = {}
    heads: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        cells = re.split(r" {2,}", line.strip())
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            heads, rows = [], found.setdefault(line.strip("[]"), [])
        elif not heads:
            heads = cells
        else:
            most = len(heads) - 1
            assert len(cells) > most, line
            rows.append(dict(zip(heads, [*cells[:most], " ".join(cells[most:])], strict=True)))
    return found
