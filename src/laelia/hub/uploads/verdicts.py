"""Every row's own verdict, before anything is filed: batch after batch, so that an interrupted run goes on
where it stopped. The register of organisations is asked between transactions, each thing once a file."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.client.organisations import organisations as ask_register
from laelia.client.peer import Peer
from laelia.codec import json as codec
from laelia.connectors.files import grouped
from laelia.connectors.files.kinds import PEOPLE
from laelia.connectors.files.register import Answers, Candidate, Question
from laelia.connectors.files.rows import Asked, Judged, Own, asked, judged
from laelia.hub import organisations, tables
from laelia.hub.organisations import Environment
from laelia.hub.pace import SharedPace
from laelia.hub.settings import Hub
from laelia.hub.uploads import people_rows
from laelia.hub.uploads.keys import Keys, keys_of, ledger_key
from laelia.hub.uploads.stored import BATCH, Upload, hold, keep_answers, kept_answers, set_state, upload
from laelia.hub.uploads.verdict import Verdict, file_row, keep, still_open
from laelia.hub.uploads.whom import People, people_of
from laelia.lib import faults
from laelia.model.language import V3_0

CONNECTOR = "files"


def check(hub: Hub, environment_id: int, number: int, most: int | None = None) -> bool:
    """Judge rows that are not judged yet, up to `most`; True once all are. Call it with no transaction
    open."""
    with hub.db.writing() as tx:
        hold(tx, hub.clock.now(), number)
        one = upload(tx, environment_id, number, counted=False)
        if one is None or one.state not in ("stored", "checking"):
            return True
        set_state(tx, hub.clock.now(), number, "checking")  # from now on it can't be read otherwise
        place = organisations.environment(tx, environment_id, hub.keys)
        register = Register(hub, place, kept_answers(tx, number))
        own = Own(place.organisation_name, _ror(tx, place))
    if one.reading.missing():
        raise ValueError("a file whose required columns are unknown can't be checked")
    judge = _judging_people(hub, number) if one.reading.kind == PEOPLE.name else _judge
    left, after = most if most is not None else one.rows, 0
    together = grouped.groups(one.reading)
    while left > 0:
        with hub.db.reading() as tx:
            rows = _next(tx, number, BATCH if together else min(left, BATCH), after)
        if together and len(rows) == BATCH:
            rows = rows[: grouped.whole(one.reading, one.headers, [file_row(row) for row in rows])]
        if not rows:
            break
        after = rows[-1].position
        judge(hub, one, own, rows, register)
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
    open_ones = (c.verdict.is_(None), c.outcome.is_(None))  # of a row that was erased nothing is said
    found = select(tables.upload_row).where(c.upload_id == number, *open_ones, c.position > after)
    return list(tx.execute(found.order_by(c.position).limit(most)))


def _judging_people(hub: Hub, number: int) -> "Callable[[Hub, Upload, Own, list[Row[Any]], Register], None]":
    with hub.db.reading() as tx:
        before = people_rows.mentioned(tx, number)
    return lambda hub, one, own, rows, register: people_rows.judge(hub, one, rows, before)


def _judge(hub: Hub, one: Upload, own: Own, rows: list[Row[Any]], register: "Register") -> None:
    taken = [asked(one.reading, one.headers, file_row(row), own) for row in rows]
    if grouped.groups(one.reading):
        grouped.put_together(one.reading, one.headers, taken)
    answers = register.ask(question for each in taken for question in each.questions)
    said = [judged(one.reading, each, answers) for each in taken]
    with hub.db.writing() as tx:
        hold(tx, hub.clock.now(), one.id)
        still = still_open(tx, [row.id for row in rows])
        people = people_of(tx, one.environment_id, (each.who for each in said))
        keys = keys_of(tx, one.environment_id, said)
        both = zip(rows, said, strict=True)
        keep(tx, one.id, [_verdict(row, each, people, keys) for row, each in both if row.id in still])


def _verdict(row: Row[Any], one: Judged, people: People, keys: Keys) -> Verdict:
    made = Verdict(row, list(one.said), list(one.notes), section=one.section, removes=one.delete)
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


class Register:
    """The register of organisations of an environment's registry, with the answers it gave for this file."""

    def __init__(self, hub: Hub, place: Environment, kept: str | None) -> None:
        base = place.token_url.removesuffix("/oauth/token")
        pace = SharedPace(hub.db, f"{base} register", hub.settings.calls_per_second)
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
