"""What is asked of a permission notification (orcid-api §1.6): an address that can be shown to a person as a
link, and identifiers that are whole."""

from laelia.model.addresses import site_path, web_address
from laelia.model.identifiers import Types
from laelia.model.language import Version
from laelia.model.notification import AuthorizationUrl, NotificationPermission
from laelia.model.problems import Invalid
from laelia.model.rules.parts import blank, check_external_id


def check_notification(notification: NotificationPermission, version: Version, types: Types) -> None:
    """Raises 9020 for the authorization-url, 9023 for an external-id of an item."""
    check_authorization_url(notification.authorization_url or AuthorizationUrl())
    for item in notification.items:
        if item.external_id is not None:
            check_external_id(item.external_id, types)


def check_authorization_url(url: AuthorizationUrl) -> None:
    """Either a uri or, on the registry's own site, a path. Where both are there the uri counts."""
    if not blank(url.uri):
        parts = web_address(url.uri or "")
        if parts is None:
            raise Invalid(f"the uri of the authorization-url, “{url.uri}”, is no http or https address.")
        if "@" in parts.netloc:  # it could show the name of one host and lead to another
            raise Invalid(f"the uri of the authorization-url, “{url.uri}”, must not name a user.")
    elif blank(url.path):
        raise Invalid("the authorization-url needs a uri or a path.")
    elif not site_path(url.path or ""):
        raise Invalid(f"the path of the authorization-url, “{url.path}”, must begin with a single “/”.")
