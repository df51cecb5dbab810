"""The room where plans are looked at: what staff do with them, and what the records then show."""

from typing import Any

from hub.pull.test_pull import edit
from hub.push.test_with_registry import go, standing, states, want
from hub.staff.desk import BY
from hub.web.town import Town
from laelia.hub import assertions, organisations, plans
from laelia.hub.organisations import Environment
from laelia.lib.clock import HOUR

__all__ = ["Room", "go", "standing", "states", "want"]


class Room:
    """Ada has connected in `browser`."""

    def __init__(self, town: Town) -> None:
        self.town, self.environment = town, town.datacite
        self.browser = town.connected(town.ada)

    def auto_update(self) -> None:
        page = self.browser.open(self.town.at("/datacite/settings")).form("auto-update-switch").submit()
        if "Add all" in page.text:
            page.form("add-all").submit()
        self.town.work()

    def pull(self) -> None:
        self.town.clock.advance(HOUR)
        self.town.work()

    def edit(self, number: int, **attributes: Any) -> None:
        """The metadata of a DOI come to say something else."""
        edit(self.town, f"10.5072/n{number}", **attributes)

    def wants(self, title: str, *numbers: int) -> None:
        """A source brings works, and the worker takes its turn."""
        for number in numbers:
            want(self.town, number, title)
        self.wake()
        self.town.work()

    def wake(self) -> None:
        with self.town.hub.db.writing() as tx:
            assertions.wake(tx, self.town.clock.now(), self.environment, self.town.ada.orcid)

    @property
    def place(self) -> Environment:
        with self.town.hub.db.reading() as tx:
            return organisations.environment(tx, self.environment, self.town.hub.keys)

    def make(self, **scope: Any) -> int:
        with self.town.hub.db.writing() as tx:
            number = plans.ask(
                tx, self.town.clock.now(), self.environment, plans.Scope(**scope), "the librarian"
            )
        assert plans.make_some(self.town.hub, self.environment, number)
        return number

    def undo(self, what: Any, number: int) -> int:
        target = plans.Target(what, number)
        with self.town.hub.db.writing() as tx:
            made = plans.undo(tx, self.town.clock.now(), self.environment, target, "the librarian")
        assert plans.make_some(self.town.hub, self.environment, made)
        return made

    def push(self, number: int, *, much: bool = False) -> plans.Plan:
        with self.town.hub.db.writing() as tx:
            plans.confirm(tx, self.town.clock.now(), BY, self.place, number, much=much)
        plans.push_some(self.town.hub, self.environment, number)
        return self.plan(number)

    def drop(self, number: int) -> None:
        with self.town.hub.db.writing() as tx:
            plans.drop(tx, self.town.clock.now(), BY, self.place, number)

    def take_new(self, number: int) -> None:
        with self.town.hub.db.writing() as tx:
            plans.take_new(tx, self.town.clock.now(), BY, self.place, number)

    def plan(self, number: int) -> plans.Plan:
        with self.town.hub.db.reading() as tx:
            found = plans.plan(tx, self.environment, number)
        assert found is not None
        return found

    def people(self, number: int) -> list[plans.Person]:
        with self.town.hub.db.reading() as tx:
            return plans.people(tx, number, limit=None)[0]

    def kinds(self, number: int) -> list[str]:
        return [step.kind for each in self.people(number) for step in each.steps]

    def stopped(self) -> list[plans.Plan]:
        with self.town.hub.db.reading() as tx:
            return plans.stopped(tx, self.environment)

    def withdraw(self, *numbers: int) -> None:
        """The source takes some back."""
        keys = {f"doi:10.5072/n{number}" for number in numbers}
        with self.town.hub.db.writing() as tx:
            for row in assertions.rows(tx, self.environment, self.town.ada.orcid):
                if row.key in keys:
                    assertions.withdraw(tx, self.town.clock.now(), self.environment, row.id, "hidden")

    def row(self, number: int) -> Any:
        with self.town.hub.db.reading() as tx:
            rows = assertions.rows(tx, self.environment, self.town.ada.orcid)
        [found] = [row for row in rows if row.key == f"doi:10.5072/n{number}"]
        return found

    def titles(self) -> dict[str, str]:
        """Number of a work → its title on the record."""
        return {doi.removeprefix("10.5072/n"): title for doi, (_, title) in standing(self.town).items()}
