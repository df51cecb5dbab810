"""What nobody asks for any more is put away, and nothing younger with it."""

from sqlalchemy import func, insert, select

from laelia.lib.clock import DAY
from laelia.registry import tables, worker
from registry.api.people import Api


def test_what_is_thirty_days_past_goes_and_the_rest_stays(api: Api) -> None:
    place, now = api.place, api.now
    row = {"orcid": place.ada.orcid, "section": "works", "kind": "create"}
    with place.service.db.writing() as tx:
        tx.execute(insert(tables.change).values(**row, time=now - 31 * DAY))
        tx.execute(insert(tables.change).values(**row, time=now - 29 * DAY))
        before = tx.execute(select(func.count()).select_from(tables.change)).scalar_one()
    worker.sweep(place.service)
    with place.service.db.reading() as tx:
        assert tx.execute(select(func.count()).select_from(tables.change)).scalar_one() == before - 1
        assert tx.execute(select(func.min(tables.change.c.time))).scalar_one() == now - 29 * DAY
