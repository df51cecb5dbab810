"""What is closed while others write: nothing stays behind, and nobody waits for ever."""

from laelia.registry.account import delegates
from laelia.registry.account.closing import deactivation, erasure, merging
from laelia.registry.account.closing.deactivation import NotOpen
from registry.api.people import work
from registry.at_once import at_once
from registry.closing.life import Life

ROUNDS = 4


def test_two_records_merged_into_each_other_at_once(life: Life) -> None:
    """One of the two wins; they lock both records in one order."""
    for number in range(ROUNDS):
        pair = [life.place.person("Ada", str(x), f"ada{number}.{x}@example.org").orcid for x in range(2)]
        refused = []

        def into(primary: str, duplicate: str, refused: list[str] = refused) -> None:
            try:
                with life.place.service.db.writing() as tx:
                    merging.merge(tx, life.now, primary, duplicate)
            except NotOpen:
                refused.append(primary)

        at_once(lambda p=pair: into(p[0], p[1]), lambda p=pair: into(p[1], p[0]))  # type: ignore[misc]
        states = {row.orcid: row for row in life.place.rows("record") if row.orcid in pair}
        (lost,) = refused
        assert (states[lost].state, states[lost].primary_orcid) == ("deprecated", (set(pair) - {lost}).pop())
        emails = {row.orcid for row in life.place.rows("email") if row.email.startswith(f"ada{number}.")}
        assert emails == set(pair) - {lost}


def test_nothing_is_written_to_a_record_that_is_erased(life: Life) -> None:
    """A member posts, refreshes its permission, and a friend is trusted, all at the same moment."""
    for number in range(ROUNDS):
        ada = life.place.person("Ada", "Lovelace", f"zq{number}@example.org")
        life.ada = ada.orcid
        token = life.token(life.member_client.id, ada.orcid, "/activities/update", "/read-limited")

        def erase(orcid: str = ada.orcid) -> None:
            with life.place.service.db.writing() as tx:
                assert erasure.erase(tx, life.now, orcid)

        def trust(orcid: str = ada.orcid) -> None:
            with life.place.service.db.writing() as tx:
                delegates.add(tx, life.now, orcid, life.sophie)

        answers: list[int] = []

        def post(token: str = token, answers: list[int] = answers) -> None:
            answers.append(life.post(work(), token).status)

        at_once(erase, post, post, trust)
        assert set(answers) <= {201, 401, 409}
        for table in ("item", "external_id", "token", "delegate", "name", "email"):
            assert life.rows_about(table) == [], table


def test_a_record_is_closed_once(life: Life) -> None:
    for number in range(ROUNDS):
        ada = life.place.person("Ada", "Lovelace", f"zq{number}@example.org")
        done: list[str] = []

        def leave(orcid: str = ada.orcid, email: str = ada.email, done: list[str] = done) -> None:
            try:
                with life.place.service.db.writing() as tx:
                    deactivation.deactivate(tx, life.now, life.place.service.keys, orcid, email)
                done.append(orcid)
            except NotOpen:
                pass

        at_once(leave, leave, leave)
        assert done == [ada.orcid]
        assert len(life.rows_about("former_email", ada.orcid)) == 1
