"""Run one service with granian, and say on stdout when it answers.

Granian starts a worker process that makes the app by itself, from the environment: whatever has threads or
handles is made there, after the start.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from granian import Granian
from granian.constants import Interfaces

THREADS = 4


class CantServe(Exception):
    """The service can't start; the message says why and what to do."""


def run(
    target: str,
    *,
    name: str,
    public_url: str,
    host: str = "127.0.0.1",
    port: int,
    threads: int = THREADS,
    processes: int = 1,
    tls: Path | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve `module:function` (a factory of a WSGI callable) until interrupted.

    Prints `ready <name> <public_url>` on stdout once the port answers. `tls` is a folder for a certificate
    authority made on the spot (lib/tls.py). SQLite takes one process; more are for PostgreSQL.
    """
    check_port(host, port)
    certificate: tuple[Path | None, Path | None] = (None, None)
    if tls is not None:
        from laelia.lib.tls import certificate_for

        certificate = certificate_for(tls, _names(public_url, host))
    server = Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,  # the default of 512 would let as many requests fight for one lock
        backpressure=max(64, threads * 16),
        websockets=False,
        log_access=False,
        log_level="error",  # type: ignore[arg-type]  # its enum is of strings, which it takes
        ssl_cert=certificate[0],
        ssl_key=certificate[1],
        respawn_failed_workers=False,
    )
    stop = threading.Event()
    announce = threading.Thread(
        target=_announce, args=(stop, name, public_url, host, port, tls is not None, ready), daemon=True
    )
    announce.start()
    try:
        server.serve(target_loader=_load)
    finally:
        stop.set()


def check_port(host: str, port: int) -> None:
    """Say clearly that a port is taken, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CantServe(
                f"Port {port} on {host} can't be used ({error.strerror}). "
                "Stop what listens there or choose another port."
            ) from None


def _announce(
    stop: threading.Event,
    name: str,
    public_url: str,
    host: str,
    port: int,
    tls: bool,
    ready: Callable[[], None] | None,
) -> None:
    """Wait for an answer, not only for a connection: the app is loaded after the socket opens."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
    while not stop.wait(0.03):
        with contextlib.suppress(OSError):
            with socket.create_connection((target, port), timeout=2) as raw:
                raw.settimeout(30)
                stream = _unchecked().wrap_socket(raw) if tls else raw
                host_header = urlsplit(public_url).netloc
                request = f"GET /.ready HTTP/1.1\r\nHost: {host_header}\r\nConnection: close\r\n\r\n"
                stream.sendall(request.encode())
                if not stream.recv(12).startswith(b"HTTP/"):
                    continue
            sys.stdout.write(f"ready {name} {public_url}\n")
            sys.stdout.flush()
            if ready is not None:
                ready()
            return


def _unchecked() -> ssl.SSLContext:
    """Only to see whether our own socket answers; nothing is sent that matters."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _names(public_url: str, host: str) -> list[str]:
    names = [urlsplit(public_url).hostname or "localhost", "localhost", "127.0.0.1", "::1"]
    return list(dict.fromkeys([*names, *([] if host in ("0.0.0.0", "::") else [host])]))  # noqa: S104


def _load(target: str) -> Any:
    """In the worker process: make the app, by the factory that `module:function` names."""
    stop_with_parent()
    module, _, function = target.partition(":")
    made = getattr(importlib.import_module(module), function)()
    # What is made now lives to the end. Looking through it again and again for what may go held up all
    # threads for some 20 ms each time.
    gc.collect()
    gc.freeze()
    return made


def stop_with_parent() -> None:
    """End this process at once when the one that started it is gone: a killed server leaves no worker behind
    that holds the port and the database. On Linux the kernel sees to it, elsewhere a thread looks."""
    parent = os.getppid()
    with contextlib.suppress(OSError, AttributeError):
        pdeathsig = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None, use_errno=True).prctl(pdeathsig, signal.SIGKILL, 0, 0, 0)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
