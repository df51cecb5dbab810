"""What a rule is, and what is said of one after looking. The rules are those of ORCID's reviews, in our
words: O of OAuth, S of what is stored, V of what is shown, W of calls, K of what is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, func, select

from laelia.client.orcid.addresses import Addresses
from laelia.hub import tables
from laelia.hub.organisations import Environment, traffic
from laelia.hub.promotion.probe import Probe
from laelia.lib.i18n import ngettext

State = Literal["holds", "fails", "unseen", "look"]
"""It holds; it does not; nothing was seen that would tell; a person has to look."""
Level = Literal["MUST", "SHOULD"]


@dataclass(frozen=True)
class Finding:
    """`said` is the evidence, in numbers where there are any; `runs` are those in which it can be seen."""

    state: State
    said: str
    runs: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What there is to look at: the tables of the environment, the calls that were counted, its own pages as
    they were just asked for, and where it shall go."""

    tx: Connection
    now: int
    place: Environment
    to: Addresses
    public_url: str
    calls_per_second: int
    probe: Probe

    @cached_property
    def traffic(self) -> list[traffic.Seen]:
        return traffic.seen(self.tx, self.place.id)

    def calls(self, *methods: str, path: str = "", host: str = "", status: tuple[int, int] = (0, 999)) -> int:
        """How many calls of these methods were made, to paths with this in them, with such answers."""
        first, last = status
        return sum(
            one.count for one in self.traffic
            if (not methods or one.kind.method in methods) and path in one.kind.path
            and host in ("", one.kind.host) and first <= one.kind.status <= last
        )  # fmt: skip

    def count(self, table: Any, *where: ColumnElement[bool]) -> int:
        """Rows of this environment."""
        found = select(func.count()).select_from(table).where(table.c.environment_id == self.place.id, *where)
        return int(self.tx.execute(found).scalar_one())

    def runs_with(self, action: str) -> tuple[int, ...]:
        """The last runs in which such a call was made and answered."""
        a = tables.attempt.c
        done = (a.environment_id == self.place.id, a.action == action, a.finished.is_not(None))
        found = (
            select(a.run_id).where(*done, a.status.is_(None)).distinct().order_by(a.run_id.desc()).limit(3)
        )
        return tuple(self.tx.execute(found).scalars())

    def items(self, *columns: Any) -> Select[Any]:
        """Items that stand on records, a thousand of the newest at most."""
        a = tables.assertion.c
        mine = (a.environment_id == self.place.id, a.put_code.is_not(None), a.item.is_not(None))
        return select(*columns).where(*mine).order_by(a.id.desc()).limit(1000)


Check = Callable[[Facts], Finding]


@dataclass(frozen=True)
class Rule:
    """`words` say what must be so, `how` by what it is told."""

    id: str
    level: Level
    words: str
    how: str
    check: Check


@dataclass(frozen=True)
class Checked:
    rule: Rule
    finding: Finding

    @property
    def stops(self) -> bool:
        """Whether it stands against going to production."""
        return self.rule.level == "MUST" and self.finding.state == "fails"


def judged(good: bool, said: str, runs: tuple[int, ...] = ()) -> Finding:
    return Finding("holds" if good else "fails", said, runs)


def seen(n: int, said: str, nothing: str, runs: tuple[int, ...] = ()) -> Finding:
    """It holds as far as it was seen at all."""
    return Finding("holds", said, runs) if n else Finding("unseen", nothing)


def people(n: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", n)


def by_id(checked: list[Checked]) -> Mapping[str, Checked]:
    return {one.rule.id: one for one in checked}
