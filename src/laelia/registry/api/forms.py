"""What other communities read, made of the same items by the same rules: CSL JSON and BibTeX of works,
JSON-LD of a record. They are the same in every version of the API.
"""

from dataclasses import replace

from laelia.codec import linked
from laelia.codec.citation import bibtex, csl
from laelia.codec.media import BIBTEX, CSL, JSON_LD
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME
from laelia.model.work import Work
from laelia.registry.api import reads
from laelia.registry.api.look import Look
from laelia.registry.api.reads import Form
from laelia.registry.record import person_views, read


def _work(asked: Look, at: read.Reading) -> Work:
    found = reads.item(asked, at)
    assert isinstance(found, Work)
    return found


def _csl(asked: Look, at: read.Reading) -> bytes:
    return csl.encode(_work(asked, at), person_views.cited(at))


def _entry(asked: Look, at: read.Reading) -> bytes:
    return bibtex.entry(_work(asked, at), person_views.cited(at)).encode()


def _bibliography(asked: Look, at: read.Reading) -> bytes:
    """The preferred work of every group."""
    found = read.preferred(replace(at, version=V3_0), BY_NAME["works"])
    works = (one for one in found if isinstance(one, Work))
    return bibtex.bibliography(works, person_views.cited(at)).encode()


def _person(asked: Look, at: read.Reading) -> bytes:
    assert at.view.public
    return linked.encode(read.record(replace(at, version=V3_0)))


def _named(file: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{file}"'}


BIBLIOGRAPHY = Form(BIBTEX, _bibliography, _named("works.bib"))

OF_AN_ITEM = {"works": (Form(CSL, _csl, schema=csl.SCHEMA), Form(BIBTEX, _entry, _named("work.bib")))}
"""By section, what one item can be had as."""
OF_A_LIST = {"works": (BIBLIOGRAPHY,)}
"""The same of a whole section."""
OF_A_RECORD = (Form(JSON_LD, _person, schema=linked.SCHEMA),)
"""The same of a record, from the Public API alone."""
