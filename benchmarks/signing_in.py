"""Sign-ins per second through the served registry, against bare argon2 with the same parameters in a process
of its own; and how long anonymous reads take meanwhile.

Two people at once keep the helper busy, so the rate can come close to the bare one's; the helper is niced, so
that reads keep the processor, and at most three of the four threads wait for it, so that reads keep one. A
sign-in is the form with its token, the password and the session: each person signs in with a browser that has
none. Reads are of one kept record, at a steady pace beside it, each counted from when it was due.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from benchmarks import records, serving
from benchmarks.figures import Figure, show
from laelia.lib.database import Database
from laelia.lib.secret import Passwords
from laelia.registry.account import credentials

PEOPLE = 200
SECONDS = float(os.environ.get("LAELIA_BENCH_SECONDS", "10"))
AT_ONCE = 2
READS_PER_SECOND = 100
PASSWORD = "orchid & 7 bees"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

BARE = f"""
import time
from argon2 import PasswordHasher
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
made = hasher.hash("{PASSWORD}")
count, since = 0, time.perf_counter()
while time.perf_counter() - since < {SECONDS}:
    hasher.verify(made, "{PASSWORD}")
    count += 1
print(count / (time.perf_counter() - since))
"""


def people(url: str) -> list[str]:
    """Records whose owners can sign in."""
    ids = records.fill(url, PEOPLE)
    passwords = Passwords()
    hashed = passwords.hash(PASSWORD)
    passwords.close()
    database = Database(url)
    with database.writing() as tx:
        for orcid in ids:
            credentials.set_password(tx, records.NOW, orcid, hashed)
    database.dispose()
    return ids


def sign_in(server: serving.Server, orcid: str) -> float:
    """Signs in at a browser of its own; returns the seconds it took from sending the password."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    connection.request("GET", "/signin")
    form = connection.getresponse()
    found = TOKEN.search(form.read().decode())
    assert found is not None
    cookie = (form.getheader("Set-Cookie") or "").partition(";")[0]
    body = urlencode({"csrf_token": found[1], "name": orcid, "password": PASSWORD})
    kind = "application/x-www-form-urlencoded"
    headers = {"Cookie": cookie, "Origin": server.url, "Content-Type": kind}
    since = time.perf_counter()
    connection.request("POST", "/signin", body=body, headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert (answer.status, answer.getheader("Location")) == (303, "/my-record"), answer.status
    connection.close()
    return time.perf_counter() - since


def reads(server: serving.Server, orcid: str, stop: threading.Event, times: list[float]) -> None:
    """One reader at a steady pace; a read counts from when it was due, so that none hides behind another."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    due = time.perf_counter()
    while not stop.is_set():
        due += 1 / READS_PER_SECOND
        time.sleep(max(0, due - time.perf_counter()))
        connection.request("GET", f"/v3.0/{orcid}/record", headers={"Accept": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        times.append(time.perf_counter() - due)


def measured(server: serving.Server, ids: list[str], signing: bool) -> tuple[list[float], list[float], float]:
    """(seconds of each sign-in, seconds of each read, sign-ins per second)."""
    stop, read, signed = threading.Event(), list[float](), list[float]()
    reader = threading.Thread(target=reads, args=(server, ids[0], stop, read))
    reader.start()
    since = time.perf_counter()
    if signing:

        def some(start: int) -> None:
            number = start
            while time.perf_counter() - since < SECONDS:
                signed.append(sign_in(server, ids[number % len(ids)]))
                number += AT_ONCE

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(some, range(AT_ONCE)))
    else:
        time.sleep(SECONDS)
    took = time.perf_counter() - since
    stop.set()
    reader.join()
    return signed, read, len(signed) / took


def p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98] * 1000


def main() -> None:
    """Measures and prints."""
    with serving.folder() as at:
        url = f"sqlite:///{at}/registry.db"
        ids = people(url)
        with serving.registry(url, at, secure_cookies="false") as server:
            sign_in(server, ids[0])  # starts the helper
            _, alone, _ = measured(server, ids, signing=False)
            signed, beside, rate = measured(server, ids, signing=True)
    bare = float(subprocess.run([sys.executable, "-c", BARE], capture_output=True, check=True).stdout)
    show(
        Figure(f"sign-ins, {AT_ONCE} people at once", rate, "per s", bare, "bare argon2, another process"),
        Figure("reads meanwhile", p99(beside), "ms p99", 10.0, "the aim", 1.0, more_is_better=False),
        Figure("reads meanwhile", p99(beside), "ms p99", p99(alone), "the same reads alone"),
    )
    print(f"  a sign-in: median {statistics.median(signed) * 1000:.0f} ms, p99 {p99(signed):.0f} ms; "
          f"{len(beside)} reads, median {statistics.median(beside) * 1000:.2f} ms", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
