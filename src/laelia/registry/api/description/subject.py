"""What a description is about, and what all its parts ask: which operations there are, who may use them,
where things are."""

from dataclasses import dataclass, field
from functools import cached_property

from laelia.codec import xsd
from laelia.codec.openapi import Json, Schemas
from laelia.model.language import Version
from laelia.registry.api.operation import PREFIXES, Operation
from laelia.registry.settings import Lifetime, Settings

PREFIX = {api: prefix for prefix, api in PREFIXES}


@dataclass
class Subject:
    """What is described: a version, through one of the APIs or (None) through both, at a registry. Parts that
    several operations share are collected in `schemas`, `parameters` and `responses`."""

    version: Version
    api: str | None
    settings: Settings
    parameters: Json = field(default_factory=dict)
    responses: Json = field(default_factory=dict)

    @cached_property
    def schemas(self) -> Schemas:
        return Schemas(self.version)

    @property
    def base(self) -> str:
        """What stands before every path: the prefix of the API and the version."""
        return f"{PREFIX[self.api]}/v{self.version}"

    @property
    def servers(self) -> list[str]:
        settings = self.settings
        hosts = {"public": [settings.public_api], "member": [settings.member_api]}
        both = dict.fromkeys([settings.public_api, settings.member_api])
        return [host + self.base for host in hosts.get(self.api or "", both)]

    @property
    def site(self) -> str:
        return self.settings.public_url.rstrip("/")

    @property
    def life(self) -> Lifetime | None:
        """From when this version is deprecated and when it ends, if the operator has said so."""
        return self.settings.lifetimes.get(self.version.name)

    def offers(self, one: Operation) -> bool:
        return one.lives_in(self.version) and (self.api is None or self.api in one.apis)

    def is_open(self, one: Operation) -> bool:
        """Whether anybody may ask, without a token."""
        anybody = self.api != "member" and "public" in one.apis and not one.scopes
        return anybody or not one.token

    def is_tagged(self, one: Operation) -> bool:
        """Whether an answer bears an ETag to whoever may ask here."""
        return one.tagged == "always" or (one.tagged == "openly" and self.is_open(one))

    def shared(self, status: int, response: Json) -> Json:
        """A reference to an answer that many operations give, kept once."""
        same = (name for name, known in self.responses.items() if known == response)
        name = next(same, f"{status}-{len(self.responses) + 1}")
        self.responses[name] = response
        return {"$ref": f"#/components/responses/{name}"}

    def schema_of_xml(self, ns: str) -> str:
        """A link to the XML Schema of a namespace."""
        name = xsd.file_name(ns, self.version)
        return f"[{name}]({self.site}/resources/{self.version}/xsd/{name})"
