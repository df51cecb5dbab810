"""A library between its sandbox and its production, on both databases."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from hub.promotion.trial import Trial, trial_of


@pytest.fixture
def trial(
    new_database: Callable[..., str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Trial]:
    with trial_of(new_database, tmp_path, monkeypatch) as made:
        yield made
