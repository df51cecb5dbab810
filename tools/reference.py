"""Writes docs/reference from the declarations: settings, errors, commands. `--check` only compares.

.venv/bin/python tools/reference.py [--check]
"""

import pathlib
import subprocess
import sys

from laelia.client.commands import settings as record
from laelia.hub import settings as hub
from laelia.lib.settings import describe
from laelia.model import problems
from laelia.registry import settings as registry
from laelia.sandbox.doi_registry import settings as doi
from laelia.sandbox.repository import settings as repository

ROOT = pathlib.Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
MADE = "<!-- Made by tools/reference.py from the declarations; change those. -->\n\n"
SERVICES = (
    ("Registry", registry), ("Hub", hub), ("DOI registry", doi), ("Repository", repository),
    ("`laelia record`", record),
)  # fmt: skip


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


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


PAGES = {"settings.md": settings, "errors.md": errors, "commands.md": commands}


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
