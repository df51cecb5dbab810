"""Types of external identifiers that an operator adds."""

from typing import Annotated

import typer

from laelia.registry.commands.common import Json, changing, fail, open_database, say, settings
from laelia.registry.operators import audit
from laelia.registry.registers import identifier_types


def add(
    name: Annotated[str, typer.Argument(help="What items call it: a-z, 0-9, - and _.")],
    label: Annotated[str, typer.Option(help="What people read; default: the name.")] = "",
    prefix: Annotated[
        str, typer.Option(help="What stands before a value in its address; default: it has no address.")
    ] = "",
    case_sensitive: Annotated[
        bool, typer.Option("--case-sensitive", help="Values that differ in case are different.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add a type. From now on items may carry it, in this and every other process of the registry."""
    with changing() as (tx, now, by):
        try:
            made = identifier_types.add(
                tx, now, name=name, label=label, prefix=prefix, case_sensitive=case_sensitive
            )
        except identifier_types.Unfit as unfit:
            fail(str(unfit))
        audit.note(tx, now, by, "identifier-type.add", "identifiers", name=made.name)
    say({"name": made.name, "number": made.number}, as_json)


def listed(as_json: Json = False) -> None:
    """List all types, those that come with Laelia and those that were added."""
    with open_database(settings()) as database, database.reading() as tx:
        types = identifier_types.listed(tx)
    rows = [
        {"name": one.name, "number": one.number, "label": one.label, "prefix": one.prefix,
         "case_sensitive": one.case_sensitive, "added": created is not None}
        for one, created in types
    ]  # fmt: skip
    say(rows, as_json)
