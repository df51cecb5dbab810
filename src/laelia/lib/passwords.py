"""People's passwords: argon2id, one at a time, in a niced helper process.

In the serving process two sign-ins at once raised the slowest reads from 0.1 to 35 ms; hence the helper
and its short queue. The helper ends when its stdin closes, that is with the process that started it.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading

QUEUE = 32
COST = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
"""What a hash takes, as OWASP asks of argon2id; memory in KiB."""


class Busy(Exception):
    """Too many sign-ins wait already: answer 503 with Retry-After."""


class Passwords:
    """Hashes and verifies; the helper starts with the first call and again when it died. `queue` is how many
    may wait at once; raises Busy for more. All of a process ask one helper, which ends when the last of them
    is closed."""

    def __init__(self, queue: int = QUEUE) -> None:
        self._room = threading.BoundedSemaphore(queue)

    def hash(self, password: str) -> str:
        answer = self._ask({"do": "hash", "password": password})
        return str(answer["hash"])

    def verify(self, password: str, hashed: str | None) -> bool:
        """False also without a hash, after the same work, so that the time taken tells nothing about
        accounts.
        """
        return bool(self._ask({"do": "verify", "password": password, "hash": hashed})["right"])

    def close(self) -> None:
        _helper.leave(self)

    def _ask(self, question: dict[str, str | None]) -> dict[str, str | bool]:
        if not self._room.acquire(blocking=False):
            raise Busy("Too many people sign in at this moment.")
        try:
            return _helper.ask(self, question)
        finally:
            self._room.release()


class _Helper:
    """The process, and who uses it: whoever asks, until they leave."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[str] | None = None
        self._users: set[Passwords] = set()

    def ask(self, user: Passwords, question: dict[str, str | None]) -> dict[str, str | bool]:
        with self.lock:
            self._users.add(user)
            try:
                return self._exchange(question)
            except (OSError, ValueError):
                self._stop()
                return self._exchange(question)

    def leave(self, user: Passwords) -> None:
        with self.lock:
            self._users.discard(user)
            if not self._users:
                self._stop()

    def _exchange(self, question: dict[str, str | None]) -> dict[str, str | bool]:
        helper = self.process
        if helper is None or helper.poll() is not None:
            command = [sys.executable, "-m", "laelia.lib.passwords", json.dumps(COST)]
            helper = self.process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        assert helper.stdin is not None
        assert helper.stdout is not None
        helper.stdin.write(json.dumps(question) + "\n")
        helper.stdin.flush()
        answer: dict[str, str | bool] = json.loads(helper.stdout.readline())
        return answer

    def _stop(self) -> None:
        helper, self.process = self.process, None
        if helper is None:
            return
        for stream in (helper.stdin, helper.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            helper.wait(timeout=5)
        except subprocess.TimeoutExpired:
            helper.kill()
            helper.wait()


_helper = _Helper()


def main(cost: dict[str, int]) -> None:
    """The helper: a JSON question per line on stdin, a JSON answer per line on stdout."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    os.nice(10)
    hasher = PasswordHasher(cost["time_cost"], cost["memory_cost"], cost["parallelism"])
    nobody = hasher.hash("nobody has this password")
    for line in sys.stdin:
        question = json.loads(line)
        if question["do"] == "hash":
            answer: dict[str, str | bool] = {"hash": hasher.hash(question["password"])}
        else:
            try:
                right = bool(hasher.verify(question["hash"] or nobody, question["password"]))
            except (VerificationError, InvalidHashError):
                right = False
            answer = {"right": right and question["hash"] is not None}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    # Ctrl-C reaches the whole process group; the parent says goodbye.
    with contextlib.suppress(KeyboardInterrupt):
        main(json.loads(sys.argv[1]))
