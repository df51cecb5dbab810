"""A BibTeX file that was handed in, or pasted: whether it is one, and what is in it."""

import codecs
import threading

from laelia.connectors import bibtex
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call
from laelia.model.sections import WORKS_LIMIT
from laelia.registry.web.adding.forms import LONGEST_FILE
from laelia.registry.web.adding.lookups import setting_of

LARGE = 1_000_000
"""Characters of a file that takes some seconds."""
reading = threading.Lock()
"""Held while this process reads a large file, which takes all of a processor: everybody else's pages come in
between."""


class Refused(Exception):
    """The text is a sentence for whoever handed it in."""


def references(call: Call, orcid: str) -> tuple[str, list[bibtex.Reference]]:
    """What the file is called, and its entries. Raises Refused."""
    sent = call.files().get("file")
    data = sent[0].data if sent else b""
    text = _decoded(data) if data else call.field("text")
    if max(len(data), len(text.encode())) > LONGEST_FILE:
        raise Refused(_("This is more than 5 MB: divide it into several files."))
    if not text.strip():
        raise Refused(_("Choose a BibTeX file, or paste entries below."))
    found = _read(call, orcid, text)
    if not found:
        raise Refused(_("There is no BibTeX entry in this. An entry begins like this: @article{name,"))
    if len(found) > WORKS_LIMIT:
        raise Refused(_("These are more than %(n)s entries: divide the file into several.", n=WORKS_LIMIT))
    return (sent[0].filename if sent and data else _("pasted entries")), found


def _read(call: Call, orcid: str, text: str) -> list[bibtex.Reference]:
    if len(text) < LARGE:
        return bibtex.references(text, setting_of(call, orcid))
    if not reading.acquire(blocking=False):
        raise Refused(_("Another large file is being read. Try again in a moment."))
    try:
        return bibtex.references(text, setting_of(call, orcid))
    finally:
        reading.release()


def _decoded(data: bytes) -> str:
    """Files of this century are UTF-8, older ones of Windows are not."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").replace("\0", "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.replace("\0", "")
