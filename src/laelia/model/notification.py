"""Permission notifications: a member tells a person what it could add, and asks for the permission to."""

from typing import Annotated

from laelia.model.common import ExternalId, Source
from laelia.model.language import Entity, Scalar, attr, common, el, entity
from laelia.model.vocabularies import NOTIFICATION_ITEM_TYPE, NOTIFICATION_TYPE

_INSTANT = {"type": Scalar.INSTANT}


@entity("authorization-url", "notification")
class AuthorizationUrl(Entity, kw_only=True):
    """Where the person says yes. Either `uri` or `path` (below the registry's address) must be there."""

    uri: Annotated[str | None, el()] = None
    path: Annotated[str | None, el()] = None
    host: Annotated[str | None, el()] = None


@entity("item", "notification", json=("put-code", ...))
class NotificationItem(Entity, kw_only=True):
    """Something the member would add. `put_code` exists in JSON only, as text."""

    put_code: Annotated[str | None, el(xml=False)] = None
    item_type: Annotated[str | None, el(type=NOTIFICATION_ITEM_TYPE, required=True, omits=True)] = None
    item_name: Annotated[str | None, el(required=True, max=1000)] = None
    external_id: Annotated[ExternalId | None, common()] = None


@entity("notification", "notification", json=("put-code", ...))
class NotificationPermission(Entity, kw_only=True):
    """Times are bare numbers in JSON, unlike everywhere else."""

    put_code: Annotated[int | None, attr()] = None
    notification_type: Annotated[str | None, el(type=NOTIFICATION_TYPE, required=True)] = None
    authorization_url: Annotated[AuthorizationUrl | None, el(required=True)] = None
    subject: Annotated[str | None, el("notification-subject", required=True)] = None
    intro: Annotated[str | None, el("notification-intro", required=True, max=1000)] = None
    items: Annotated[list[NotificationItem], el(each="item", required=True, least=1)] = []
    created_date: Annotated[int | None, common(**_INSTANT)] = None
    sent_date: Annotated[int | None, common(**_INSTANT)] = None
    read_date: Annotated[int | None, common(**_INSTANT)] = None
    actioned_date: Annotated[int | None, el(**_INSTANT)] = None
    archived_date: Annotated[int | None, common(**_INSTANT)] = None
    source: Annotated[Source | None, common()] = None


@entity("notifications", "notification")
class Notifications(Entity, kw_only=True):
    notification: Annotated[list[NotificationPermission], el(many=True)] = []
