"""From *Publish* in the repository to the work on the record, through the four real services as the demo
starts them; and how many API calls the hub needs for it, counted by the registry's call log.

The clock starts before the form is opened and stops when anyone can read the work. The hub looks for new DOIs
every second (the demo's setting), and people publish at any moment of that second. The least possible, by the
hub's design: one read of the summaries for each change set, one write for up to 100 new works, one PUT for
each changed one.
"""

import math
import random
import statistics
import time
from collections import Counter
from pathlib import Path

from benchmarks import serving
from benchmarks.figures import Figure, show
from laelia.sandbox.demo import deposits, setup, story
from laelia.sandbox.demo.memory import Memory
from laelia.sandbox.demo.real_input import calls
from laelia.sandbox.demo.services import Neighbourhood, running, taken_ports
from laelia.sandbox.demo.stage import PATIENCE_SECONDS, Stage, StepFailed, title_of

PUBLISHED, EDITED, AT_ONCE = 20, 5, 150
LOOK_SECONDS = 0.02
PULL_SECONDS = 1.0


def neighbourhood(at: Path, memory: Memory) -> Neighbourhood:
    """The four on a block of ports where nobody listens."""
    while True:
        place = setup.neighbourhood(at, random.randrange(20_000, 30_000, 4), memory)
        if not taken_ports(place):
            return place


def seconds(stage: Stage, doi: str, title: str, since: float) -> float:
    """How long it took until anyone can read the work with that title."""
    while time.monotonic() - since < PATIENCE_SECONDS:
        work = stage.work(doi)
        if work is not None and title_of(work) == title:
            return time.monotonic() - since
        time.sleep(LOOK_SECONDS)
    raise StepFailed(f"{doi} did not come to the record within {PATIENCE_SECONDS} seconds")


def publish(stage: Stage, number: int) -> tuple[str, float]:
    time.sleep(random.uniform(0, PULL_SECONDS))
    title = f"Pollinator visits to Laelia anceps, day {number}"
    since = time.monotonic()
    doi = deposits.publish(stage, title)
    return doi, seconds(stage, doi, title, since)


def edit(stage: Stage, doi: str, number: int) -> float:
    time.sleep(random.uniform(0, PULL_SECONDS))
    title = f"Pollinator visits to Laelia anceps, day {number}, counted again"
    since = time.monotonic()
    deposits.retitle(stage, title)
    return seconds(stage, doi, title, since)


def counted(stage: Stage) -> Counter[str]:
    """The hub's calls so far, by method and path; its lines are written within a tenth of a second."""
    time.sleep(1)
    rows = calls(stage)
    return Counter({f"{row['method']} {row['path']} {row['status']}": row["count"] for row in rows})


def report(name: str, made: Counter[str], least: int) -> None:
    show(Figure(name, sum(made.values()), "calls", least, "the least possible", 1.0, more_is_better=False))
    print("  " + ", ".join(f"{count} × {what}" for what, count in sorted(made.items())), flush=True)


def one_by_one(stage: Stage) -> None:
    """Publications and edits, each waited for: a change set each."""
    publish(stage, 0)  # she connects her iD on the way
    before = counted(stage)
    new, edited = [], []
    for number in range(1, PUBLISHED + 1):
        doi, took = publish(stage, number)
        new.append(took)
        if number % (PUBLISHED // EDITED) == 0:
            edited.append(edit(stage, doi, number))
    made = counted(stage) - before
    for name, times in (("publish to record", new), ("edit to record", edited)):
        for what, value in (("median", statistics.median(times)), ("max", max(times))):
            limit = f"one look of the hub every {PULL_SECONDS:.0f} s"
            figure = Figure(
                f"{name}, {what} of {len(times)}", value, "s", PULL_SECONDS, limit, more_is_better=False
            )
            show(figure)
    report(f"API calls for {PUBLISHED} new works and {EDITED} edits", made, 2 * PUBLISHED + 2 * EDITED)


def at_once(stage: Stage) -> None:
    """What was published while Auto-Update was off comes as one change set."""
    stage.press(stage.at_hub("settings"), "auto-update-switch")
    before = counted(stage)
    dois = [register(stage, number) for number in range(AT_ONCE)]
    stage.press(stage.at_hub("settings"), "auto-update-switch").form("add-all").submit()
    for doi in dois:
        stage.arrives(doi)
    made = counted(stage) - before
    report(f"API calls for {AT_ONCE} new works at once", made, 1 + math.ceil(AT_ONCE / 100))


def register(stage: Stage, number: int) -> str:
    return deposits.register(stage, f"series.{number}", "Dataset", f"Scent samples, part {number}", True)


def main() -> None:
    """Plays and prints."""
    with serving.folder() as at:
        memory = Memory(at / "demo.json")
        place = neighbourhood(at, memory)
        with running(place):
            setup.operate(place, memory)
            stage = Stage(place, memory)
            for play in (story.register, story.allow_until_revoked, story.claim, story.auto_update):
                play(stage)
            one_by_one(stage)
            at_once(stage)


if __name__ == "__main__":
    main()
