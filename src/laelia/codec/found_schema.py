"""XML Schema of what a search is answered with: `search` in every version, `expanded-search` since 3.0."""

from collections.abc import Iterable

from laelia.codec.found import EXPANDED, EXPANDED_LISTS
from laelia.codec.xsd import XS, file_name
from laelia.model.language import NAMESPACE, V3_0, Version


def schema(version: Version) -> dict[str, str]:
    """Documents by file name; what they refer to of `common` is in that file of `xsd.schema`."""
    made = {"search": _document("search", "result", [_IDENTIFIER], version, ("common",))}
    if version is V3_0:
        fields = [_text(name) for name in EXPANDED]
        made["expanded-search"] = _document("expanded-search", "expanded-result", fields, version)
    return {file_name(ns, version): text for ns, text in made.items()}


_IDENTIFIER = '<xs:element ref="common:orcid-identifier"/>'


def _text(name: str) -> str:
    several = ' maxOccurs="unbounded"' if name in EXPANDED_LISTS else ""
    least = "" if name == "orcid-id" else ' minOccurs="0"'
    return f'<xs:element name="{name}" type="xs:string"{least}{several}/>'


def _document(ns: str, result: str, fields: Iterable[str], version: Version, used: Iterable[str] = ()) -> str:
    """A list of results, each of these fields, and how many there are in all."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<xs:schema xmlns:xs="{XS}" elementFormDefault="qualified"',
            f'    targetNamespace="{NAMESPACE}{ns}"{_prefixes((ns, *used))}>',
            *(_import(name, version) for name in used),
            f'  <xs:element name="{ns}">',
            "    <xs:complexType>",
            f'      <xs:sequence><xs:element name="{result}" type="{ns}:{result}" minOccurs="0"'
            ' maxOccurs="unbounded"/></xs:sequence>',
            '      <xs:attribute name="num-found" type="xs:integer" use="required"/>',
            "    </xs:complexType>",
            "  </xs:element>",
            f'  <xs:complexType name="{result}">',
            "    <xs:sequence>",
            *(f"      {field}" for field in fields),
            "    </xs:sequence>",
            "  </xs:complexType>",
            "</xs:schema>",
            "",
        ]
    )


def _prefixes(names: Iterable[str]) -> str:
    return "".join(f' xmlns:{name}="{NAMESPACE}{name}"' for name in names)


def _import(name: str, version: Version) -> str:
    return f'  <xs:import namespace="{NAMESPACE}{name}" schemaLocation="{file_name(name, version)}"/>'
