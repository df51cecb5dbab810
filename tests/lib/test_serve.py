"""A service as a process: the ready line, HTTPS by the local authority, a taken port, a clean end."""

import pathlib
import signal
import socket
import subprocess
import sys
import textwrap

import pytest

from laelia.lib.http import Http
from laelia.lib.serve import CantServe, check_port

APP = """
def make():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["wsgi.url_scheme"].encode()]
    return app
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: pathlib.Path, port: int, url: str, tls: str = "None") -> "subprocess.Popen[str]":
    (folder / "small_app.py").write_text(APP)
    script = f"""
        import pathlib, sys
        sys.path.insert(0, {str(folder)!r})
        from laelia.lib.serve import run
        run("small_app:make", name="small", public_url={url!r}, port={port}, threads=2, tls={tls})
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)


def test_a_killed_server_leaves_no_worker_behind(tmp_path: pathlib.Path) -> None:
    port = free_port()
    process = start(tmp_path, port, f"http://localhost:{port}")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ready")
    process.kill()
    process.wait()
    assert process.stdout.read() == ""  # only when the worker is gone, too, does the pipe end
    process.stdout.close()
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_service_says_when_it_answers_and_ends_when_asked(tmp_path: pathlib.Path, scheme: str) -> None:
    port = free_port()
    url = f"{scheme}://localhost:{port}"
    tls = f"pathlib.Path({str(tmp_path / 'tls')!r})" if scheme == "https" else "None"
    process = start(tmp_path, port, url, tls)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == f"ready small {url}\n"
        client = Http(verify=str(tmp_path / "tls" / "ca.pem") if scheme == "https" else True)
        assert client.get(url, trusted=True).text == scheme
        client.close()
        with pytest.raises(CantServe, match=f"Port {port} on 127.0.0.1 can't be used"):
            check_port("127.0.0.1", port)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        process.stdout.close()
