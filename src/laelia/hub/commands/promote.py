"""`laelia hub promote`: from sandbox to production."""

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from laelia.hub import promotion
from laelia.hub.commands.common import Json, open_hub, say
from laelia.hub.commands.staff import find_place
from laelia.hub.organisations import audit, credentials
from laelia.hub.promotion import Promoted, Survey

SIGNS = {"holds": ("✓", "green"), "fails": ("✗", "red"), "unseen": ("–", "dim"), "look": ("?", "yellow")}


def promote(
    organisation: Annotated[str, typer.Argument(help="Its slug.")],
    source: Annotated[str, typer.Option("--from", help="The environment it was tried in.")] = "sandbox",
    target: Annotated[str, typer.Option("--to", help="The environment it goes to.")] = "production",
    registry: Annotated[
        str | None, typer.Option(help="production for ORCID's, or the address of one of your own.")
    ] = None,
    client_id: Annotated[str, typer.Option(help="The client's id there, once it is known.")] = "",
    secret: Annotated[str, typer.Option(help="Its secret, or - to read one line from stdin.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without it nothing is changed.")] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Also where rules that must hold do not.")] = False,
    as_json: Json = False,
) -> None:
    """Hold an organisation against what ORCID's review asks for, show what would be copied to production, and
    with --yes copy it. The exit code is 1 where a rule that must hold does not, or the client is refused."""
    given = sys.stdin.readline().strip() if secret == "-" else secret  # noqa: S105 (a sign)
    with open_hub() as service:
        place = find_place(service, f"{organisation.partition('@')[0]}@{source}")
        done = None
        to = promotion.registry_of(service, place, target, registry)
        seen = promotion.survey(service, place, target, to)
        if not as_json:
            _show(seen)
        if yes:
            by = audit.at_command()
            done = promotion.carry_out(service, by, seen, client_id=client_id, secret=given, anyway=anyway)
        redirect_uri = f"{service.settings.public_url.rstrip('/')}/{seen.handle}/callback"
    _tell(seen, done, redirect_uri, as_json)
    refused = done is not None and done.answer is not None and not credentials.ANSWERS[done.answer][0]
    if refused or (seen.stops and not anyway):
        raise typer.Exit(1)


def _show(seen: Survey) -> None:
    console = Console()
    rules = Table("", "rule", "", "evidence", title=f"{seen.source.handle} → {seen.handle}, {seen.to.site}")
    for one in seen.checked:
        sign, colour = SIGNS[one.finding.state]
        runs = f" (runs {', '.join(str(run) for run in one.finding.runs)})" if one.finding.runs else ""
        level = "" if one.rule.level == "MUST" else "should"
        cells = (sign, f"{one.rule.id} {one.rule.words}", level, f"{one.finding.said}{runs}")
        rules.add_row(*(escape(cell) for cell in cells), style=colour)
    console.print(rules)
    console.print("To show to ORCID's team:")
    for shown in promotion.DEMO:
        page = f"/{seen.source.handle}/{shown.path}"
        console.print(escape(f"  {shown.id}  {shown.words} {shown.how} {page}"), soft_wrap=True)
    for change in seen.changes:
        before = f" (there: {change.before})" if change.before is not None else ""
        line = f"{promotion.KINDS[change.kind]} {change.name}: {change.after}{before}"
        console.print(escape(line), style="green", soft_wrap=True)
    if not seen.changes:
        console.print("Nothing to copy.")


def _tell(seen: Survey, done: Promoted | None, redirect_uri: str, as_json: bool) -> None:
    result: dict[str, Any] = {
        "from": seen.source.handle, "to": seen.handle, "registry": seen.to.site, "redirect_uri": redirect_uri,
        "copied": done is not None, "invited": ", ".join(done.invited) if done else None,
        "client": done.answer if done else None,
    }  # fmt: skip
    if not as_json:
        say(result, False)
        if done is None:
            typer.echo("Nothing was copied; --yes does it.")
        return
    rules = [
        {"rule": one.rule.id, "level": one.rule.level, "words": str(one.rule.words),
         "state": one.finding.state, "evidence": one.finding.said, "runs": list(one.finding.runs)}
        for one in seen.checked
    ]  # fmt: skip
    made = done.changes if done is not None else seen.changes
    traffic = [{**asdict(one.kind), "count": one.count} for one in seen.traffic]
    say({**result, "rules": rules, "changes": [asdict(one) for one in made], "traffic": traffic}, True)
