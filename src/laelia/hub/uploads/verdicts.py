"""Every row's own verdict, before anything is filed: batch after batch, so that an interrupted run goes on
where it stopped. The register of organisations is asked between transactions, each thing once a file."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from laelia.client.organisations import organisations as ask_register
from laelia.client.pace import pace_of
from laelia.client.peer import Peer
from laelia.codec import json as codec
from laelia.connectors.files.register import Answers, Candidate, Question
from laelia.connectors.files.rows import Asked, Judged, Own, asked, judged
from laelia.connectors.files.sheet import Row as FileRow
from laelia.connectors.files.words import Said
from laelia.hub import organisations, tables
from laelia.hub.organisations import Environment
from laelia.hub.settings import Hub
from laelia.hub.uploads.keys import Keys, keys_of, ledger_key
from laelia.hub.uploads.stored import BATCH, Upload, hold, keep_answers, kept_answers, set_state, told, upload
from laelia.hub.uploads.whom import People, people_of
from laelia.lib import faults
from laelia.model.language import V3_0

CONNECTOR = "files"
_ROW = update(tables.upload_row).where(tables.upload_row.c.id == bindparam("row_id"))


def check(hub: Hub, environment_id: int, number: int, most: int | None = None) -> bool:
    """Judge rows that are not judged yet, up to `most`; True once all are. Call it with no transaction
    open."""
    with hub.db.writing() as tx:
        hold(tx, hub.clock.now(), number)
        one = upload(tx, environment_id, number)
        if one is None or one.state not in ("stored", "checking"):
            return True
        set_state(tx, hub.clock.now(), number, "checking")  # from now on it can't be read otherwise
        place = organisations.environment(tx, environment_id, hub.keys)
        register = Register(hub, place, kept_answers(tx, number))
        own = Own(place.organisation_name, _ror(tx, place))
    if one.reading.missing():
        raise ValueError("a file whose required columns are unknown can't be checked")
    left, after = most if most is not None else one.rows, 0
    while left > 0:
        with hub.db.reading() as tx:
            rows = _next(tx, number, min(left, BATCH), after)
        if not rows:
            break
        after = rows[-1].position
        _judge(hub, one, own, rows, register)
        left -= len(rows)
        faults.point("hub.upload.judged")
    with hub.db.writing() as tx:
        finished = not _next(tx, number, 1)
        set_state(tx, hub.clock.now(), number, "checked" if finished else "checking")
        keep_answers(tx, number, register.kept())
    return finished


def _ror(tx: Connection, place: Environment) -> str | None:
    c = tables.organisation.c
    found: str | None = tx.execute(select(c.ror).where(c.id == place.organisation_id)).scalar_one()
    return found


def _next(tx: Connection, number: int, most: int, after: int = 0) -> list[Row[Any]]:
    c = tables.upload_row.c
    found = select(tables.upload_row).where(c.upload_id == number, c.verdict.is_(None), c.position > after)
    return list(tx.execute(found.order_by(c.position).limit(most)))


def _judge(hub: Hub, one: Upload, own: Own, rows: list[Row[Any]], register: "Register") -> None:
    taken = [asked(one.reading, one.headers, file_row(row), own) for row in rows]
    answers = register.ask(question for each in taken for question in each.questions)
    said = [judged(one.reading, each, answers) for each in taken]
    with hub.db.writing() as tx:
        hold(tx, hub.clock.now(), one.id)
        still = _open(tx, [row.id for row in rows])
        people = people_of(tx, one.environment_id, (each.who for each in said))
        keys = keys_of(tx, one.environment_id, said)
        both = zip(rows, said, strict=True)
        verdicts = [_verdict(row, each, people, keys) for row, each in both if row.id in still]
        if not verdicts:
            return
        _find_duplicates(tx, one.id, verdicts)
        tx.execute(
            _ROW.values(dict(zip(_COLUMNS, map(bindparam, _COLUMNS), strict=True))),
            [each.values() for each in verdicts],
        )


def _open(tx: Connection, ids: list[int]) -> set[int]:
    """Those that nobody else has judged meanwhile."""
    c = tables.upload_row.c
    return set(tx.execute(select(c.id).where(c.id.in_(ids), c.verdict.is_(None))).scalars())


def file_row(row: Row[Any]) -> FileRow:
    """The row as it stood in its file."""
    document = json.loads(row.document) if row.document else None
    return FileRow(row.number, json.loads(row.cells), row.extra, document)


_COLUMNS = ("verdict", "said", "person_id", "section", "key", "digest", "hash", "item", "removes")


@dataclass
class _Verdict:
    row: Row[Any]
    said: list[Said]
    notes: list[Said]
    person_id: int | None = None
    section: str | None = None
    key: str | None = None
    item: str | None = None
    removes: bool = False
    verdict: str = ""

    @property
    def digest(self) -> str | None:
        if self.said or self.key is None:
            return None
        return hashlib.sha256(f"{self.person_id}\t{self.section}\t{self.key}".encode()).hexdigest()[:32]

    @property
    def hash(self) -> str | None:
        return hashlib.sha256(self.item.encode()).hexdigest() if self.item else None

    def values(self) -> dict[str, Any]:
        good = not self.said and not self.verdict
        verdict = self.verdict or ("wrong" if self.said else "note" if self.notes else "ok")
        every = [*self.said, *self.notes]
        return {
            "row_id": self.row.id, "verdict": verdict, "said": told(every) if every else None,
            "person_id": self.person_id, "section": self.section, "key": self.key,
            "digest": self.digest if good else None, "hash": self.hash if good else None,
            "item": self.item if good else None, "removes": self.removes,
        }  # fmt: skip


def _verdict(row: Row[Any], one: Judged, people: People, keys: Keys) -> _Verdict:
    made = _Verdict(row, list(one.said), list(one.notes), section=one.section, removes=one.delete)
    person = people.find(one.who, made.said, made.notes) if one.who else None
    made.person_id = person.id if person is not None else None
    orcid = person.orcid if person is not None else None
    if one.delete:
        if not made.said:
            keys.deleted(one, orcid, made)
    elif one.put_code is not None and not made.said:
        keys.changed(one, orcid, made)
    elif one.key is not None or one.identity is not None:
        made.key = ledger_key(one.key, one.identity)
    if one.item is not None and not made.said:
        made.item = codec.encode(one.item, V3_0).decode()
    return made


def _find_duplicates(tx: Connection, number: int, verdicts: list[_Verdict]) -> None:
    """The same thing for the same person twice in a file: the first counts. Said again in the same words it
    is a duplicate, in others a mistake."""
    c = tables.upload_row.c
    wanted = {each.digest for each in verdicts if each.digest}
    earlier = select(c.digest, c.number, c.hash, c.removes).where(
        c.upload_id == number, c.digest.in_(wanted), c.verdict.in_(("ok", "note"))
    )
    seen = {row.digest: (row.number, row.hash, row.removes) for row in tx.execute(earlier)}
    for each in verdicts:
        digest = each.digest
        if digest is None:
            continue
        if digest not in seen:
            seen[digest] = (each.row.number, each.hash, each.removes)
            continue
        first, content, removes = seen[digest]
        if (content, removes) == (each.hash, each.removes):
            each.verdict = "duplicate"
            each.notes = [Said("duplicate", "", {"row": str(first)})]
        else:
            each.said.append(Said("same-key", "id", {"row": str(first)}))


class Register:
    """The register of organisations of an environment's registry, with the answers it gave for this file."""

    def __init__(self, hub: Hub, place: Environment, kept: str | None) -> None:
        base = place.token_url.removesuffix("/oauth/token")
        pace = pace_of(f"{base} register", hub.settings.calls_per_second)
        self._peer = Peer(hub.http, base, trusted=True, pace=pace)
        self._known: dict[Question, list[Candidate] | None] = {}
        for by, text, found in json.loads(kept or "[]"):
            self._known[Question(by, text)] = [Candidate(**one) for one in found]

    def ask(self, questions: Iterable[Question]) -> Answers:
        for question in dict.fromkeys(questions):
            if question not in self._known:
                self._known[question] = self._ask(question)
        return self._known

    def _ask(self, question: Question) -> list[Candidate] | None:
        found = ask_register(self._peer, **{question.by: question.text[:300]})
        return None if found is None else [one for each in found if (one := _candidate(each)) is not None]

    def kept(self) -> str:
        """What was answered, to be remembered; what could not be asked is asked again."""
        return json.dumps(
            [
                (question.by, question.text, [vars(one) for one in found])
                for question, found in self._known.items()
                if found is not None
            ]
        )


def _candidate(one: dict[str, Any]) -> Candidate | None:
    ids = one.get("ids") or []
    if not one.get("name") or not ids:
        return None
    first = ids[0]
    return Candidate(
        one["name"], first["source"], first["id"], one.get("city"), one.get("region"), one.get("country")
    )


__all__ = ["CONNECTOR", "Asked", "Register", "check", "file_row"]
