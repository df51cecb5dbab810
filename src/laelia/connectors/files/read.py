"""A file, whatever it is, as a sheet."""

from laelia.connectors.files.delimited import delimited
from laelia.connectors.files.objects import objects
from laelia.connectors.files.sheet import MOST_BYTES, Refused, Sheet
from laelia.connectors.files.workbook import workbook

_TEXT = ("csv", "tsv", "tab", "txt", "")
_YAML = ("yaml", "yml")
_NEVER = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"<?xml", b"<!DOCTYPE", b"<html", b"{\\rtf")


def read(name: str, data: bytes) -> Sheet:
    """What the file holds decides, not what it is called. Raises Refused."""
    if len(data) > MOST_BYTES:
        size, most = -(-len(data) // (1024 * 1024)), MOST_BYTES // (1024 * 1024)
        raise Refused("too-large", size=size, most=most)
    if not data.strip():
        raise Refused("empty")
    if data.startswith(b"PK"):
        return workbook(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("old-excel")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if data.startswith(_NEVER) or ending not in (*_TEXT, "json", "xlsx", *_YAML):
        raise Refused("format", name=name[:100])
    if ending in _YAML:
        return objects(data, as_yaml=True)
    if ending == "json" or (ending not in _TEXT[:3] and _plain(data).startswith((b"[", b"{"))):
        return objects(data)
    return delimited(data, alone="\t" if ending in ("tsv", "tab") else ",")


def _plain(data: bytes) -> bytes:
    return data[:100].removeprefix(b"\xef\xbb\xbf").lstrip()
