"""How a foreign client, in a process of its own, speaks with the test that plays the browser."""

import json
import sys
from typing import Any

# What the test registered: issuer, id, secret, back (the address to come back to).
GIVEN: dict[str, str] = json.loads(sys.argv[1])
ISSUER, ID, SECRET, BACK = (GIVEN[name] for name in ("issuer", "id", "secret", "back"))


def browse(url: str) -> str:
    """Send the person to an address; returns where she landed afterwards."""
    _tell({"browse": url})
    return sys.stdin.readline().strip()


def say(**found: Any) -> None:
    """What the client found out."""
    _tell({"found": found})


def _tell(words: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()
