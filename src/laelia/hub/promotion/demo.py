"""What is shown to ORCID's team before it gives production credentials, by live demo, test account or screen
shots: each with the page where it is seen and the rules that were looked at for it."""

from dataclasses import dataclass

from laelia.lib.i18n import lazy


@dataclass(frozen=True)
class Shown:
    """`path` is below the organisation's pages; `rules` are those whose findings say how it stands."""

    id: str
    words: str
    how: str
    path: str
    rules: tuple[str, ...] = ()


DEMO = (
    Shown("D1", lazy("A button with ORCID's name begins it."), lazy("The first page."), "", ("D1", "K1")),
    Shown(
        "D2",
        lazy("The registry is asked rightly."),
        lazy("Press the button, and show the address."),
        "connect",
        ("O3", "O4", "O6", "O7"),
    ),
    Shown(
        "D3",
        lazy("Who agrees comes back and sees the iD."),
        lazy("Connect with a sandbox iD."),
        "settings",
        ("O5", "V2"),
    ),
    Shown(
        "D4",
        lazy("Who says no is told so, and can try again."),
        lazy("Press “Deny” at the registry."),
        "connect",
        ("O14",),
    ),
    Shown(
        "D5",
        lazy("Who disconnects is forgotten here and there."),
        lazy("Disconnect, then look at the registry's trusted organisations."),
        "disconnect",
        ("S8",),
    ),
    Shown("D6", lazy("No iD is typed or searched."), lazy("Every page where people come in."), "", ("O2",)),
    Shown(
        "D7",
        lazy("iD, name, tokens, scope and end are kept."),
        lazy("The report of people; tokens are sealed and shown nowhere."),
        "staff/reports/people",
        ("S2", "S3", "S4"),
    ),
    Shown(
        "D8",
        lazy("iDs are shown as they should be."),
        lazy("The list of people."),
        "staff/people",
        ("V1", "V2", "V3", "V4", "V10"),
    ),
    Shown(
        "D9",
        lazy("An item is added, its put-code kept, and the same item changed."),
        lazy("A file with one row, handed in, changed and handed in again; then its results."),
        "staff/files",
        ("S5", "W2"),
    ),
    Shown(
        "D10", lazy("The newest API is used."), lazy("The list of calls, below."), "staff/promote", ("W1",)
    ),
    Shown(
        "D11",
        lazy("What it is and what it is good for is explained."),
        lazy("The first page."),
        "",
        ("K1", "K2"),
    ),
    Shown(
        "D12",
        lazy("Nobody is asked to change who sees what."),
        lazy("Connect with a private name."),
        "connect",
        ("O17", "W7"),
    ),
    Shown(
        "D13",
        lazy("Errors are told in words, with somebody to ask."),
        lazy("Open a link that is used up; come back by the browser's history."),
        "callback",
        ("K5",),
    ),
)
