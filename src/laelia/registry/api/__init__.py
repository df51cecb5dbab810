"""The Public and the Member API in all versions. Routes are made from the table of sections."""

from laelia.registry.api.routes import routes

__all__ = ["routes"]
