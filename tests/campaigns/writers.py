"""Eight clients that write to a registry until it dies under them, and remember what it acknowledged."""

import random
import threading
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import orjson

from laelia.lib.http import Http, HttpError, Response

WRITERS = 8
CLIENT = "APP-BEES"
ORCIDS = ("0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0003-1415-9269", "0000-0002-1694-233X")
GONE = "(deleted)"


def fixtures() -> dict[str, Any]:
    """Four records, so that two writers meet on each."""
    scopes = ["/read-limited", "/activities/update"]
    return {
        "people": [
            {"orcid": one, "given": f"Number {place}", "default_visibility": "public"}
            for place, one in enumerate(ORCIDS)
        ],
        "clients": [{"id": CLIENT, "secret": "bees and more bees", "name": "Bees", "kind": "member"}],
        "tokens": [
            {"token": f"token of {one}", "client": CLIENT, "orcid": one, "scopes": scopes} for one in ORCIDS
        ],
    }


@dataclass
class Known:
    """One work: the content last acknowledged (GONE: its deletion, None: nothing yet), and the one under way
    when the registry died, of which nobody can know."""

    put_code: int | None = None
    sure: str | None = None
    maybe: str | None = None

    @property
    def allowed(self) -> set[str | None]:
        """What may stand there now; None and GONE both: nothing."""
        return {None if one == GONE else one for one in (self.sure, self.maybe or self.sure)}


@dataclass
class Memory:
    """All works of a campaign by iD and DOI; `answered` counts what was acknowledged."""

    works: dict[tuple[str, str], Known] = field(default_factory=dict)
    answered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    first: threading.Event = field(default_factory=threading.Event)


class Writer:
    """Adds works one by one and several at once, changes and deletes some of its own."""

    def __init__(self, url: str, name: str, place: int, memory: Memory) -> None:
        self.url, self.name, self.memory = url, f"{name}.{place}", memory
        self.orcid = ORCIDS[place % len(ORCIDS)]
        self.chance = random.Random(self.name)
        self.mine: list[str] = []
        self.problem: str | None = None
        self.thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        with closing(Http(timeout=30)) as http:
            self.http = http
            count = 0
            try:
                while self.problem is None:
                    count += 1
                    self._one(count)
            except HttpError:
                return

    def _one(self, count: int) -> None:
        turn = self.chance.random()
        if self.mine and turn < 0.2:
            self._change(self.chance.choice(self.mine), f"Changed at {count}")
        elif self.mine and turn < 0.3:
            self._delete(self.mine.pop(self.chance.randrange(len(self.mine))))
        elif turn < 0.4:
            self._several([f"10.5555/{self.name}.{count}.{number}" for number in range(5)])
        else:
            self._add(f"10.5555/{self.name}.{count}")

    def _add(self, doi: str) -> None:
        known = self._known(doi, "As first sent")
        answer = self._send("POST", "/work", work(doi, "As first sent"))
        if self._good(answer, 201):
            self._sure(known, "As first sent", int(answer.headers["location"].rpartition("/")[2]))
            self.mine.append(doi)

    def _several(self, dois: list[str]) -> None:
        known = [self._known(doi, "Sent with others") for doi in dois]
        sent = {"bulk": [{"work": work(doi, "Sent with others")} for doi in dois]}
        answer = self._send("POST", "/works", sent)
        if self._good(answer, 200):
            for one, member in zip(known, answer.json()["bulk"], strict=True):
                self._sure(one, "Sent with others", member["work"]["put-code"])
            self.mine += dois

    def _change(self, doi: str, title: str) -> None:
        known = self._known(doi, title)
        sent = work(doi, title) | {"put-code": known.put_code}
        if self._good(self._send("PUT", f"/work/{known.put_code}", sent), 200):
            self._sure(known, title, known.put_code)

    def _delete(self, doi: str) -> None:
        known = self._known(doi, GONE)
        if self._good(self._send("DELETE", f"/work/{known.put_code}", None), 204):
            self._sure(known, GONE, known.put_code)

    def _known(self, doi: str, title: str) -> Known:
        with self.memory.lock:
            known = self.memory.works.setdefault((self.orcid, doi), Known())
        known.maybe = title
        return known

    def _sure(self, known: Known, title: str, put_code: int | None) -> None:
        known.sure, known.maybe, known.put_code = title, None, put_code
        with self.memory.lock:
            self.memory.answered += 1
        self.memory.first.set()

    def _good(self, answer: Response, status: int) -> bool:
        if answer.status != status:
            self.problem = f"{answer.status} {answer.text[:300]}"
        return answer.status == status

    def _send(self, method: str, path: str, sent: dict[str, Any] | None) -> Response:
        media = "application/vnd.orcid+json"
        headers = {"Authorization": f"Bearer token of {self.orcid}", "Accept": media, "Content-Type": media}
        return self.http.request(
            method, f"{self.url}/v3.0/{self.orcid}{path}", headers=headers, trusted=True,
            content=orjson.dumps(sent) if sent is not None else None,
        )  # fmt: skip


def work(doi: str, title: str) -> dict[str, Any]:
    external = {"external-id-type": "doi", "external-id-value": doi, "external-id-relationship": "self"}
    return {
        "title": {"title": {"value": title}},
        "type": "data-set",
        "external-ids": {"external-id": [external]},
    }
