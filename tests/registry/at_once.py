"""Several jobs from one starting shot, for races."""

import threading
from collections.abc import Callable


def at_once(*jobs: Callable[[], None]) -> None:
    """Run all jobs at the same moment; the first exception of any is raised."""
    ready, wrong = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], None]) -> None:
        ready.wait()
        try:
            job()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
