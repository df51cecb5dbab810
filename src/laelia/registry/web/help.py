"""Help in a few sentences for everything on a record: the one table that the page /help and the help beside
each section are made of."""

from dataclasses import dataclass

from laelia.lib.i18n import lazy
from laelia.lib.web.core import OPEN, Call, Reply, Route, page


@dataclass(frozen=True)
class Topic:
    """What is explained; `name` is its anchor on the page of all help."""

    name: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    heading: str
    topics: tuple[Topic, ...]


CHAPTERS = (
    Chapter(lazy("About you"), (
        Topic("names", lazy("Names"), (
            lazy("The name by which you are found and told from others. A given name is enough."),
            lazy(
                "If you publish under another form, such as initials, write it as the published name: "
                "it is shown first."
            ),
            lazy("If you keep your name to yourself, your record is still found by its iD."),
        )),
        Topic("other-names", lazy("Other names"), (
            lazy(
                "Whatever else you are or were called: a former name, a short form, the name in "
                "another script."
            ),
            lazy("People who look for one of them find you."),
        )),
        Topic("biography", lazy("Biography"), (
            lazy(
                "A few sentences about you and your work, for people who don't know you. Nothing in "
                "it is checked by anybody."
            ),
        )),
        Topic("emails", lazy("E-mail addresses"), (
            lazy(
                "You sign in and are written to by them; only you see them unless you choose "
                "otherwise."
            ),
            lazy(
                "Keep a second address that stays yours when you change employers: whoever reads a "
                "confirmed address can choose a new password."
            ),
        )),
        Topic("addresses", lazy("Countries"), (
            lazy("Where you work, or where your work takes place. No street and no town."),
        )),
        Topic("keywords", lazy("Keywords"), (
            lazy("What you work on, a word or two at a time. People are found by them."),
        )),
        Topic("researcher-urls", lazy("Web sites"), (
            lazy("Pages about you or by you: your group, your profile elsewhere, your weblog."),
        )),
        Topic("external-identifiers", lazy("Other identifiers"), (
            lazy(
                "Your numbers in other systems. The systems add them themselves, with your "
                "permission, so that nobody can claim a number that is not hers; you decide who sees "
                "them and may delete them."
            ),
        )),
    )),
    Chapter(lazy("What you do"), (
        Topic("employment", lazy("Employment"), (
            lazy(
                "Where you work and worked. Choose the organisation from the list where it is there: "
                "its identifier comes along, and others can rely on it."
            ),
            lazy(
                "Leave the end empty while you are there. Where your organisation adds it, nobody has "
                "to ask you for proof."
            ),
        )),
        Topic("education", lazy("Education and qualifications"), (
            lazy(
                "Degrees and studies stand under education; licences, certificates and continuing "
                "training under qualifications."
            ),
        )),
        Topic("professional", lazy("Professional activities"), (
            lazy(
                "Invited positions such as a visiting chair, distinctions such as a prize or an "
                "honorary degree, memberships of societies, and services such as a committee or an "
                "editorial board."
            ),
        )),
        Topic("funding", lazy("Funding"), (
            lazy(
                "Grants, awards and contracts that paid for your work, with the number that the "
                "funder gave them: by it funders and repositories find each other's records."
            ),
        )),
        Topic("works", lazy("Works"), (
            lazy(
                "Anything you published or made: articles, books, data, software, talks. Search & "
                "link is the easiest way: an organisation that knows your works adds them, and new "
                "ones later."
            ),
            lazy(
                "An identifier such as a DOI makes versions of the same work from several sources "
                "stand as one. You choose which of them is shown."
            ),
        )),
        Topic("reviews", lazy("Peer review"), (
            lazy(
                "Reviews that you wrote, added by journals and others for whom you wrote them. You "
                "can't add them yourself, which is why they are believed."
            ),
        )),
        Topic("resources", lazy("Research resources"), (
            lazy(
                "Time at a telescope, a collection, a computer or a laboratory that was granted to "
                "you on a proposal."
            ),
        )),
    )),
    Chapter(lazy("Who sees it, and who writes it"), (
        Topic("visibility", lazy("Who sees what"), (
            lazy(
                "For each thing you choose: everyone; trusted, who are the organisations and people "
                "you gave a permission; or only you."
            ),
            lazy(
                "What comes new gets the choice you made as your default, under Account → "
                "Preferences. Changing the default changes nothing that is there already."
            ),
        )),
        Topic("sources", lazy("Where things come from"), (
            lazy(
                "Each item names its source: you, or the organisation that added it. Only the source "
                "can change it. You can hide or delete anything, whoever added it."
            ),
        )),
        Topic("sharing", lazy("Permissions of organisations"), (
            lazy(
                "An organisation reads what is for trusted eyes, or adds to your record, only after "
                "you allowed it on a page of this site. It never learns your password."
            ),
            lazy(
                "Account → Trusted organisations lists what each may do and did. Take any of it back "
                "there at any time."
            ),
        )),
        Topic("delegates", lazy("Trusted individuals"), (
            lazy(
                "Somebody else can look after your record: an assistant, a librarian. She signs in "
                "with her own iD and acts in your record; what she does is noted under her name. "
                "Account → Trusted individuals."
            ),
        )),
    )),
)  # fmt: skip

# The sections that are explained together with others, or that go by another name on the page.
_UNDER = {
    "employments": "employment",
    "educations": "education",
    "qualifications": "education",
    "invited-positions": "professional",
    "distinctions": "professional",
    "memberships": "professional",
    "services": "professional",
    "fundings": "funding",
    "peer-reviews": "reviews",
    "research-resources": "resources",
    "permissions": "sharing",
}
_TOPICS = {topic.name: topic for chapter in CHAPTERS for topic in chapter.topics}


def words(name: str) -> Topic | None:
    """The help for a section of the record or a block of its page; None where there is none."""
    return _TOPICS.get(_UNDER.get(name, name))


def everything(call: Call) -> Reply:
    """GET /help."""
    return page(call, "help.html", chapters=CHAPTERS)


routes = [Route("GET", "/help", everything, OPEN)]
