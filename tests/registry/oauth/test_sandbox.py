"""What exists in a sandbox only."""

import pathlib
from collections.abc import Callable

import pytest

from laelia.lib.settings import SettingsError
from registry.place import Place


def test_codes_as_short_as_orcids(new_database: Callable[..., str], tmp_path: pathlib.Path) -> None:
    place = Place(new_database("laelia.registry.migrations"), tmp_path, short_codes=True)
    code = place.allow(place.ada, client := place.member())["code"]
    assert len(code) == 6
    assert place.redeem(client, code).status == 200
    place.close()


def test_outside_there_is_neither(new_database: Callable[..., str], tmp_path: pathlib.Path) -> None:
    with pytest.raises(SettingsError, match="SHORT_CODES"):
        Place(new_database("laelia.registry.migrations"), tmp_path, short_codes=True, sandbox=False)
    place = Place(new_database("laelia.registry.migrations"), tmp_path, sandbox=False)
    for path in ("/sandbox/outbox", "/sandbox/api/outbox"):
        assert place.http.get(place.at(path)).status == 404
    page = place.browser().open(place.at("/"))
    assert "sandbox" not in page.text
    assert "x-robots-tag" not in page.headers
    place.close()
