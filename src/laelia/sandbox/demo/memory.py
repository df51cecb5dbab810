"""What the demo remembers between starts, in a file of its data folder that only its owner can read."""

import json
import os
import pathlib
import secrets
from typing import Any


class Memory:
    """Names, passwords, client secrets and the steps already played: a small dictionary kept on disk."""

    def __init__(self, path: pathlib.Path):
        self.path = path
        self.facts: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    def __contains__(self, name: str) -> bool:
        return name in self.facts

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.facts[name] = value
        self.save()

    def secret(self, name: str) -> str:
        """A random secret under this name: made once, the same on every later start."""
        if name not in self.facts:
            self[name] = secrets.token_urlsafe(18)
        return str(self[name])

    def password(self) -> str:
        """A password for somebody of the story, as the registry's rules want it."""
        return f"orchid-{secrets.token_hex(5)}-{secrets.randbelow(90) + 10}"

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        half = self.path.with_suffix(".half")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.facts, file, indent=1, ensure_ascii=False)
        half.replace(self.path)
