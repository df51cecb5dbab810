"""What a push comes to."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

State = Literal["done", "nothing", "waiting", "held", "busy", "stopped", "changed"]


@dataclass
class Outcome:
    """What a push came to. `retry_ms` is set where it should be tried again by itself; "changed" is a record
    that is not as it was when its plan was stored, so nothing was written of what changed."""

    state: State
    reason: str | None = None
    run_id: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    writes: int = 0
    retry_ms: int | None = None
