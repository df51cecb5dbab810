"""The form of an item: new and edit are the same."""

import re
from typing import Any

import msgspec
from sqlalchemy import Connection
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form
from laelia.model.identifiers import normalise_orcid
from laelia.sandbox.repository import people
from laelia.sandbox.repository.draft import Author, Draft
from laelia.sandbox.repository.intake import AuthorGiven
from laelia.sandbox.repository.kinds import (
    CATEGORIES,
    CATEGORY_BY_ID,
    ITEM_TYPES,
    LICENCE_BY_VALUE,
    LICENCES,
    TYPE_BY_ID,
)

_ORCID = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\b")


class ItemForm(Form):
    title = StringField(validators=[Length(3, 1000, lazy("Give a title of 3 to 1000 characters."))])
    type = IntegerField(validators=[AnyOf(list(TYPE_BY_ID), lazy("Choose an item type of the list."))])
    description = TextAreaField(validators=[Length(0, 10000, lazy("Use at most 10,000 characters."))])
    authors = TextAreaField()
    category = IntegerField(validators=[AnyOf([0, *CATEGORY_BY_ID], lazy("Choose a field of the list."))])
    metadata_only = BooleanField()
    keywords = StringField(validators=[Length(0, 4000, lazy("Give fewer keywords."))])
    licence = IntegerField(validators=[AnyOf(list(LICENCE_BY_VALUE), lazy("Choose a licence of the list."))])


def choices() -> dict[str, list[tuple[int, str]]]:
    """What the lists of the form offer."""
    return {
        "types": [(kind.id, kind.title) for kind in ITEM_TYPES],
        "categories": [(0, _("Choose one")), *((one.id, one.title) for one in CATEGORIES)],
        "licences": [(one.value, f"{one.name} – {one.title}") for one in LICENCES],
    }


# Fields of draft.lacking → fields of this form.
FIELD_OF = {"categories": "category", "files": "file"}


def filled(draft: Draft, authors: list[Author]) -> dict[str, Any]:
    """The form's values for a draft."""
    return {
        "title": draft.title,
        "type": draft.type,
        "description": draft.description,
        "authors": "\n".join(line(one) for one in authors),
        "category": draft.categories[0] if draft.categories else 0,
        "keywords": ", ".join(draft.tags),
        "licence": draft.licence,
        "metadata_only": draft.metadata_only,
    }


def line(author: Author) -> str:
    if author.full_name == author.orcid:  # the registry does not show her name
        return author.orcid
    return f"{author.full_name} {author.orcid}".strip()


def draft_from(
    tx: Connection, form: ItemForm, before: Draft, known: list[Author]
) -> tuple[Draft, dict[str, str]]:
    """The draft as the form has it, and what is wrong with the authors. Further categories that the API set
    stay, since the form shows only the first."""
    ids, wrong = _authors(tx, form.authors.data or "", known)
    chosen = form.category.data or 0
    others = before.categories[1:] if chosen and before.categories[:1] == [chosen] else []
    words = re.split(r"[,;\n]", form.keywords.data or "")
    draft = msgspec.structs.replace(
        before,
        title=(form.title.data or "").strip(),
        type=form.type.data or before.type,
        description=(form.description.data or "").replace("\r\n", "\n").strip(),
        authors=ids,
        categories=[chosen, *others] if chosen else [],
        tags=list(dict.fromkeys(word.strip() for word in words if word.strip()))[:100],
        licence=form.licence.data or before.licence,
        metadata_only=bool(form.metadata_only.data),
    )
    return draft, wrong


def _authors(tx: Connection, text: str, known: list[Author]) -> tuple[list[int], dict[str, str]]:
    """Author ids of lines like `Given Family` or `Given Family 0009-…`, and what is wrong with one."""
    ids: list[int] = []
    for raw in text.splitlines()[:100]:
        written = raw.strip(" \t,;")
        if found := _ORCID.search(written):
            author_id, wrong = _proven(tx, found.group(), known)
            if author_id is None:
                return ids, {"authors": wrong}
            beside = written.replace(found.group(), "").strip(" \t,;<>()")
            people.name_if_unknown(tx, author_id, beside)
            ids.append(author_id)
        elif written:
            same = [one.id for one in known if one.full_name == written]
            ids += same[:1] or people.resolve(tx, [AuthorGiven(name=written[:1000])])
    return list(dict.fromkeys(ids)), {}


def _proven(tx: Connection, text: str, known: list[Author]) -> tuple[int | None, str]:
    """The author with this iD. On the page an iD counts only when its owner signed in here, or when it stood
    there already (the API takes typed ones, as Figshare's does)."""
    orcid = normalise_orcid(text)
    if orcid is None:
        return None, _("%(id)s is not an iD: its last character does not fit.", id=text)
    there = [one.id for one in known if one.orcid == orcid]
    there = there or [one.id for one in people.search_authors(tx, orcid, None) if one.has_account]
    if there:
        return there[0], ""
    sentence = _(
        "Nobody has signed in here with %(id)s, so this repository can't vouch for it. "
        "Write the name alone, or ask your co-author to sign in once.",
        id=orcid,
    )
    return None, sentence
