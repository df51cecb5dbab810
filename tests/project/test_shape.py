"""What holds for the whole tree: small files, links that lead somewhere, nothing foreign copied in."""

import ast
import hashlib
import pathlib
import re
import subprocess
import sys
import tomllib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked(*suffixes: str) -> list[pathlib.Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    paths = [ROOT / name for name in listed if name]
    return [path for path in paths if path.suffix in suffixes and path.exists()]


# Pure tables may be any length, and so are migrations; they stand beside the module that reads them.
TABLES = {"src/laelia/model/problems.py"}


def test_code_files_hold_one_concept_each() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked(".py")
        if (lines := len(path.read_text().splitlines())) > 300
        and str(path.relative_to(ROOT)) not in TABLES
        and "migrations" not in path.parts
    }
    assert not long, f"over 300 lines, split by concept: {long}"


@pytest.mark.parametrize("path", tracked(".md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_in_the_docs_lead_somewhere(path: pathlib.Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
    missing = [
        target
        for target in targets
        if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists()
    ]
    assert not missing


def test_nothing_of_the_shared_data_is_copied_in(shared_data: pathlib.Path) -> None:
    """Its files carry licences of their own and are read in place."""

    def digest(path: pathlib.Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    theirs = {digest(path) for path in shared_data.rglob("*") if path.is_file() and path.stat().st_size > 200}
    ours = tracked(".xml", ".json", ".xsd", ".csv", ".txt")
    assert not [path for path in ours if digest(path) in theirs]


def test_no_file_records_where_packages_come_from() -> None:
    """Pins are names and versions only: an address in a lock file breaks on the next machine."""
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line) for line in pins if line.strip())
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+(==|@)[A-Za-z0-9_.+!-]+", pin) for pin in pins_outside())
    names = {path.name for path in tracked(".json", ".toml", ".lock", ".yaml", ".cfg", ".txt")}
    assert not names & {"package-lock.json", "npm-shrinkwrap.json", "poetry.lock", "uv.lock", "Pipfile.lock"}


def pins_outside() -> list[str]:
    """What the foreign clients bring, each in an environment of its own."""
    lines = (OUTSIDE / "versions.txt").read_text().splitlines()
    return [pin for line in lines if line and not line.startswith("#") for pin in line.split()[1:]]


OUTSIDE = ROOT / "tests" / "registry" / "oauth" / "outside"
DISTRIBUTIONS = {
    "yaml": "pyyaml", "argon2": "argon2-cffi", "lxml": "lxml", "psycopg": "psycopg[binary]",
    "saml2": "pysaml2", "allauth": "django-allauth", "social_core": "social-auth-core",
}  # fmt: skip


def test_every_foreign_import_is_declared() -> None:
    """What only happens to be installed is missing on the next machine."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, dev = declared["dependencies"], declared["optional-dependencies"]["dev"]
    outside = {"pipe", *(pin.partition("==")[0].lower() for pin in pins_outside())}
    own = {path.stem for folder in ("tests", "tools") for path in (ROOT / folder).iterdir()}
    own |= {"laelia", "benchmarks", "tests"}
    for path in tracked(".py"):
        names = {
            (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom) and not getattr(node, "level", 0)
            for alias in node.names
        }
        foreign = names - own - set(sys.stdlib_module_names)
        allowed = run if path.is_relative_to(ROOT / "src") else [*run, *dev]
        if path.parent == OUTSIDE and path.name.startswith("run_"):
            allowed = list(outside)
        missing = [name for name in foreign if DISTRIBUTIONS.get(name, name.replace("_", "-")) not in allowed]
        assert not missing, f"{path.relative_to(ROOT)} imports {missing}"
