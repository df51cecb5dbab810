"""One item of every section as a client writes it, in every version and form.

Written by hand from what ORCID's documents look like, and not by the package's own codec. An item is a tree
of (prefix:name, text or children); `as_json` and `as_xml` say it. `text` is what a change changes, `key`
makes one item another than the next: identifiers and contents are made of it.
"""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

import orjson

Tree = list[tuple[str, Any]]
JSON, XML = "application/json", "application/xml"

ROR = "https://ror.org/041nas322"
GROUP = "orcid-generated:bee-reviews"
_COUNTRIES = (
    "AT AU BE BG BR CA CH CL CN CZ DE DK EE ES FI FR GB GR HR HU IE IN IS IT JP KE KR LT LU LV "
    "MA MT MX MY NG NL NO NP NZ PE PH PK PL PT RO RS RW SE SG SI SK SN TH TN TR TW TZ UA UG US"
)

AFFILIATIONS = ("distinction", "education", "employment", "invited-position", "membership", "qualification",
                "service")  # fmt: skip
# Of these JSON makes {"value": …}, the rest are plain.
_WRAPPED = {"common:title", "common:year", "common:month", "common:external-id-url", "common:url",
            "researcher-url:url", "address:country", "peer-review:subject-container-name"}  # fmt: skip
_TERMS = {"work:type", "funding:type", "common:external-id-relationship", "peer-review:reviewer-role",
          "peer-review:review-type", "research-resource:resource-type"}  # fmt: skip
# Elements that hold several of one kind, and what JSON calls these.
_LISTS = {
    "common:external-ids": "external-id",
    "peer-review:review-identifiers": "external-id",
    "research-resource:hosts": "organization",
}


def organisation(ror: str = ROR) -> Tree:
    return [
        ("common:name", "Bee House"),
        ("common:address", [("common:city", "Bonn"), ("common:country", "DE")]),
        (
            "common:disambiguated-organization",
            [
                ("common:disambiguated-organization-identifier", ror),
                ("common:disambiguation-source", "ROR"),
            ],
        ),
    ]


def identifiers(*given: tuple[str, str, str]) -> Tree:
    """External ids, each (type, value, relationship)."""
    return [
        (
            "common:external-id",
            [
                ("common:external-id-type", kind),
                ("common:external-id-value", value),
                ("common:external-id-relationship", relationship),
            ],
        )
        for kind, value, relationship in given
    ]


def item(noun: str, key: int, text: str = "first", version: str = "3.0", ids: Tree | None = None) -> Tree:
    """The tree of one item. `ids` are other external ids than the one made of `key`."""
    doi = identifiers(("doi", f"10.5555/bee.{key}", "self")) if ids is None else ids
    said = f"{text} {key}"
    if noun in AFFILIATIONS:
        # 2.x has these elements in the namespace of the kind, and no identifiers.
        ns = "common" if version == "3.0" else noun
        more = [("common:external-ids", doi)] if version == "3.0" else []
        return [(f"{ns}:role-title", said), (f"{ns}:organization", organisation()), *more]
    if noun == "work":
        return [
            ("work:title", [("common:title", said)]),
            ("work:type", "journal-article"),
            ("common:external-ids", doi),
        ]
    if noun == "funding":
        return [
            ("funding:type", "salary-award"),
            ("funding:title", [("common:title", said)]),
            ("common:external-ids", doi),
            ("common:organization" if version == "3.0" else "funding:organization", organisation()),
        ]
    if noun == "peer-review":
        return [
            ("peer-review:reviewer-role", "reviewer"),
            ("peer-review:review-identifiers", doi),
            ("peer-review:review-type", "review"),
            ("peer-review:review-completion-date", [("common:year", "2020")]),
            ("peer-review:review-group-id", GROUP),
            ("peer-review:subject-container-name", said),
            ("peer-review:convening-organization", organisation()),
        ]
    if noun == "research-resource":
        hosts: Tree = [("common:organization", organisation())]
        part: Tree = [
            ("research-resource:resource-name", said),
            ("research-resource:resource-type", "services"),
            ("research-resource:hosts", hosts),
            ("common:external-ids", identifiers(("other-id", str(key), "self"))),
        ]
        return [
            (
                "research-resource:proposal",
                [
                    ("research-resource:title", [("common:title", said)]),
                    ("research-resource:hosts", hosts),
                    ("common:external-ids", doi),
                ],
            ),
            ("research-resource:resource-items", [("research-resource:resource-item", part)]),
        ]
    if noun in ("keyword", "other-name"):
        return [(f"{noun}:content", said)]
    if noun == "researcher-url":
        return [
            ("researcher-url:url-name", said),
            ("researcher-url:url", f"https://bees.example.org/{key}"),
        ]
    if noun == "address":
        return [("address:country", _COUNTRIES.split()[2 * key + (text != "first")])]
    assert noun == "external-identifier"
    return [
        ("common:external-id-type", "Bee keepers' register"),
        ("common:external-id-value", f"keeper {key}"),
        ("common:external-id-url", f"https://bees.example.org/{text}/{key}"),
        ("common:external-id-relationship", "self"),
    ]


def document(noun: str, tree: Tree, version: str, form: str, **attributes: object) -> bytes:
    """The bytes of an item. Attributes such as put_code and visibility stand where the form has them."""
    told = {name.replace("_", "-"): value for name, value in attributes.items() if value is not None}
    if form == XML:
        return as_xml(f"{noun}:{noun}", tree, told)
    made = {**as_json(tree, version), **told}
    if version != "3.0" and "visibility" in made:
        made["visibility"] = made["visibility"].upper()
    return orjson.dumps(made)


def as_xml(root: str, tree: Tree, attributes: dict[str, object] | None = None) -> bytes:
    prefixes = sorted(_prefixes([(root, tree)]))
    names = "".join(f' xmlns:{one}="http://www.orcid.org/ns/{one}"' for one in prefixes)
    told = "".join(f" {name}={quoteattr(str(value))}" for name, value in (attributes or {}).items())
    return f"<{root}{names}{told}>{_inside(tree)}</{root}>".encode()


def _prefixes(tree: Tree) -> set[str]:
    found = set()
    for name, content in tree:
        found.add(name.partition(":")[0])
        found |= _prefixes(content) if isinstance(content, list) else set()
    return found


def _inside(content: Tree | str) -> str:
    if isinstance(content, str):
        return escape(content)
    return "".join(f"<{name}>{_inside(inner)}</{name}>" for name, inner in content)


def as_json(tree: Tree, version: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, content in tree:
        key = name.partition(":")[2]
        if name == "research-resource:resource-items":
            made["resource-item"] = [as_json(inner, version) for _, inner in content]
        elif name in _LISTS:
            made[key] = {_LISTS[name]: [as_json(inner, version) for _, inner in content]}
        elif isinstance(content, list):
            made[key] = as_json(content, version)
        elif name in _TERMS and version != "3.0":
            made[key] = content.upper().replace("-", "_")  # 2.x JSON writes terms as constants
        else:
            made[key] = {"value": content} if name in _WRAPPED else content
    return made
