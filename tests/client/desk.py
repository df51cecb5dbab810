"""Who speaks to a registry from the shell: a desk with Ada's token in a file."""

import pathlib
from dataclasses import dataclass

from typer.testing import CliRunner

from client.conftest import Club
from client.served import Served
from laelia.cli import main


@dataclass(frozen=True)
class Done:
    exit_code: int
    stdout: str
    stderr: str


def command(*words: object, stdin: str = "", **env: str | None) -> Done:
    done = CliRunner().invoke(main, ["record", *(str(word) for word in words)], input=stdin, env=env)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    # The registry of the same process has its log there too.
    said = [line for line in done.stderr.splitlines(keepends=True) if not line.startswith('{"message":')]
    return Done(done.exit_code, done.stdout, "".join(said))


class Desk:
    """Ada's record at a registry on a port, and a member who has her token in a file."""

    def __init__(self, bees: Club, served: Served, folder: pathlib.Path) -> None:
        self.bees, self.served, self.folder = bees, served, folder
        self.ada = bees.ada.orcid
        (folder / "token").write_text(f"{bees.token}\n")

    def __call__(self, *words: object, stdin: str = "", **env: str | None) -> Done:
        """As nobody."""
        return command(*words, stdin=stdin, LAELIA_RECORD_AT=self.served.url, **env)

    def write(self, *words: object, stdin: str = "") -> Done:
        return self(*words, "--token-file", self.folder / "token", stdin=stdin)

    def file(self, name: str, content: bytes) -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [call for call in self.served.calls if call[0] != "GET"]
