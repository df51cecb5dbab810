"""`laelia sandbox generate`: people who never were, as an archive that a registry loads."""

import io
import tarfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from laelia.codec import xml
from laelia.model.language import V3_0
from laelia.sandbox.people.make import people


def generate(
    archive: Annotated[Path, typer.Argument(help="Where to write it, as people.tar.gz or people.tar.")],
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many people.")] = 1000,
    seed: Annotated[int, typer.Option(help="Another seed makes others; the same makes the same.")] = 1,
) -> None:
    """Write records of people who never were: `laelia registry load` takes them."""
    if archive.exists():
        typer.echo(f"{archive} is there already.", err=True)
        raise typer.Exit(1)
    mode = "w:gz" if archive.name.endswith(("gz", "tgz")) else "w"
    with tarfile.open(archive, mode) as out:  # type: ignore[call-overload]
        console = Console(stderr=True)
        for made in track(people(number, seed), "writing", number, console=console, transient=True):
            body = xml.encode(made.record, V3_0)
            told = tarfile.TarInfo(f"people/{made.orcid[-3:]}/{made.orcid}.xml")
            told.size = len(body)
            out.addfile(told, io.BytesIO(body))
    typer.echo(f"{number} people in {archive}; load them with: laelia registry load {archive}")
