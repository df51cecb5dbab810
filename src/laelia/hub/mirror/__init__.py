"""What stands on people's records, whoever put it there: kept as it was last read, for staff and for the
organisation's own systems, and only as long as a permission stands. The registry's calls that say that a
record changed belong here, too."""

from laelia.hub.mirror import hooks
from laelia.hub.mirror.feed import Feed, feed
from laelia.hub.mirror.kept import WHOLE, close, due, keep, unread

__all__ = ["WHOLE", "Feed", "close", "due", "feed", "hooks", "keep", "unread"]
