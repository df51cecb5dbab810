"""`laelia demo`: starts the four services, plays the story, stays up; or plays once and says how it went."""

import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console

from laelia.lib.http import HttpError
from laelia.sandbox.demo import real_input, setup
from laelia.sandbox.demo.memory import Memory
from laelia.sandbox.demo.services import REGISTRY, SERVICES, CannotStart, Neighbourhood, running
from laelia.sandbox.demo.stage import Stage, StepFailed
from laelia.sandbox.demo.story import STEPS


def demo(
    dois: Annotated[
        list[pathlib.Path] | None,
        typer.Option(help="DataCite documents (files or folders) to file, instead of the story."),
    ] = None,
    paths: Annotated[
        list[pathlib.Path] | None, typer.Argument(help="More of them.", show_default=False)
    ] = None,
    var: Annotated[pathlib.Path | None, typer.Option(help="Folder of the data [default: var/demo]")] = None,
    port_base: Annotated[int, typer.Option(help="First of four ports.")] = 8000,
    once: Annotated[bool, typer.Option(help="Play, check, stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON.")] = False,
    reset: Annotated[bool, typer.Option(help="Forget the data and stop.")] = False,
) -> None:
    """The whole story in one neighbourhood: registry, hub, DOI registry and repository on this machine."""
    documents = [*(dois or []), *(paths or [])]
    folder = (var or pathlib.Path("var/dois" if documents else "var/demo")).absolute()
    if reset:
        try:
            forget(folder)
        except CannotStart as reason:
            raise typer.BadParameter(str(reason), param_hint="--var") from None
        return
    # With --json standard output carries the summary alone; progress goes to people at standard error.
    console = Console(stderr=as_json, highlight=False, soft_wrap=True)
    summary = play(folder, port_base, documents, console, stay=not once)
    if as_json:
        print(json.dumps(summary, indent=1, ensure_ascii=False))
    if summary.get("failed"):
        console.print(
            f"[bold red]failed:[/] {summary['failed']['step']}: {summary['failed']['why']}", markup=True
        )
        raise typer.Exit(1)


def forget(folder: pathlib.Path) -> None:
    """Removes the data of a demo, and nothing that is not one."""
    if folder.exists() and not (folder / "demo.json").exists() and any(folder.iterdir()):
        raise typer.BadParameter(f"{folder} holds no demo: it has no demo.json", param_hint="--var")
    with _holding(folder):
        shutil.rmtree(folder, ignore_errors=True)
    typer.echo(f"{folder} is removed; the next demo starts afresh")


@contextlib.contextmanager
def _holding(folder: pathlib.Path) -> Iterator[None]:
    """One demo at a time on a folder, and no reset under a running one. Raises CannotStart."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(f"a demo runs on the data in {folder}: stop it first") from None
        yield


def play(
    folder: pathlib.Path, port_base: int, documents: list[pathlib.Path], console: Console, *, stay: bool
) -> dict[str, Any]:
    """Everything between start and stop; the summary names the step that failed, if one did."""
    folder.mkdir(parents=True, exist_ok=True)
    memory = Memory(folder / "demo.json")
    place = setup.neighbourhood(folder, port_base, memory)
    started = time.monotonic()
    summary: dict[str, Any] = {"addresses": {one.name: place.url(one) for one in SERVICES}, "steps": []}
    # An interrupt or a stop asks for an orderly end, so that no service outlives the demo.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    step = "start"
    try:
        if memory.facts.setdefault("port base", port_base) != port_base:
            # Redirect URIs and addresses in documents were made for those ports.
            raise CannotStart(
                f"the data in {folder} was made for --port-base {memory['port base']}: start it there, name "
                "another folder with --var, or forget it with --reset"
            )
        memory.save()
        console.print("starting the registry, the hub, the DOI registry and the repository")
        with _holding(folder), running(place):
            setup.operate(place, memory)
            stage = Stage(place, memory)
            if documents:
                step = "real input"
                summary |= real_input.play(stage, documents, console)
            else:
                for name in _story(stage, memory, console, summary):
                    step = name
            summary["seconds"] = round(time.monotonic() - started, 1)
            _farewell(place, memory, console)
            if stay:
                _stay(console)
    except (StepFailed, CannotStart, LookupError, HttpError) as failure:
        summary["failed"] = {"step": step, "why": str(failure)}
    except KeyboardInterrupt:
        console.print("stopped; the data stays, start again to go on from here")
    return summary


def _story(stage: Stage, memory: Memory, console: Console, summary: dict[str, Any]) -> Any:
    """Plays what was not played yet; yields the name of each step before it begins."""
    played = memory.facts.setdefault("played", {})
    if any(step.name in played for step in STEPS):
        stage.sign_in()
    for number, step in enumerate(STEPS, 1):
        yield step.name
        if step.name not in played:
            seconds = time.monotonic()
            said, link = step.play(stage)
            played[step.name] = {"said": said, "path": _relative(stage.place, link)}
            memory.save()
            took = f" ({time.monotonic() - seconds:.1f} s)"
        else:
            took = " (played before)"
        said, link = played[step.name]["said"], _absolute(stage.place, played[step.name]["path"])
        console.print(f"[bold]{number:2} {step.title}[/]{took}\n   {said}\n   [link={link}]{link}[/link]")
        summary["steps"].append({"step": step.name, "said": said, "link": link, "again": "before" in took})


def _relative(place: Neighbourhood, link: str) -> list[str]:
    """A link without its port, which another start may move."""
    for service in SERVICES:
        if link.startswith(place.url(service)):
            return [service.name, link.removeprefix(place.url(service))]
    return ["", link]


def _absolute(place: Neighbourhood, path: list[str]) -> str:
    return next((place.url(one) for one in SERVICES if one.name == path[0]), "") + path[1]


def _farewell(place: Neighbourhood, memory: Memory, console: Console) -> None:
    console.print("\n[bold]Addresses[/]")
    for service in SERVICES:
        console.print(f"  {service.name:<11} {place.url(service)}")
    console.print(f"  sent mail   {place.url(REGISTRY)}/sandbox/outbox")
    if "orcid" in memory:
        console.print("\n[bold]People[/] (the same password wherever it is asked)")
        console.print(f"  {' '.join(memory['name'])}  iD {memory['orcid']}  password {memory['password']}")
    elif "people" in memory:
        console.print(f"\n[bold]People[/]: {memory.path} lists them with their passwords")


def _stay(console: Console) -> None:
    console.print("\nThe four services stay up. Ctrl-C stops them; the data stays.")
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    if os.isatty(1):
        console.print()
