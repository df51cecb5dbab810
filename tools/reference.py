"""Writes docs/reference from the declarations: settings, errors, sections, scopes, the API, forms, commands.
`--check` only compares.

.venv/bin/python tools/reference.py [--check]
"""

import pathlib
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence

from laelia.client.commands import settings as record
from laelia.codec import media
from laelia.codec.citation import citing
from laelia.connectors.files.kinds import KINDS
from laelia.connectors.files.words import SENTENCES as SAID
from laelia.hub import api as calls
from laelia.hub import settings as hub
from laelia.hub.api import problems as hub_problems
from laelia.hub.callbacks import EVENTS
from laelia.lib.settings import describe
from laelia.model import problems
from laelia.model.language import VERSIONS
from laelia.model.sections import SECTIONS
from laelia.registry import access
from laelia.registry import settings as registry
from laelia.registry.api import refusals
from laelia.registry.api.description import answers
from laelia.registry.api.description.document import path_of, tag_of
from laelia.registry.api.operation import BOTH, Operation
from laelia.registry.api.operations import OPERATIONS
from laelia.registry.grants import scopes
from laelia.sandbox.doi_registry import settings as doi
from laelia.sandbox.repository import settings as repository

import mapping  # isort: skip  # beside this file

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
        "A registry shows each on a page of its own, `/errors/{code}`, to which error bodies lead.\n",
        "| code | status | for developers | for users | what to do |\n|---|---|---|---|---|",
    ]
    for code, problem in sorted(problems.CATALOGUE.items()):
        said = " | ".join(_cell(text) for text in (problem.developer, problem.user, problem.remedy))
        parts.append(f"| {code} | {problem.http} | {said} |")
    return "\n".join(parts) + "\n"


_LISTINGS = {
    "flat": "one after the other, by display-index",
    "groups": "in groups that share identifiers",
    "affiliations": "in groups that share identifiers; in 2.x one after the other",
    "reviews": "by group id, and since 3.0 within it by identifiers",
}


def sections() -> str:
    """The sections of a record, from the table that everything else is made of."""
    parts = [
        "# Sections of a record\n",
        "Paths stand below `/v{version}/{iD}`. One item is at `{item}/{put-code}`, a new one goes to `{item}`"
        " by POST; activities have `{item}/summary/{put-code}` as well, works `works/{put-codes}` and POST to"
        " `works` for several at once. What is limited needs the scope to read; any of the others, or what"
        " implies it, lets a client write.\n",
        "| section | since | list | item | to read | to add | to change | to delete | listed |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in SECTIONS:
        scopes = ((one.read_scope,), one.create_scopes, one.update_scopes, one.delete_scopes)
        told = " | ".join(", ".join(f"`{scope}`" for scope in each) for each in scopes)
        paths = f"`{one.list_path}` | `{one.item_path}`"
        parts.append(f"| {one.name} | {one.since} | {paths} | {told} | {_LISTINGS[one.listing]} |")
    return "\n".join(parts) + "\n"


def all_scopes() -> str:
    """What each scope implies, and which kinds of client may ask for it."""
    parts = [
        "# Scopes\n",
        "A token may what any of its scopes, or what they imply, allows. A write scope never implies reading"
        " what is limited; a client always sees what it added itself."
        " A public client's token reads the Public API only.\n",
        "| scope | implies | clients of these kinds may ask for it | asked for |",
        "|---|---|---|---|",
    ]
    for scope, implied in access.IMPLIES.items():
        kinds = [kind for kind, held in scopes.BY_KIND.items() if scope in held]
        told = ", ".join(kinds) or (
            "those to whom the operator gives it" if scope in scopes.KNOWN else "none"
        )
        own = "by the client itself" if scope in scopes.OF_CLIENT else "of a person"
        own = "either way" if scope == "/read-public" else own
        parts.append(f"| `{scope}` | {', '.join(f'`{one}`' for one in implied)} | {told} | {own} |")
    return "\n".join(parts) + "\n"


def commands() -> str:
    made = subprocess.run(
        [sys.executable, "-m", "typer", "laelia.cli", "utils", "docs", "--name", "laelia"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return "# Commands\n\n" + made.stdout.partition("\n")[2].strip() + "\n"


def forms() -> str:
    """The media types of the API by path, and what each type of work is cited as."""
    parts = [
        "# Media types\n",
        f"Documents of a record come in {_types(media.DOCUMENTS)}. Without `Accept`, or with `*/*`, it is"
        f" `{media.DEFAULT}`; types named after ORCID are indented JSON. What is asked for with the greatest"
        " `q` is given, and among equals the registry prefers its documents: ask for one of these alone.\n",
        "| path below `/v{version}` | offered besides | by |\n|---|---|---|",
    ]
    for one in OPERATIONS:
        both = [kind for kind in one.offered if kind not in media.DOCUMENTS]
        for kinds, by in ((both, "both APIs"), (one.offered_publicly, "the Public API")):
            if kinds:
                parts.append(f"| `{one.path}` | {_types(kinds)} | {by} |")
    parts += [
        "\nThey follow the rules of the documents: what is hidden from whoever asks is in none of them, and"
        " answers to nobody in particular carry an ETag. All versions give the same."
        f" `/{{iD}}/works.bib` at the site is the `{media.BIBTEX}` of what everybody sees, whatever `Accept`"
        " says. A record's page carries its JSON-LD, with the works that page shows.\n",
        "## How a work is cited\n",
        "A work that brought a BibTeX citation is cited as that says. Otherwise, or where it can't be read,"
        " from what is known: its title and subtitle, contributors (editors apart; nobody named: the owner of"
        " the record by her public name), date, journal title, identifiers, link, language. A name with one"
        " comma is `Family, Given`; of others nobody knows, and CSL gets them whole. A list of works has one"
        " entry for each group, that of its preferred work; its key is the citation's own, else name, year"
        " and put-code.\n",
        "| work type | CSL | BibTeX |\n|---|---|---|",
        *(f"| {name} | {csl} | @{entry} |" for name, (csl, entry) in citing.TYPES.items()),
    ]
    return "\n".join(parts) + "\n"


def _types(kinds: Sequence[str]) -> str:
    return ", ".join(f"`{kind}`" for kind in kinds)


def api() -> str:
    everywhere = " ".join(f"{status} ({codes})" for status, codes in _refusals(refusals.EVERYWHERE, "GET"))
    parts = [
        "# The API\n",
        "Every operation, below `/v2.0`, `/v2.1` and `/v3.0`; below `/pub` and `/api` one API is meant,"
        " else the token decides. A registry serves the same as OpenAPI 3.1 at `/v{version}/openapi.json` and"
        " as a page to try it on at `/v{version}`; XML Schemas at `/resources/{version}/xsd`.\n",
        "Scopes: any of them will do, or one that implies it. In brackets are those with which a member reads"
        " what is limited. Refusals are statuses with error codes; besides, everywhere:"
        f" {everywhere}, and 401 for a token that is no good.\n",
    ]
    tags: dict[str, list[Operation]] = {}
    for one in OPERATIONS:
        tags.setdefault(tag_of(one), []).append(one)
    for tag, operations in tags.items():
        parts.append(f"## {tag}\n\n| operation | versions | API | scopes | answer | refusals |")
        parts.append("|---|---|---|---|---|---|")
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
    what = f"`{one.method} {path_of(one)}` {one.summary}"
    return f"| {what} | {versions} | {which} | {scopes} | {answer} | {refused} |"


def _refusals(several: Iterable[type[problems.Problem]], method: str) -> list[tuple[int, str]]:
    found: dict[int, set[int]] = {}
    for problem in several:
        found.setdefault(answers.status_of(problem, method), set()).add(problem.code)
    return [(status, " ".join(map(str, sorted(codes)))) for status, codes in sorted(found.items())]


def files() -> str:
    """The columns of each kind of file the hub takes."""
    parts = [
        "# Columns of the hub's files\n",
        "What each means and does is in docs/guides/files.md. Headers are compared without case, spaces,"
        " hyphens and underscores; a file may leave out what is not needed, and their order is free. One of"
        " `email` and `local-id` has to name the person.\n",
    ]
    for kind in KINDS.values():
        parts.append(f"## {kind.title} (`{kind.name}`)\n")
        parts.append(
            "| column | needed | holds | values | also called | example |\n|---|---|---|---|---|---|"
        )
        for column in kind.columns:
            terms = ", ".join(column.terms if len(column.terms) <= 20 else (*column.terms[:12], "…"))
            names = ", ".join(f"`{alias}`" for alias in column.aliases)
            cells = (f"`{column.name}`", "yes" if column.required else "", column.means, terms, names)
            parts.append(f"| {' | '.join(_cell(cell) for cell in (*cells, column.example))} |")
        parts[-1] += "\n"
    parts += ["## What is said of rows\n", "| code | sentence |\n|---|---|"]
    for code, said in SAID.items():
        sentence = re.sub(r"%\((\w+)\)s", r"{\1}", str(said))
        parts.append(f"| `{code}` | {_cell(sentence)} |")
    return "\n".join(parts).rstrip() + "\n"


def hub_api() -> str:
    """The calls of an organisation's programs, what refuses them, and what they are called back with."""
    parts = [
        "# The hub's API for programs\n",
        "How to use it is in docs/guides/hub-api.md. Paths stand below `/{organisation}/api/v1`; a hub serves"
        " the same as OpenAPI 3.1 at `openapi.json` there, and as a page at `/{organisation}/api`. Besides"
        " what is named, each call may be refused as `token`, `scope` or `too-many`.\n",
        "| call | scope | takes | answers | refusals |\n|---|---|---|---|---|",
    ]
    for one in calls.OPERATIONS:
        takes = "an item of ORCID 3.0" if one.takes == "item" else getattr(one.takes, "__name__", "")
        told = ", ".join(str(status) for status in one.statuses) + f" {one.gives.__name__}"
        refused = ", ".join(f"`{kind}`" for kind in one.kinds)
        what = f"`{one.method} {one.shown}` {one.summary}"
        parts.append(f"| {what} | {one.scope} | {takes} | {told} | {refused} |")
    parts += ["\n## Refusals\n", "| type | status | means | what to do |\n|---|---|---|---|"]
    for name, kind in hub_problems.KINDS.items():
        parts.append(f"| `{name}` | {kind.status} | {kind.title} | {_cell(kind.remedy)} |")
    parts += ["\n## Events\n", "| event | says |\n|---|---|"]
    parts += [f"| `{event}` | {words} |" for event, words in EVENTS.items()]
    return "\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


PAGES = {
    "datacite.md": mapping.datacite,
    "settings.md": settings,
    "errors.md": errors,
    "sections.md": sections,
    "scopes.md": all_scopes,
    "api.md": api,
    "forms.md": forms,
    "commands.md": commands,
    "files.md": files,
    "hub-api.md": hub_api,
}


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
