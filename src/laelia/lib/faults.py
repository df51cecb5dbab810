"""Faults on purpose, for tests and sandboxes: named points at which a process can be killed, fail or be slow.

A point costs one look at an empty dictionary unless something is armed. Arming is a sandbox-only setting
of the services; this module decides nothing about who may.
"""

import os
import signal
import threading
import time

_armed: dict[str, tuple[str, int]] = {}
_lock = threading.Lock()


class Fault(Exception):
    """What an armed point raises."""


def point(name: str) -> None:
    """Does nothing, unless the name is armed."""
    if _armed:
        _pass(name)


def arm(name: str, action: str, after: int = 1) -> None:
    """At the `after`-th pass of the point: "kill" (SIGKILL to this process), "raise", or "sleep:<ms>"."""
    kind, _, amount = action.partition(":")
    if kind not in ("kill", "raise", "sleep") or (kind == "sleep" and not amount.isdigit()):
        raise ValueError(f"{action!r} is no fault; known are kill, raise and sleep:<ms>")
    with _lock:
        _armed[name] = (action, max(after, 1))


def arm_all(text: str) -> None:
    """Arm from a setting: `name:action[:after]`, several separated by commas; sleep takes its ms before
    `after`.
    """
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, rest = part.partition(":")
        pieces = rest.split(":")
        action = ":".join(pieces[:2]) if pieces[0] == "sleep" else pieces[0]
        tail = pieces[2:] if pieces[0] == "sleep" else pieces[1:]
        arm(name, action, int(tail[0]) if tail else 1)


def disarm() -> None:
    with _lock:
        _armed.clear()


def _pass(name: str) -> None:
    with _lock:
        if name not in _armed:
            return
        action, left = _armed[name]
        if left > 1:
            _armed[name] = (action, left - 1)
            return
        if not action.startswith("sleep"):
            del _armed[name]
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "raise":
        raise Fault(f"fault armed at {name}")
    time.sleep(int(action.partition(":")[2]) / 1000)
