"""What kinds, states, verdicts and outcomes of files are called on pages."""

from laelia.lib.i18n import lazy

KIND_WORDS = {
    "affiliations": lazy("Affiliations"),
    "works": lazy("Works"),
    "fundings": lazy("Funding"),
    "peer-reviews": lazy("Peer reviews"),
    "research-resources": lazy("Research resources"),
    "other-names": lazy("Other names"),
    "keywords": lazy("Keywords"),
    "researcher-urls": lazy("Web sites"),
    "external-identifiers": lazy("External ids of people"),
    "properties": lazy("Names, keywords, web sites and countries in one"),
}
EVERY_WORDS = {**KIND_WORDS, "people": lazy("People")}
# State of a file → how its chip looks, and what it says.
STATES = {
    "stored": ("", lazy("being judged")),
    "checking": ("", lazy("being judged")),
    "checked": ("warn", lazy("waits for you")),
    "filing": ("", lazy("being filed")),
    "filed": ("good", lazy("filed")),
}
VERDICTS = {
    "wrong": ("bad", lazy("wrong")),
    "note": ("warn", lazy("good, with a note")),
    "ok": ("good", lazy("good")),
    "duplicate": ("", lazy("twice in the file")),
}
OUTCOMES = {
    "added": lazy("new"),
    "changed": lazy("changed"),
    "same": lazy("nothing new"),
    "withdrawn": lazy("taken back"),
    "waiting": lazy("wait for permission"),
    "left": lazy("left as they are: their owners or staff said so"),
    "erased": lazy("erased with their person"),
    "superseded": lazy("replaced by a later row"),
}
