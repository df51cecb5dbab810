"""Which versions of the API are served, and what takes the place of one that is not (any more)."""

from laelia.model.language import VERSIONS, Version
from laelia.model.problems import RetiredVersion
from laelia.registry.settings import Settings

LATEST = "3.0"


def retired(name: str, settings: Settings, now: int) -> RetiredVersion:
    """308 to the next version that is served, so that the method is kept (orcid-api §0.1)."""
    family = next((v for v in VERSIONS if name.startswith(v)), LATEST)
    later = list(VERSIONS)[list(VERSIONS).index(family) :]
    instead = next(v for v in later if not ended(v, settings, now))
    return RetiredVersion(version=name, instead=instead)


def ended(name: str, settings: Settings, now: int) -> bool:
    """Whether the operator has let this version end. The latest never does."""
    life = settings.lifetimes.get(name)
    return life is not None and now >= life.ends


def refuse_ended(version: Version, settings: Settings, now: int) -> None:
    """Raises 9056 when the version has ended."""
    if ended(version.name, settings, now):
        raise retired(version.name, settings, now)
