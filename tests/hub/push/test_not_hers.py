"""What somebody said at the registry is not hers: the hub files it and leaves her alone."""

from hub.push.test_with_registry import calls, go, standing, states, want
from hub.web.town import Town
from laelia.hub import assertions
from registry.place import SITE


def reasons(town: Town, environment: int | None = None) -> list[tuple[str, str | None]]:
    with town.hub.db.reading() as tx:
        rows = assertions.rows(tx, town.datacite if environment is None else environment, town.ada.orcid)
    return [(row.state, row.reason) for row in rows]


def test_what_she_said_is_not_hers_is_never_sent_again_unasked(town: Town) -> None:
    """By the one that had added it, by others, alone and among other works."""
    town.connected(town.ada)
    want(town, 1)
    go(town)
    page = town.place.browser(town.ada).open(SITE + "/my-record/sources")
    page = page.form(containing="This is not mine").submit()
    assert "It will not come back" in page.text
    assert standing(town) == {}
    go(town, look=True)
    assert reasons(town) == [("declined", "removed-by-her")]
    with town.hub.db.writing() as tx:
        [row] = assertions.rows(tx, town.datacite, town.ada.orcid)
        assertions.again(tx, town.clock.now(), town.datacite, row.id)
    calls(town)
    assert go(town).counts["declined"] == 1
    assert calls(town) == {("GET", 200): 1, ("POST", 403): 1}
    assert reasons(town) == [("declined", "not-hers")]
    want(town, 1, "Another title")
    assert go(town).state == "nothing"
    town.connected(town.ada, handle="library")
    for number in (1, 2):
        want(town, number, environment=town.library)
    go(town, town.library)
    assert sorted(reasons(town, town.library)) == [("declined", "not-hers"), ("in-record", None)]
    assert list(standing(town)) == ["10.5072/n2"]
    calls(town)
    assert go(town, town.library).state == "nothing"
    # It is hers after all: whoever asks again adds it.
    page = town.place.browser(town.ada).open(SITE + "/my-record/sources")
    page.form(containing="It is mine after all").submit()
    with town.hub.db.writing() as tx:
        [row] = assertions.rows(tx, town.datacite, town.ada.orcid)
        assertions.again(tx, town.clock.now(), town.datacite, row.id)
    go(town)
    assert states(town) == ["in-record"]
