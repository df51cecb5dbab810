"""A pull and a click that file the same thing at once make one row of it."""

import pathlib
import threading

import pytest

from conftest import NewDatabase
from hub.engine import ANNA, engine, work
from laelia.hub import assertions
from laelia.lib.http import Http


@pytest.mark.parametrize("title", ["The same", "Each another"])
def test_filing_at_once_makes_one_row(new_database: NewDatabase, tmp_path: pathlib.Path, title: str) -> None:
    hub = engine(new_database("laelia.hub.migrations"), Http(apps={}), tmp_path)
    environment = hub.environment()
    failed: list[Exception] = []
    together = threading.Barrier(4)

    def file(number: int) -> None:
        said = title if title == "The same" else f"Title {number}"
        try:
            for place in range(10):
                together.wait(30)
                entry = assertions.Entry(
                    environment, ANNA, "works", f"doi:10.5072/{place}", "datacite", "search-link"
                )
                with hub.db.writing() as tx:
                    assertions.file(tx, hub.clock.now(), entry, work(f"10.5072/{place}", said))
        except Exception as error:
            failed.append(error)
            together.abort()

    threads = [threading.Thread(target=file, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(hub.rows(environment)) == 10
    hub.db.dispose()
