"""Loaded records are found like others, and the command reads all of them again."""

import pytest
from typer.testing import CliRunner

from laelia.registry.bulk.records import load as loading
from laelia.registry.bulk.records.archive import Member
from laelia.registry.bulk.records.report import Report
from laelia.registry.commands import commands
from laelia.registry.search import people
from registry.bulk.documents import GRACE, record, xml
from registry.place import Place


def found(place: Place, text: str) -> list[str]:
    with place.service.db.reading() as tx:
        return [hit.orcid for hit in people.find(place.service.search.reader, tx, text, 0, 10).hits]


@pytest.fixture
def loaded(place: Place) -> Place:
    member = Member("dump.tar", f"{GRACE}.xml", xml(record()))
    report = Report(lambda line: None)
    loading.load(place.service.db, place.clock, [member], report)
    assert report.documents == 1
    return place


def test_a_loaded_record_is_found(loaded: Place) -> None:
    loaded.service.search.work()
    assert found(loaded, "grace") == [GRACE]


def test_the_command_reads_all_records_again(loaded: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", loaded.settings.database)
    monkeypatch.setenv("LAELIA_REGISTRY_VAR", str(loaded.settings.var))
    result = CliRunner().invoke(commands, ["reindex", "--json"])
    assert result.exit_code == 0, result.output
    assert '"records": 3' in result.stdout
    assert found(loaded, "grace") == [GRACE]
