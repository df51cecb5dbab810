"""Real DataCite documents through the whole neighbourhood: filed, owned, permitted, pushed, and compared."""

import json
import pathlib
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.progress import track

from laelia.lib.browser import Browser
from laelia.model.identifiers import normalise_orcid, valid_orcid
from laelia.sandbox.demo import report
from laelia.sandbox.demo.setup import DATACITE_CLIENT
from laelia.sandbox.demo.stage import Stage, expect, self_dois, until

PATIENCE_SECONDS = 300
MOVING = {"pending", "sending"}


def play(stage: Stage, paths: list[pathlib.Path], console: Console) -> dict[str, Any]:
    """Files the documents, makes the people, gives permissions, waits for the hub, checks every record."""
    before, stood = calls(stage), stage.place.ledger()
    console.print("filing the documents")
    loaded = json.loads(stage.place.laelia("sandbox", "doi", "load", "--json", *map(str, paths)))
    documents = list(findable(stage))
    people, wrong = creators(documents)
    console.print(f"{len(documents)} findable DOIs name {len(people)} people by iD")
    _make(stage, people)
    _permit(stage, people, console)
    _settle(stage, console)
    ledger = stage.place.ledger()
    after = calls(stage)
    summary = report.table(loaded, documents, people, wrong, stood, ledger, report.used(before, after))
    report.show(summary, console)
    _check(stage, documents, people, ledger)
    return summary


def findable(stage: Stage) -> Iterator[dict[str, Any]]:
    """The attributes of every findable DOI, page by page as anyone may read them."""
    url: str | None = f"{stage.doi}/dois?page[cursor]=1&page[size]=100"
    while url:
        answer = stage.get(url, "application/vnd.api+json")
        expect(answer.status == 200, f"the DOI registry lists its DOIs, got {answer.status}")
        page = answer.json()
        yield from (one["attributes"] for one in page["data"])
        url = page["links"].get("next") if page["data"] else None


def creators(documents: list[dict[str, Any]]) -> tuple[dict[str, dict[str, str]], list[dict[str, str]]]:
    """Everyone who is a creator with an iD, by the name the documents use; and what was written as an iD
    and is none."""
    people: dict[str, dict[str, str]] = {}
    wrong = []
    for document in documents:
        for creator in document["creators"]:
            for written in _written(creator):
                orcid = normalise_orcid(written)
                if orcid is None or not valid_orcid(orcid):
                    wrong.append(
                        {"doi": document["doi"], "iD": written, "reason": "no iD: its check digit is wrong"}
                    )
                else:
                    people.setdefault(orcid, _name(creator))
    return people, wrong


def _written(creator: dict[str, Any]) -> list[str]:
    ids = creator.get("nameIdentifiers") or []
    return [
        one["nameIdentifier"]
        for one in ids
        if (one.get("nameIdentifierScheme") or "").upper() == "ORCID" and one.get("nameIdentifier")
    ]


def _name(creator: dict[str, Any]) -> dict[str, str]:
    family, given = creator.get("familyName") or "", creator.get("givenName") or ""
    if not given:
        family, _, given = (part.strip() for part in (creator.get("name") or "").partition(","))
    return {"given": given or family, "family": family if given else ""}


def _make(stage: Stage, people: dict[str, dict[str, str]]) -> None:
    """Records with those very iDs, for those who have none yet, by the operator's command."""
    known = stage.memory.facts.setdefault("people", {})
    new = [
        {
            "orcid": orcid, **name, "email": f"{orcid.lower()}@example.org",
            "password": stage.memory.password(), "visibility": "public",
        }
        for orcid, name in people.items() if orcid not in known
    ]  # fmt: skip
    if not new:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(new, file)
        file.flush()
        stage.place.laelia("registry", "record", "add", "--file", file.name)
    known.update({one["orcid"]: one for one in new})
    stage.memory.save()


def _permit(stage: Stage, people: dict[str, dict[str, str]], console: Console) -> None:
    """Each of them signs in, allows DataCite until revoked and turns Auto-Update on, at the pages."""
    permitted = stage.memory.facts.setdefault("permitted", [])
    waiting = [orcid for orcid in people if orcid not in permitted]
    for orcid in track(waiting, "giving permissions", console=console, transient=True, disable=not waiting):
        browser = Browser(stage.http)
        page = browser.open(f"{stage.hub}/datacite/connect")
        person = stage.memory["people"][orcid]
        page = page.form("/signin").fill(name=orcid, password=person["password"]).submit()
        page = page.form(containing="Authorise access").fill(until_revoked=True).submit("Authorise access")
        expect(
            "/datacite/settings" in page.url,
            f"{orcid} comes back to the hub, got {page.url}: {page.text[:200]}",
        )
        page = page.form("auto-update-switch").submit()
        expect(page.status == 200, f"{orcid} turns Auto-Update on, got {page.status}")
        if "/from-before/" in page.url:
            page.form("add-all").submit()
        permitted.append(orcid)
        stage.memory.save()


def _settle(stage: Stage, console: Console) -> None:
    """Waits until the hub has nothing left to do: no row moves, and the tally stays for some rounds."""
    last: tuple[Counter[str], int] | None = None
    calm = 0

    def still() -> bool:
        nonlocal last, calm
        rows = stage.place.ledger()
        now = Counter(row["state"] for row in rows), len(rows)
        calm = calm + 1 if now == last and not MOVING & set(now[0]) else 0
        if now != last:
            console.print(
                "  " + (", ".join(f"{n} {state}" for state, n in sorted(now[0].items())) or "nothing yet")
            )
        last = now
        time.sleep(0.5)
        return calm >= 3

    until(still, "the hub to come to rest", PATIENCE_SECONDS)


def calls(stage: Stage) -> list[dict[str, Any]]:
    """The registry's call log, counted by client, method, path and status."""
    rows: list[dict[str, Any]] = json.loads(stage.place.laelia("registry", "calls", "--json"))
    return [row for row in rows if row["client_id"] == DATACITE_CLIENT]


def _check(
    stage: Stage, documents: list[dict[str, Any]], people: dict[str, Any], ledger: list[dict[str, Any]]
) -> None:
    """Every findable DOI stands once on the record of each creator with an iD, unless the ledger says why
    not; and nothing else stands there."""
    excused = {(row["orcid"], _doi(row["key"])) for row in ledger if row["state"] != "in-record"}
    wanted: dict[str, set[str]] = {orcid: set() for orcid in people}
    for document in documents:
        for creator in document["creators"]:
            for orcid in {normalise_orcid(written) for written in _written(creator)} & set(people):
                wanted[str(orcid)].add(document["doi"].lower())
    for orcid, dois in wanted.items():
        answer = stage.get(f"{stage.registry}/v3.0/{orcid}/works")
        works = [work for group in answer.json()["group"] for work in group["work-summary"]]
        shown = Counter(doi for work in works for doi in self_dois(work))
        twice = [doi for doi, count in shown.items() if count > 1]
        expect(not twice, f"each DOI once on the record of {orcid}, twice: {twice}")
        missing = {doi for doi in dois - set(shown) if (orcid, doi) not in excused}
        expect(
            not missing, f"every DOI on the record of {orcid}, missing without a reason: {sorted(missing)}"
        )
        expect(
            set(shown) <= dois, f"nothing else on the record of {orcid}, also: {sorted(set(shown) - dois)}"
        )


def _doi(key: str) -> str:
    return re.sub(r"^doi:", "", key).lower()
