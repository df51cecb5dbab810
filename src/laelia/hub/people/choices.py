"""What a person switched on, by connector and feature. Where she said nothing it is as below; of versions it
is as the organisation has it.

search-link   she may claim
auto-update   what carries her iD comes by itself
contributors  … also where she is no creator but a contributor
newest        … of several versions of one thing the newest alone
undecided     Auto-Update is on, and she has yet to say what of everything from before is added
"""

from collections.abc import Collection

from sqlalchemy import Connection, select

from laelia.hub import tables
from laelia.lib.database import upsert
from laelia.lib.sql import one_of

FEATURES = {
    "search-link": True,
    "auto-update": False,
    "contributors": False,
    "newest": False,
    "undecided": False,
}


def choose(
    tx: Connection, now: int, environment_id: int, orcid: str, connector: str, feature: str, enabled: bool
) -> None:
    assert feature in FEATURES, feature
    upsert(
        tx,
        tables.choice,
        {
            "environment_id": environment_id,
            "orcid": orcid,
            "connector": connector,
            "feature": feature,
            "enabled": enabled,
            "changed": now,
        },
        key=("environment_id", "orcid", "connector", "feature"),
    )


def chosen(
    tx: Connection, environment_id: int, orcid: str, connector: str, feature: str,
    default: bool | None = None,
) -> bool:  # fmt: skip
    """Whether the feature is on for her; `default` where she said nothing, if it is not the usual one."""
    choice = tables.choice.c
    said = tx.execute(
        select(choice.enabled).where(
            choice.environment_id == environment_id,
            choice.orcid == orcid,
            choice.connector == connector,
            choice.feature == feature,
        )
    ).scalar_one_or_none()
    if said is not None:
        return bool(said)
    return FEATURES[feature] if default is None else default


def following(
    tx: Connection, environment_id: int, connector: str, feature: str = "auto-update",
    among: Collection[str] | None = None,
) -> set[str]:  # fmt: skip
    """The iDs, or of some those, that switched the feature on, whatever their permission is at the moment."""
    choice = tables.choice.c
    found = select(choice.orcid).where(
        choice.environment_id == environment_id, choice.connector == connector, choice.feature == feature,
        choice.enabled,
    )  # fmt: skip
    if among is None:
        return set(tx.execute(found).scalars())
    return set(tx.execute(found.where(one_of(choice.orcid, "among")), {"among": sorted(among)}).scalars())
