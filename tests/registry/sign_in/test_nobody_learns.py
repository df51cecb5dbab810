"""Who has an account here is told to nobody: sign-in and reset give the same answer after the same work,
counted in statements, jobs and hashes rather than by a clock."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from laelia.lib.browser import Page
from registry.place import PASSWORD, Person, Place


@contextmanager
def statements(place: Place) -> Iterator[list[str]]:
    """The verbs of what the database is asked meanwhile."""
    seen: list[str] = []

    def note(conn: object, cursor: object, text: str, *rest: object) -> None:
        seen.append(" ".join(text.split()[:2]))

    sa.event.listen(place.service.db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(place.service.db.engine, "before_cursor_execute", note)


def sign_in(place: Place, name: str, password: str) -> tuple[Page, list[str]]:
    page = place.elsewhere("192.0.2.55").open(place.at("/signin"))
    form = page.form("/signin").fill(name=name, password=password)
    with statements(place) as seen:
        return form.submit(), seen


@pytest.fixture
def names(place: Place, grace: Person) -> dict[str, str]:
    """Names that lead to no sign-in, for every reason there is."""
    gone = place.person("Gone", "Person", f"gone{grace.email}")
    place.set_state(gone, "deactivated")
    merged = place.person("Merged", "Person", f"merged{grace.email}")
    place.set_state(merged, "deprecated")
    bare = place.person("Bare", "Person", f"bare{grace.email}")
    with place.service.db.writing() as tx:
        tx.exec_driver_sql(f"delete from credential where orcid = '{bare.orcid}'")
    return {
        "her address, wrong password": grace.email,
        "her iD, wrong password": grace.orcid,
        "an address that is nobody's": f"nobody{grace.email}",
        "an iD that is nobody's": "0009-8000-0000-0012",
        "nonsense": "nonsense",
        "closed": gone.email,
        "merged": merged.email,
        "without a password": bare.email,
    }


def test_sign_in_answers_alike(place: Place, names: dict[str, str]) -> None:
    answers, work = {}, {}
    for why, name in names.items():
        password = PASSWORD if why in ("closed", "merged", "without a password") else "wrong 1 password"
        page, seen = sign_in(place, name, password)
        answers[why] = (page.status, page.text.replace(name, "X"), sorted(page.headers))
        work[why] = seen
    assert len({str(answer) for answer in answers.values()}) == 1, answers
    # An iD is not looked for among the addresses: what was typed tells that already.
    by_address = {str(work[why]) for why in names if "@" in names[why]}
    by_id = {str(work[why]) for why in names if "@" not in names[why]}
    assert (len(by_address), len(by_id)) == (1, 1), work


def test_reset_answers_alike(place: Place, names: dict[str, str]) -> None:
    answers, work = {}, {}
    for why, name in names.items():
        form = place.browser().open(place.at("/reset-password")).form("/reset-password").fill(name=name)
        with statements(place) as seen:
            page = form.submit()
        answers[why] = (page.status, page.text.replace(name, "X"), sorted(page.headers))
        work[why] = seen
    assert len({str(answer) for answer in answers.values()}) == 1, answers
    assert len({str(seen) for seen in work.values()}) == 1, work


def test_the_second_step_is_shown_only_after_the_right_password(place: Place, grace: Person) -> None:
    """Whether somebody has a second factor is told to nobody who does not know her password."""
    page, _ = sign_in(place, grace.email, "wrong 1 password")
    assert (page.status, page.url) == (401, place.at("/signin"))
    assert place.browser().open(place.at("/signin/code")).url == place.at("/signin")
