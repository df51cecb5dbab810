"""Identifiers: the check digit of an iD, the normal form of external ids, and the address behind them."""

import csv
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol
from urllib.parse import unquote, urlsplit

_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])")
_LOOSE_ORCID = re.compile(rf"(?:^|[/:\s]){_ORCID.pattern}(?=$|[/?#\s])")


def check_digit(base15: str) -> str:
    """The sixteenth character for fifteen digits (ISO 7064 MOD 11-2)."""
    total = 0
    for digit in base15.replace("-", ""):
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def valid_orcid(orcid: str) -> bool:
    """Whether this is an iD in its usual form, with a right check digit."""
    plain = orcid.replace("-", "")
    return (
        re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", orcid, re.ASCII) is not None
        and check_digit(plain[:15]) == plain[15]
    )


def normalise_orcid(text: str) -> str | None:
    """The iD in a text: bare, with or without hyphens, or as the end of a URI; None without a valid one."""
    found = _LOOSE_ORCID.search(text.strip())
    if found is None:
        return None
    orcid = "-".join(found.groups()).upper()
    return orcid if valid_orcid(orcid) else None


def valid_issn(issn: str) -> bool:
    """Whether this is an ISSN in its usual form, `NNNN-NNNC`, with a right check digit (ISO 3297)."""
    if not re.fullmatch(r"\d{4}-\d{3}[\dX]", issn, re.ASCII):
        return False
    plain = issn.replace("-", "")
    total = sum(int(digit) * weight for digit, weight in zip(plain[:7], range(8, 1, -1), strict=True))
    return "0123456789X"[-total % 11] == plain[7]


@dataclass(frozen=True)
class IdentifierType:
    """A type of external id; `form` names the normaliser beyond lower-casing, `prefix` makes its address."""

    name: str
    number: int
    case_sensitive: bool
    form: str
    prefix: str
    label: str


def _types() -> dict[str, IdentifierType]:
    table = files("laelia.model").joinpath("data", "identifier_types.csv").read_text("utf-8")
    return {
        row["name"]: IdentifierType(
            row["name"],
            int(row["number"]),
            row["case_sensitive"] == "yes",
            row["form"],
            row["prefix"],
            row["label"],
        )
        for row in csv.DictReader(table.splitlines())
    }


class Types(Protocol):
    """The types that are known: a dict, or what a registry has added to one."""

    def get(self, name: str, /) -> IdentifierType | None: ...


IDENTIFIER_TYPES = _types()
"""Every type that is known everywhere, by its name."""

FUNDED_BY_TYPES = ("grant_number", "proposal-id", "uri", "doi")
"""The types that may stand in the relationship funded-by."""


def normalise(kind: str, value: str, types: Types = IDENTIFIER_TYPES) -> str | None:
    """The form in which two values of a type are compared; None if the value is not recognised.

    A value of an unknown type is returned unchanged. Check digits are not verified: ORCID does not either.
    """
    known = types.get(kind)
    if known is None:
        return value
    if not known.case_sensitive:
        value = value.lower()
    return _FORMS[known.form](value) or None if known.form else value


def resolve_url(kind: str, value: str, types: Types = IDENTIFIER_TYPES) -> str | None:
    """The address of what is identified, or None if the type has none or the value is not recognised."""
    known = types.get(kind)
    normal = normalise(kind, value, types)
    if known is None or not known.prefix or not normal:
        return None
    if kind == "arxiv":
        normal = normal.removeprefix("arXiv:")
    return unquote(_behind(known.prefix, normal))


def _behind(prefix: str, value: str) -> str:
    if not value.startswith("http"):
        return prefix + value
    host = urlsplit(value).hostname or ""
    if value.startswith(prefix) or (host and host in prefix) or (host and "." in host):
        return value
    return prefix + re.split(r"=|.*/", value, maxsplit=1)[-1]


def _first(pattern: str, flags: int = re.ASCII) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern, flags).search


# A value may be as long as a body: each pattern takes time in proportion to it, whatever it is made of. A run
# is tried from its beginning only, and no two repetitions that take the same stand side by side.
_before_slash = re.compile(r"(?<![A-Za-z0-9.])[A-Za-z0-9.]*[A-Za-z0-9](?=/[^\s\"&'])", re.ASCII)
_end = re.compile(r"[\s\"&']", re.ASCII)
_arxiv = _first(
    r"(?:arxiv:)?(\d{4}\.\d{4,5}(?:v\d)?|(?<![A-Za-z0-9._-])[A-Za-z0-9._-]+/\d{7}(?:v\d)?)\b",
    re.ASCII | re.IGNORECASE,
)
_isbn = _first(r"(\d[\d\- ]{8,15}[\dX])(?:\D|$)", re.ASCII | re.IGNORECASE)
_issn = _first(r"(?<!\d)(\d{4}) ?[-–]? ?(\d{3}[\dX])(?!\d)", re.ASCII | re.IGNORECASE)
_pmc = _first(r"(?:^|PMC)[-/ ]*(\d{5,9})(?!\d)", re.ASCII | re.IGNORECASE)
_pmid = _first(
    r"(?:^|PMID:?|pubmed/|med/|pubmed\.ncbi\.nlm\.nih\.gov/)\s*(\d+)(?![\w.\-])", re.ASCII | re.IGNORECASE
)
_bibcode = _first(r"(?:^|bibcode:?\s*|[^A-Za-z0-9.])(\d{4}[A-Za-z0-9.&]{15})(?![A-Za-z0-9.])", re.ASCII)
_rrid = _first(
    r"(AB_\d{6}|CVCL_[A-Z0-9]{4}|SCR_\d{6}|IMSR_JAX:\d{6}|Addgene_\d{5}|SAMN\d{8}|MMRRC_\d{6}-UCD)", re.ASCII
)


_LAYERS = 8
"""How often one value has been escaped at most: more is no accident."""


def _normal_doi(value: str) -> str:
    for _ in range(_LAYERS):
        if "&" not in value or ";" not in value:
            break
        value = html.unescape(value)
    for run in _before_slash.finditer(value):
        # 10 and parts between dots, none of them empty.
        whole = run.start() if (gap := run[0].rfind("..")) < 0 else run.start() + gap + 2
        start = value.find("10.", whole, run.end())
        if start >= 0:
            end = _end.search(value, run.end())
            return value[start : end.start() if end else len(value)].lower()
    return ""


def _normal_arxiv(value: str) -> str:
    found = _arxiv(value)
    return f"arXiv:{found[1]}" if found else ""


def _normal_isbn(value: str) -> str:
    found = _isbn(value)
    digits = re.sub("[- ]", "", found[1]).upper() if found else ""
    return digits if len(digits) in (10, 13) else ""


def _normal_issn(value: str) -> str:
    found = _issn(value)
    return f"{found[1]}-{found[2].upper()}" if found else ""


def _group(search: Callable[[str], re.Match[str] | None]) -> Callable[[str], str]:
    def normal(value: str) -> str:
        found = search(value)
        return found[1] if found else ""

    return normal


def _normal_rrid(value: str) -> str:
    found = _rrid(value)
    return f"RRID:{found[1]}" if found else ""


def _normal_uri(value: str) -> str:
    return value if re.match(r"(?:https?|ftps?)://", value) else f"http://{value}"


_FORMS: dict[str, Callable[[str], str]] = {
    "doi": _normal_doi,
    "arxiv": _normal_arxiv,
    "isbn": _normal_isbn,
    "issn": _normal_issn,
    "pmc": _group(_pmc),
    "pmid": _group(_pmid),
    "bibcode": _group(_bibcode),
    "rrid": _normal_rrid,
    "uri": _normal_uri,
}
