"""Files of the package under /static/, in names that bear the hash of their content."""

from collections.abc import Mapping

import falcon


class StaticFiles:
    """Kept in memory; a name that holds the hash may be cached for ever."""

    def __init__(self, files: Mapping[str, tuple[bytes, str]]) -> None:
        self._files = files

    def on_get(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        if name not in self._files:
            raise falcon.HTTPNotFound
        resp.data, resp.content_type = self._files[name]
        resp.set_header("Cache-Control", "public, max-age=31536000, immutable")
        resp.set_header("X-Content-Type-Options", "nosniff")
