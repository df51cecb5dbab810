"""Being told to stop: what takes long looks here between two steps, and leaves off where it can go on."""

import signal
import threading

_asked = threading.Event()


def asked() -> bool:
    """Whether this process is to end as soon as it can."""
    return _asked.is_set()


def ask() -> None:
    _asked.set()


def event() -> threading.Event:
    """To wait for."""
    return _asked


def on_signals() -> None:
    """SIGTERM and SIGINT ask. The second one ends the process at once, as it would have without this."""

    def heard(number: int, _: object) -> None:
        ask()
        signal.signal(number, signal.SIG_DFL)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, heard)


def with_main_thread() -> None:
    """Ask when the main thread ends: a server that has its own way with signals runs there."""

    def watch() -> None:
        threading.main_thread().join()
        ask()

    threading.Thread(target=watch, name="stopping", daemon=True).start()
