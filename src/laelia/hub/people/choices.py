"""What a person switched on, by connector and feature: `search-link` is on until she says no, `auto-update`
is off until she says yes."""

from sqlalchemy import Connection, select

from laelia.hub import tables
from laelia.lib.database import upsert

FEATURES = {"search-link": True, "auto-update": False}


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


def chosen(tx: Connection, environment_id: int, orcid: str, connector: str, feature: str) -> bool:
    choice = tables.choice.c
    said = tx.execute(
        select(choice.enabled).where(
            choice.environment_id == environment_id,
            choice.orcid == orcid,
            choice.connector == connector,
            choice.feature == feature,
        )
    ).scalar_one_or_none()
    return FEATURES[feature] if said is None else bool(said)


def following(tx: Connection, environment_id: int, connector: str, feature: str = "auto-update") -> set[str]:
    """The iDs that switched the feature on, whatever their permission is at the moment."""
    choice = tables.choice.c
    return set(
        tx.execute(
            select(choice.orcid).where(
                choice.environment_id == environment_id,
                choice.connector == connector,
                choice.feature == feature,
                choice.enabled,
            )
        ).scalars()
    )
