"""The result of a check as one page that stands by itself: a file to open, to mail, to put on a web site."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from laelia.connectors.datacite_check import MENDED, NOTES, WORDS


def page(
    summary: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], named: Sequence[Mapping[str, Any]],
    doi_url: str,
) -> str:  # fmt: skip
    """HTML without scripts and without anything from elsewhere; what came from outside is text in it."""
    by_code: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_code[row["code"]].append(row)
    kinds = [
        {
            "code": code,
            "words": words,
            "dois": summary["counts"][code],
            "rows": by_code[code],
            "fix": _fix(code),
        }
        for code, words in WORDS.items()
        if by_code[code]
    ]
    found = Environment(
        loader=PackageLoader("laelia.hub", "pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    shown = found.get_template("check.html")
    return shown.render(summary=summary, kinds=kinds, named=named, doi_url=doi_url.rstrip("/"))


def _fix(code: str) -> str:
    if code in NOTES:
        return "nothing to mend"
    return "mended by the patch" if code in MENDED else "left to a person"
