"""Writes docs/reference from the declarations: settings, errors, commands, the API. `--check` only compares.

.venv/bin/python tools/reference.py [--check]
"""

import pathlib
import subprocess
import sys
from collections.abc import Iterable

from laelia.hub import settings as hub
from laelia.lib.settings import describe
from laelia.model import problems
from laelia.model.language import VERSIONS
from laelia.registry import settings as registry
from laelia.registry.api import answers, refusals
from laelia.registry.api.operation import BOTH, Operation
from laelia.registry.api.operations import OPERATIONS
from laelia.registry.api.description import path_of, tag_of
from laelia.sandbox.doi_registry import settings as doi
from laelia.sandbox.repository import settings as repository

ROOT = pathlib.Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
MADE = "<!-- Made by tools/reference.py from the declarations; change those. -->\n\n"
SERVICES = (("Registry", registry), ("Hub", hub), ("DOI registry", doi), ("Repository", repository))


def settings() -> str:
    parts = [
        "# Settings\n",
        "Each is an environment variable. A secret may be kept in a file, named by the variable with `_FILE`"
        " behind it. An unknown variable with one of these prefixes stops the start, since a mistyped setting"
        " must not be ignored.\n",
    ]
    for title, module in SERVICES:
        parts.append(f"## {title}\n\n| variable | kind | default | meaning |\n|---|---|---|---|")
        for row in describe(module.Settings, module.PREFIX):
            secret = " Secret." if row.secret else ""
            default = f"`{row.default}`" if row.default else ""
            parts.append(f"| `{row.name}` | {row.type} | {default} | {_cell(row.doc)}{secret} |")
        parts[-1] += "\n"
    return "\n".join(parts).rstrip() + "\n"


def errors() -> str:
    parts = [
        "# Errors of the APIs\n",
        "Status and code are what ORCID's clients rely on; the sentences are ours. `{…}` is a value.\n",
        "| code | status | for developers | for users |\n|---|---|---|---|",
    ]
    for code, problem in sorted(problems.CATALOGUE.items()):
        parts.append(f"| {code} | {problem.http} | {_cell(problem.developer)} | {_cell(problem.user)} |")
    return "\n".join(parts) + "\n"


def commands() -> str:
    made = subprocess.run(
        [sys.executable, "-m", "typer", "laelia.cli", "utils", "docs", "--name", "laelia"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return "# Commands\n\n" + made.stdout.partition("\n")[2].strip() + "\n"


def api() -> str:
    everywhere = " ".join(f"{status} ({codes})" for status, codes in _refusals(refusals.EVERYWHERE, "GET"))
    parts = [
        "# The API\n",
        "Every operation, below `/v2.0`, `/v2.1` and `/v3.0`; below `/pub` and `/api` the one or the other API is"
        " meant, else the token decides. A registry serves the same as OpenAPI 3.1 at `/v{version}/openapi.json`"
        " and as a page to try it on at `/v{version}`; XML Schemas at `/resources/{version}/xsd`.\n",
        "Scopes: any of them will do, or one that implies it. In brackets those with which a member reads what is"
        f" limited. Refusals are statuses with error codes; besides, everywhere: {everywhere}, and 401 for a token"
        " that is no good.\n",
    ]
    tags: dict[str, list[Operation]] = {}
    for one in OPERATIONS:
        tags.setdefault(tag_of(one), []).append(one)
    for tag, operations in tags.items():
        parts.append(f"## {tag}\n\n| operation | versions | API | scopes | answer | refusals |\n|---|---|---|---|---|---|")
        parts += [_row(one) for one in operations]
        parts[-1] += "\n"
    return "\n".join(parts).rstrip() + "\n"


def _row(one: Operation) -> str:
    versions = " ".join(name for name, version in VERSIONS.items() if one.lives_in(version))
    which = "both" if set(one.apis) == set(BOTH) else " ".join(one.apis)
    scopes = ", ".join([*(f"`{x}`" for x in one.scopes), *(f"[`{x}`]" for x in one.sees)])
    answer = f"{one.status} {one.gives.__name__}" if one.gives else str(one.status)
    own = [problem for problem in one.problems if problem not in refusals.EVERYWHERE]
    refused = ", ".join(f"{status} ({codes})" for status, codes in _refusals(own, one.method))
    return f"| `{one.method} {path_of(one)}` {one.summary} | {versions} | {which} | {scopes} | {answer} | {refused} |"


def _refusals(several: Iterable[type[problems.Problem]], method: str) -> list[tuple[int, str]]:
    found: dict[int, set[int]] = {}
    for problem in several:
        found.setdefault(answers.status_of(problem, method), set()).add(problem.code)
    return [(status, " ".join(map(str, sorted(codes)))) for status, codes in sorted(found.items())]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


PAGES = {"settings.md": settings, "errors.md": errors, "commands.md": commands, "api.md": api}


def stale() -> list[str]:
    """The pages that say something else than the declarations."""
    return [
        name
        for name, make in PAGES.items()
        if not (REFERENCE / name).exists() or (REFERENCE / name).read_text() != MADE + make()
    ]


def main() -> int:
    if "--check" in sys.argv:
        behind = stale()
        print("\n".join(f"docs/reference/{name} is behind: run tools/reference.py" for name in behind))
        return 1 if behind else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (REFERENCE / name).write_text(MADE + make())
    return 0


if __name__ == "__main__":
    sys.exit(main())
