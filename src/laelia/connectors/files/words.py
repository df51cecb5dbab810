"""What is said of a row and of a column: a code with its values, and the sentence made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from laelia.lib.i18n import lazy

SENTENCES = {
    # the file
    "guessed": lazy("The text is not UTF-8; it was read as Windows-1252. Look whether accents are right."),
    "sheet": lazy("The sheet “%(name)s” was read."),
    "formulas": lazy("Cells with formulas count with the value that was saved with them."),
    # a cell
    "date": lazy("“%(value)s” is no date. Write 2021, 2021-02 or 2021-02-28."),
    "no-such-date": lazy("“%(value)s” is not a day of the calendar."),
    "year": lazy("The year %(value)s is not between 1900 and 2100."),
    "country": lazy("“%(value)s” is no country. Write its code of two letters, such as NZ."),
    "link": lazy("“%(value)s” is no web address. It begins with https://."),
    "email": lazy("“%(value)s” is no e-mail address."),
    "orcid": lazy("“%(value)s” is no iD, or its last character is wrong."),
    "yes": lazy("“%(value)s” is neither yes nor no."),
    "number": lazy("“%(value)s” is not a whole number."),
    "term": lazy("“%(value)s” is not one of the values that are possible here: %(terms)s."),
    "code": lazy("“%(value)s” is no code that is known here."),
    "required": lazy("This must not be empty."),
    "extra": lazy(
        "The row has more cells than there are columns. A cell with the delimiter in it needs quotes."
    ),
    "both": lazy("%(one)s and %(other)s belong together: one of them is empty."),
    "org-id": lazy("“%(value)s” is not an identifier of %(source)s."),
    "org-source": lazy("Whose identifier “%(value)s” is can't be told. Name it in %(column)s."),
    "document": lazy("What the record says can't be read as this kind of item: %(detail)s"),
    # the registry's own rules
    "rule": lazy("%(detail)s"),
    # the person
    "nobody": lazy("The row names nobody: it needs an e-mail address or a local id."),
    "no-person": lazy("There is no such person here yet: %(who)s. Add people first."),
    "two-people": lazy("Several people here have this: %(who)s. Name one by the local id."),
    "other-person": lazy("The e-mail address and the local id belong to two people."),
    "iD-only": lazy(
        "An iD in a file says nothing for sure: only who has signed in here with it is known by it."
    ),
    "gone": lazy("This person's record is closed or has moved."),
    # the organisation
    "org-none": lazy("No organisation of the register is called “%(name)s”%(where)s. %(like)s"),
    "org-several": lazy(
        "Several organisations are called “%(name)s”: %(like)s. Write the identifier of one."
    ),
    "org-unknown": lazy("The register has no organisation with the identifier “%(name)s”."),
    "org-away": lazy("The register of organisations can't be asked: write the identifier."),
    # the key
    "no-key": lazy("To delete, name the key or the put-code of what is to go."),
    "key-unknown": lazy("There is nothing here with the key “%(key)s”."),
    "key-several": lazy("Several things here have the key “%(key)s”: name the person as well."),
    "put-code-unknown": lazy(
        "Nothing that came from here has put-code %(put_code)s on this person's record."
    ),
    "duplicate": lazy("The same as row %(row)s."),
    "same-key": lazy("Row %(row)s has the same key for the same person and says something else."),
    # notes
    "org-found": lazy("The organisation was found in the register: %(name)s, %(id)s."),
    "org-own": lazy("No organisation is named, so it is your own: %(name)s."),
    "not-connected": lazy("It waits until this person gives permission."),
    "other-iD": lazy("The iD of the file is not the one this person signed in with; theirs counts."),
    "half": lazy("An identifier needs its type and its value; with one of them it is left out."),
    # people
    "no-one": lazy("The row names nobody: it needs a local id or an e-mail address."),
    "same-person": lazy("Row %(row)s is about the same person, or has the same address."),
    "address-taken": lazy("This is the address of somebody else here."),
    "no-address": lazy("Without an e-mail address no letter can be written."),
    "hint": lazy("“%(value)s” is no iD, or its last character is wrong: it is left out."),
    "unit-unknown": lazy(
        "There is no unit with the code or name “%(name)s”: it is left out, unless you have it made."
    ),
    "unit-several": lazy("Several units are called “%(name)s”: it is left out. Write the code of one."),
    "gone-already": lazy("This has been taken back already."),
}


@dataclass(frozen=True)
class Said:
    """A code of SENTENCES with its values, about a column or, where it is empty, the row."""

    code: str
    column: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        said = str(SENTENCES[self.code])
        return said % dict(self.values) if self.values else said

    def __str__(self) -> str:
        return f"{self.column}: {self.sentence}" if self.column else self.sentence
