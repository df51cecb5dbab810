"""What every handler of the API begins with: which record, which version, which form, who, and may they."""

from dataclasses import dataclass
from typing import Any, TypeVar

from laelia.codec import json as json_codec
from laelia.codec import media
from laelia.codec import xml as xml_codec
from laelia.lib.web.core import Call, Reply
from laelia.model.language import V3_0, Entity, Version
from laelia.model.problems import (
    MembersOnly,
    MethodNotAllowed,
    NoSuchItem,
    OAuthProblem,
    PutCodeNotNumeric,
    UnknownPath,
    UnsupportedMediaType,
    WrongToken,
)
from laelia.model.sections import Section
from laelia.registry.access import View, refuse_maker, refuse_on_behalf, require_member
from laelia.registry.api.versions import refuse_ended
from laelia.registry.edge import ORCID, UNSAFE, Door, is_public
from laelia.registry.record import read, states
from laelia.registry.record.uris import Uris

T = TypeVar("T", bound=Entity)
PRIVATE = {"Cache-Control": "private, no-store"}
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Asked:
    """A request that was understood: `form` is how it is answered, `view` who asks through which API."""

    call: Call
    door: Door
    form: media.Media
    view: View
    uris: Uris

    @property
    def version(self) -> Version:
        return self.door.version

    @property
    def normalised(self) -> bool:
        """Since 3.0 identifiers are compared by their normal form and sources in all parts."""
        return self.version is V3_0

    def encode(self, entity: Entity) -> bytes:
        if self.form.format == "json":
            return json_codec.encode(entity, self.version, pretty=self.form.pretty)
        return xml_codec.encode(entity, self.version)

    def reply(self, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
        kind = f"{self.form.content_type};charset=UTF-8" if body else self.form.content_type
        return Reply(status, body, PRIVATE if headers is None else headers, kind)

    def address(self, path: str) -> str:
        """Where something is found on the Member API, under the name by which it was asked."""
        prefix = "/api" if self.call.req.path.startswith("/api/") else ""
        return f"{self.call.service.settings.member_api}{prefix}/v{self.version}{path}"

    def body(self, kind: type[T]) -> T:
        """The body as an entity of the request's version."""
        call = self.call
        packed = call.req.get_header("Content-Encoding") or "identity"
        if packed.strip().lower() != "identity":
            raise UnsupportedMediaType(
                content_type=f"{call.req.content_type} in {packed}", offered="identity"
            )
        codec: Any = json_codec if media.body_format(call.req.content_type) == "json" else xml_codec
        found: T = codec.decode(kind, call.body(), self.version)
        return found


@dataclass(frozen=True)
class Look(Asked):
    """A request about one record."""

    orcid: str

    @property
    def section(self) -> Section:
        assert self.door.section is not None
        return self.door.section

    def reading(self) -> read.Reading:
        """The record, if it can be read at all (orcid-api §7)."""
        row = states.look(self.call.tx, self.orcid)
        who, now = self.view.who, self.call.now
        usable = states.usable(row, self.orcid, who, now, self.uris, reading=True)
        if not self.view.public:
            refuse_maker(who, self.orcid, claimed=usable.claimed)
        return read.Reading(self.call.tx, self.view, usable, self.uris, self.version)


def ask(call: Call) -> Asked:
    """Understand a request, or raise: a version that has ended (9056), what the Public API does not do
    (9001), no token (401) or a public client's (9017) at the Member API, a form that is not offered
    (9001/406), a token on behalf of another before 3.0 (9052)."""
    door: Door = call.route.access
    refuse_ended(door.version, call.service.settings, call.now)
    who, public = call.who, is_public(call)
    if public and call.method in UNSAFE:
        raise MethodNotAllowed(path=call.req.path, method=call.method, allowed="GET, HEAD, OPTIONS")
    if public and door.member_only:
        raise UnknownPath(path=call.req.path)
    if not public and who.kind == "anonymous":
        raise OAuthProblem("invalid_token", "The Member API needs an access token.", 401)
    if not public and not who.is_member:
        raise WrongToken(orcid=call.params["orcid"]) if "orcid" in call.params else MembersOnly()
    offered = door.offered + door.offered_publicly if public else door.offered
    form = media.negotiate(call.req.get_header("Accept"), call.req.content_type, offered)
    refuse_on_behalf(who, door.version.name)
    return Asked(call, door, form, View(who, public), Uris(call.service.settings.ids))


def look(call: Call) -> Look:
    """The same for a path of a record: no such path (9001), a token for another record (9017)."""
    orcid = call.params["orcid"]
    if not ORCID.fullmatch(orcid):
        raise UnknownPath(path=call.req.path)
    asked, who = ask(call), call.who
    if not asked.view.public or (who.orcid is not None and who.orcid != orcid):
        require_member(who, orcid)
    return Look(call, asked.door, asked.form, asked.view, asked.uris, orcid)


def put_code(text: str, *, public: bool, path: str) -> int:
    """The number in a path. One that is none is 9034, and on the Public API no path at all (404/9001)."""
    plain = text.removeprefix("-")
    if not (plain.isascii() and plain.isdigit()):
        raise UnknownPath(path=path) if public else PutCodeNotNumeric(put_code=text)
    number = int(text) if len(text) < 30 else LARGEST + 1
    if number > LARGEST or number < 0:
        raise NoSuchItem(what="item", id=text)
    return number
