"""What an operator looks up."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from laelia.registry.bulk import call_log
from laelia.registry.commands.common import Json, open_database, say, settings
from laelia.registry.settings import Settings


def calls(
    since: Annotated[int, typer.Option(help="Only calls after this moment, in milliseconds since 1970.")] = 0,
    writes: Annotated[bool, typer.Option(help="Only calls that write: POST, PUT, DELETE.")] = False,
    as_json: Json = False,
) -> None:
    """Count the API calls of the last 30 days by client, method, path and status."""
    with open_database(settings()) as database, database.reading() as tx:
        say(call_log.counts(tx, since=since, writes=writes), as_json)


def versions(
    since: Annotated[int, typer.Option(help="Only calls after this moment, in milliseconds since 1970.")] = 0,
    as_json: Json = False,
) -> None:
    """List the API's versions, when they end, and which clients called them in the last 30 days."""
    chosen = settings()
    with open_database(chosen) as database, database.reading() as tx:
        used = call_log.by_version(tx, since=since)
    if as_json:
        found = [{"version": name, **_life(chosen, name), "clients": lines} for name, lines in used.items()]
        say(found, as_json)
        return
    for name, lines in used.items():
        life = _life(chosen, name)
        told = f"ends {life['ends']}, deprecated since {life['deprecated']}" if life["ends"] else "no end set"
        typer.echo(f"{name}  {told}")
        for line in lines:
            who = f"{line['client_id']} ({line['name']})" if line["client_id"] else "without a token"
            typer.echo(f"     {line['calls']:>8}  {who}, last {_moment(line['last'], '%Y-%m-%d %H:%M')}")


def _life(chosen: Settings, name: str) -> dict[str, str | None]:
    life = chosen.lifetimes.get(name)
    if life is None:
        return {"deprecated": None, "ends": None}
    return {"deprecated": _moment(life.deprecated, "%Y-%m-%d"), "ends": _moment(life.ends, "%Y-%m-%d")}


def _moment(ms: int, form: str) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime(form)
