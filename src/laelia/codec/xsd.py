"""XML Schema generated from the declarations: one document per namespace, for a version and an id_base.

Element order, occurrence, limits and vocabularies are those the codecs hold to; the sentences of ORCID's own
schemas are not copied. The pattern of an iD's URI is that of the configured id_base.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from laelia.codec.scalar import write_uri
from laelia.model.common import CLIENT_PATH, ORCID_PATH, ClientUri
from laelia.model.language import (
    NAMESPACE,
    Entity,
    Field,
    Scalar,
    Version,
    attributes,
    describe,
    entities,
    is_entity,
    shape,
)
from laelia.model.vocabulary import Vocabulary

XS = "http://www.w3.org/2001/XMLSchema"


def schema(version: Version, id_base: str = "https://orcid.org") -> dict[str, str]:
    """Documents by file name (`work-3.0.xsd`), importing one another by relative name."""
    made = _Schema(version, id_base.rstrip("/"))
    for cls in entities(version):
        made.add(cls)
    return {file_name(ns, version): made.document(ns) for ns in made.namespaces}


def file_name(ns: str, version: Version) -> str:
    return f"{ns}-{version.name}.xsd"


@dataclass
class _Schema:
    version: Version
    id_base: str
    types: dict[str, dict[str, str]] = field(default_factory=dict)
    elements: dict[str, dict[str, str]] = field(default_factory=dict)
    imports: dict[str, set[str]] = field(default_factory=dict)

    @property
    def namespaces(self) -> list[str]:
        return sorted(self.types)

    def add(self, cls: type[Entity]) -> None:
        """The type of an entity, and the global element that is its document."""
        own = shape(cls)
        types = self.types.setdefault(own.ns, {})
        if own.name in types:
            return
        types[own.name] = ""
        types[own.name] = self._type(cls)
        self._global(own.ns, own.name, f'<xs:element name="{own.name}" type="{own.ns}:{own.name}"/>')

    def document(self, ns: str) -> str:
        used = sorted(self.imports.get(ns, set()) - {ns})
        prefixes = "".join(f' xmlns:{p}="{NAMESPACE}{p}"' for p in (ns, *used))
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<xs:schema xmlns:xs="{XS}" elementFormDefault="qualified"',
            f'    targetNamespace="{NAMESPACE}{ns}"{prefixes}>',
        ]
        for p in used:
            where = file_name(p, self.version)
            lines.append(f'  <xs:import namespace="{NAMESPACE}{p}" schemaLocation="{where}"/>')
        lines += [f"  {text}" for text in self.elements.get(ns, {}).values()]
        lines += [f"  {text}" for text in self.types[ns].values()]
        return "\n".join([*lines, "</xs:schema>", ""])

    def _global(self, ns: str, name: str, text: str) -> None:
        self.elements.setdefault(ns, {}).setdefault(name, text)

    def _type(self, cls: type[Entity]) -> str:
        own = shape(cls)
        pairs = describe(cls, self.version)
        attrs = "".join(self._attribute(f, cls) for _, f in attributes(cls, self.version))
        attrs += "".join(self._attribute(f, cls) for f in own.tolerated if f.form == "attribute")
        for _, f in pairs:
            if f.form == "body":
                base = self._named(own.ns, f"{own.name}-text", self._simple(f, cls))
                content = (
                    f'<xs:simpleContent><xs:extension base="{base}">{attrs}</xs:extension></xs:simpleContent>'
                )
                return f'<xs:complexType name="{own.name}">{content}</xs:complexType>'
        fields = [*(f for f in own.tolerated if f.form == "element"), *(f for _, f in pairs)]
        parts = "".join(self._particle(f, cls) for f in fields if f.form == "element" and f.xml)
        return f'<xs:complexType name="{own.name}"><xs:sequence>{parts}</xs:sequence>{attrs}</xs:complexType>'

    def _attribute(self, f: Field, cls: type[Entity]) -> str:
        use = ' use="required"' if f.required else ""
        return f'<xs:attribute name="{f.name}"{use}>{self._simple(f, cls)}</xs:attribute>'

    def _particle(self, f: Field, cls: type[Entity]) -> str:
        own = shape(cls).ns
        occurs = "" if f.required else ' minOccurs="0"'
        if f.many:
            occurs = ' minOccurs="0" maxOccurs="unbounded"'
        if f.choice:
            refs = "".join(
                self._ref(own, ns, name, k) for k, (ns, name) in zip(f.type, f.choice, strict=True)
            )
            return f"<xs:choice{occurs}>{refs}</xs:choice>"
        ns = f.ns or own
        if ns == own:
            return self._element(f, cls, occurs, own)
        self._global(ns, f.name, self._element(f, cls, "", ns))
        self.types.setdefault(ns, {})
        self.imports.setdefault(own, set()).add(ns)
        return f'<xs:element ref="{ns}:{f.name}"{occurs}/>'

    def _ref(self, own: str, ns: str, name: str, cls: type[Entity]) -> str:
        self.add(cls)
        self.imports.setdefault(own, set()).add(ns)
        return f'<xs:element ref="{ns}:{name}"/>'

    def _element(self, f: Field, cls: type[Entity], occurs: str, home: str) -> str:
        """The element as it is declared in the document of the namespace `home`."""
        if f.each:
            member = self._used(home, f.type)
            named = f'name="{f.each}" type="{member}"'
            if f.each_ns and f.each_ns != home:
                self._global(f.each_ns, f.each, f"<xs:element {named}/>")
                named = f'ref="{f.each_ns}:{f.each}"'
            inner = f'<xs:element {named} minOccurs="{f.least}" maxOccurs="{f.most or "unbounded"}"/>'
            inner = f"<xs:complexType><xs:sequence>{inner}</xs:sequence></xs:complexType>"
            return f'<xs:element name="{f.name}"{occurs}>{inner}</xs:element>'
        if is_entity(f.type):
            return f'<xs:element name="{f.name}" type="{self._used(home, f.type)}"{occurs}/>'
        marks = [(name, False) for name in f.tolerates] + ([("transient", True)] if f.transient else [])
        if not marks:
            return f'<xs:element name="{f.name}"{occurs}>{self._simple(f, cls)}</xs:element>'
        base = self._named(home, f"{f.name}-text", self._simple(f, cls))
        required = ' use="required"'
        attrs = "".join(
            f'<xs:attribute name="{name}" type="xs:string"{required if must else ""}/>'
            for name, must in marks
        )
        extension = f'<xs:extension base="{base}">{attrs}</xs:extension>'
        content = f"<xs:complexType><xs:simpleContent>{extension}</xs:simpleContent></xs:complexType>"
        return f'<xs:element name="{f.name}"{occurs}>{content}</xs:element>'

    def _used(self, home: str, cls: type[Entity]) -> str:
        self.add(cls)
        own = shape(cls)
        self.imports.setdefault(home, set()).add(own.ns)
        return f"{own.ns}:{own.name}"

    def _named(self, ns: str, name: str, simple: str) -> str:
        text = simple.replace("<xs:simpleType>", f'<xs:simpleType name="{name}">', 1)
        self.types.setdefault(ns, {}).setdefault(name, text)
        return f"{ns}:{name}"

    def _simple(self, f: Field, cls: type[Entity]) -> str:
        base, facets = _base(f), ""
        if isinstance(f.type, Vocabulary) and not (f.type.free_since_3 and self.version.order == 2):
            terms = list(f.type.readable(self.version, "xml")) + ([""] if f.type.blank else [])
            if f.form == "element" and f.type.down:  # 2.x writes more than it takes (funded-by)
                spelled = (f.type.spell(term, self.version, "xml") for term in f.type.terms)
                terms = list(dict.fromkeys([*terms, *(term for term in spelled if term is not None)]))
            facets = "".join(f'<xs:enumeration value="{term}"/>' for term in terms)
        elif f.low is not None:
            facets = f'<xs:minInclusive value="{f.low}"/><xs:maxInclusive value="{f.high}"/>'
        else:
            pattern = self._uri_pattern(cls) if f.type is Scalar.ID_URI else f.pattern
            pattern = pattern or (None if f.blank else r"[\s\S]*\S[\s\S]*")
            facets += f'<xs:maxLength value="{f.max}"/>' if f.max else ""
            facets += f'<xs:pattern value="{_quoted(pattern)}"/>' if pattern else ""
        return f'<xs:simpleType><xs:restriction base="{base}">{facets}</xs:restriction></xs:simpleType>'

    def _uri_pattern(self, cls: type[Entity]) -> str:
        base = re.sub(r"([.?*+(){}|\\^$\[\]])", r"\\\1", write_uri(self.id_base, self.version))
        return f"{base}/client/{CLIENT_PATH}" if cls is ClientUri else f"{base}/{ORCID_PATH}"


def _base(f: Field) -> str:
    kinds: dict[Any, str] = {
        int: "xs:integer",
        bool: "xs:boolean",
        Scalar.INSTANT: "xs:dateTime",
    }
    return "xs:integer" if f.low is not None else kinds.get(f.type, "xs:string")


def _quoted(pattern: str) -> str:
    return pattern.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
