"""How a benchmark says what it found: the figure, its limit measured in the same run, the aim, met or not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` and `limit` are in the same `unit`. `aim` bounds value ÷ limit: from below when more is better
    (a rate), from above when less is better (a time). No aim: the figure is reported only."""

    name: str
    value: float
    unit: str
    limit: float
    limit_name: str
    aim: float | None = None
    more_is_better: bool = True

    @property
    def ratio(self) -> float:
        return self.value / self.limit

    @property
    def met(self) -> bool | None:
        if self.aim is None:
            return None
        return self.ratio >= self.aim if self.more_is_better else self.ratio <= self.aim

    def __str__(self) -> str:
        verdict = {None: "reported", True: "met", False: "NOT MET"}[self.met]
        bound = "" if self.aim is None else f", aim {'≥' if self.more_is_better else '≤'} {self.aim:.2f}"
        return (
            f"{self.name}: {self.value:,.1f} {self.unit}; limit {self.limit:,.1f} {self.unit} "
            f"({self.limit_name}); ratio {self.ratio:.2f}{bound}: {verdict}"
        )


def show(*figures: Figure) -> None:
    for figure in figures:
        print(figure, flush=True)
