"""The error catalogue: complete, consistent, and helpful to a stranger."""

import string

import pytest

from laelia.model.other import error_of
from laelia.model.problems import CATALOGUE, Duplicate, NotUnderstood, Problem, SchemaViolation, UnknownPath

CODES = [9001, 9002, *range(9004, 9059), 9060, 9061, 9062]
STATUS = {
    401: [9002, 9015, 9017],
    403: [9004, 9005, 9009, 9010, 9013, 9014, 9035, 9038, 9039, 9052],
    404: [9011, 9016, 9027, 9028, 9029, 9041],
    409: [9007, 9018, 9021, 9025, 9030, 9031, 9032, 9036, 9040, 9044, 9048, 9057],
    500: [9008],
    308: [9056],
}


def test_every_code_has_its_class_and_status() -> None:
    assert sorted(CATALOGUE) == CODES
    expected = {code: status for status, codes in STATUS.items() for code in codes}
    assert {code: kind.http for code, kind in CATALOGUE.items()} == {
        code: expected.get(code, 400) for code in CODES
    }


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.__name__)
def test_sentences_hold_together(kind: type[Problem]) -> None:
    names = {
        name
        for text in (kind.developer, kind.user)
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }
    told = kind(**dict.fromkeys(names, "VALUE"))
    assert told.developer_message.endswith((".", ":"))
    assert told.user_message.endswith(".")
    assert "{" not in told.developer_message + told.user_message
    assert kind().user_message, "a problem can be told without any value"


def test_values_stand_in_the_sentences() -> None:
    problem = Duplicate(put_code=1234, client="DataCite")
    assert "1234" in problem.developer_message
    assert "1234" in problem.user_message
    assert "DataCite" in str(problem)


def test_kinds_of_a_code_keep_it() -> None:
    assert (UnknownPath.code, UnknownPath(path="/x").status) == (9001, 404)
    assert CATALOGUE[9001] is NotUnderstood
    assert SchemaViolation.code == 9012


def test_error_body() -> None:
    error = error_of(Duplicate(put_code=7, client="X"), pages="https://example.org/errors")
    assert (error.response_code, error.error_code) == (409, 9021)
    assert error.more_info == "https://example.org/errors/9021"
