"""The figures of a soak run, where people read them: a marked block of docs/explanation/proof.md each."""

import os
import pathlib
import re
import time
from collections.abc import Iterable

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "explanation" / "proof.md"
HEADING = "## Campaigns"
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
INTRODUCTION = """\
What `make soak` found the last time it was run. `make test` runs the same campaigns at a smaller size.
"""

told: list[str] = []


def tell(name: str, lines: Iterable[str], page: pathlib.Path = PAGE) -> None:
    """Have the lines printed at the end of the tests. After a soak run they also take the place of the block
    of this name; a small run proves less than what stands there."""
    told.extend(lines := list(lines))
    if not os.environ.get("LAELIA_SOAK"):
        return
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(replaced(page.read_text() if page.exists() else "# Proof\n", name, lines))


def replaced(text: str, name: str, lines: Iterable[str]) -> str:
    """The page with the block of this name as given; one it has not got yet ends the campaigns' section."""
    begin, end = f"<!-- soak: {name} -->", f"<!-- end: {name} -->"
    block = "\n".join([begin, *(f"- {line}" for line in lines), end])
    found = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if found.search(text):
        return found.sub(lambda _: block, text)
    if HEADING not in text.splitlines():
        return f"{text.rstrip()}\n\n{HEADING}\n\n{INTRODUCTION}\n{block}\n"
    before, after = text.split(HEADING + "\n", 1)
    section, following, rest = after.partition("\n## ")
    return f"{before}{HEADING}\n{section.rstrip()}\n\n{block}\n{following}{rest}"


def progress(sentence: str) -> None:
    """A line in the file that LAELIA_SOAK_LOG names: a long run should not be silent."""
    if path := os.environ.get("LAELIA_SOAK_LOG"):
        with pathlib.Path(path).open("a") as log:
            log.write(f"{time.strftime('%H:%M:%S')} {sentence}\n")
