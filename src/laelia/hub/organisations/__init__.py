"""Organisations and their environments: who speaks to which registry, with which client."""

from laelia.hub.organisations.clash import Clash
from laelia.hub.organisations.environments import (
    Environment,
    add_environment,
    add_organisation,
    by_handle,
    environment,
    environments,
    halt,
    siblings,
)

__all__ = [
    "Clash",
    "Environment",
    "add_environment",
    "add_organisation",
    "by_handle",
    "environment",
    "environments",
    "halt",
    "siblings",
]
