"""When a document that was loaded and read back is the same document.

Beyond the infoset, or the JSON value: the external ids of a group have no order, and the date of a list or a
group is that of the latest item shown in it. What a document leaves out and every record says, the registry
fills in: paths, dates, display-index, normal forms of identifiers, lists with nothing in them.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from codec.infoset import infoset
from laelia.codec.scalar import instant, stamp
from laelia.model.language import NAMESPACE
from laelia.model.sections import SECTIONS

COMMON = f"{{{NAMESPACE}common}}"
MODIFIED, CREATED = f"{COMMON}last-modified-date", f"{COMMON}created-date"
NORMAL = (f"{COMMON}external-id-normalized", f"{COMMON}external-id-normalized-error")
GROUPS = ("group", "affiliation-group", "peer-review-group")
ITEMS = {s.name for s in SECTIONS}
LISTS = ITEMS | {"person", "personal-details", "activities-summary", "emails"}
FILLED_ATTRIBUTES = ("path", "display-index", "primary", "verified")
FILLED_KEYS = (
    *("path", "display-index", "created-date", "last-modified-date", "submission-date"),
    *("external-id-normalized", "external-id-normalized-error", "primary"),
)


def local(e: etree._Element) -> str:
    return str(e.tag).rpartition("}")[2]


def differences(expected: etree._Element, got: etree._Element) -> list[str]:
    """What two XML documents say differently; `expected` is changed."""
    _date_lists(expected)
    return list(_differing(expected, got, ""))


def by_put_code(root: etree._Element) -> etree._Element:
    """The document with every list in the order of put-codes."""
    for one in root.iter():
        if local(one) in ITEMS and len(one):
            one[:] = sorted(
                one, key=lambda child: str(child.xpath("string(descendant-or-self::*/@put-code)"))
            )
    return root


def _date_lists(root: etree._Element) -> None:
    for one in root.iter():
        if local(one) in (*LISTS, *GROUPS) and len(one):
            dates = [instant(d) for d in _dates(one)]
            told = one.find(MODIFIED)
            if told is None and dates:
                told = etree.Element(MODIFIED)
                one.insert(0, told)
            if told is not None and dates:
                told.text = stamp(max(dates))
            elif told is not None:
                one.remove(told)


def _dates(one: etree._Element) -> Iterator[str]:
    """The dates of the items inside; a person's name has one that does not count."""
    for child in one:
        if local(child) in (*LISTS, *GROUPS):
            yield from _dates(child)
        elif local(child) != "name" and child.tag != MODIFIED:
            yield from (date.text or "" for date in child.findall(MODIFIED))


def _differing(expected: etree._Element, got: etree._Element, place: str) -> Iterator[str]:
    place = f"{place}/{local(expected)}"
    for name, value in expected.attrib.items():
        if "XMLSchema-instance" not in name and got.get(name) != value:
            yield f"{place}@{name}: {value} became {got.get(name)}"
    for name in got.attrib:
        if name not in expected.attrib and name not in FILLED_ATTRIBUTES:
            yield f"{place}@{name} is new: {got.get(name)}"
    wanted, found = _children(expected), _children(got)
    if not wanted and not found:
        if infoset(expected)[2] != infoset(got)[2]:
            yield f"{place}: {expected.text!r} became {got.text!r}"
        return
    tags = [one.tag for one in wanted]
    found = [one for one in found if one.tag in tags or not _filled(one)]
    if [one.tag for one in found] != tags:
        yield f"{place}: {[local(x) for x in wanted]} became {[local(x) for x in found]}"
        return
    for one, other in zip(wanted, found, strict=True):
        yield from _differing(one, other, place)


def _children(e: etree._Element) -> list[etree._Element]:
    found = [one for one in e if isinstance(one.tag, str)]
    parent = e.getparent()
    if local(e) == "external-ids" and parent is not None and local(parent) in GROUPS:
        found.sort(key=lambda one: str(infoset(one)))
    return found


def _filled(e: etree._Element) -> bool:
    return e.tag in (MODIFIED, CREATED, *NORMAL) or (local(e) in (*LISTS, "external-ids") and not len(e))


def json_differences(expected: Any, got: Any, place: str = "") -> Iterator[str]:
    """The same for JSON: same keys in the same order, same values."""
    if type(expected) is dict and type(got) is dict:
        if list(expected) != list(got):
            yield f"{place}: {list(expected)} became {list(got)}"
            return
        for key, value in expected.items():
            wanted, found = _told(key, value, expected), got[key]
            if not (wanted is None and (key in FILLED_KEYS or _is_empty_list(key, found))):
                yield from json_differences(wanted, _sorted(key, found, got), f"{place}/{key}")
    elif type(expected) is list and type(got) is list and len(expected) == len(got):
        for i, (one, other) in enumerate(zip(expected, got, strict=True)):
            yield from json_differences(one, other, f"{place}[{i}]")
    elif expected != got and not (expected is None and got == []):
        yield f"{place}: {str(expected)[:80]} became {str(got)[:80]}"


def _told(key: str, value: Any, inside: dict[str, Any]) -> Any:
    if key == "last-modified-date" and _is_list(inside):
        date = max(_json_dates(inside), default=None)
        return None if date is None else {"value": date}
    return _sorted(key, value, inside)


def _sorted(key: str, value: Any, inside: dict[str, Any]) -> Any:
    if key == "external-ids" and _is_group(inside) and value and value["external-id"]:
        return {"external-id": sorted(value["external-id"], key=str)}
    return value


def _is_group(inside: dict[str, Any]) -> bool:
    return "external-ids" in inside and "source" not in inside and "last-modified-date" in inside


def _is_list(inside: dict[str, Any]) -> bool:
    return "last-modified-date" in inside and not {"created-date", "creation-method"} & set(inside)


def _json_dates(inside: Any) -> Iterator[int]:
    if type(inside) is list:
        for one in inside:
            yield from _json_dates(one)
    elif type(inside) is dict and not _is_list(inside):
        if "created-date" not in inside:  # {"education-summary": {…}}
            yield from _json_dates(list(inside.values()))
        elif inside["last-modified-date"] is not None and "given-names" not in inside:
            yield inside["last-modified-date"]["value"]
    elif type(inside) is dict:
        yield from _json_dates([value for key, value in inside.items() if key != "last-modified-date"])


def _is_empty_list(key: str, found: Any) -> bool:
    return (
        key in LISTS
        and found is not None
        and not any(value for name, value in found.items() if name not in ("path", "last-modified-date"))
    )
