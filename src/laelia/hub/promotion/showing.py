"""Rules of how iDs are shown, and of what is said to people."""

import re
from typing import Any
from urllib.parse import urlsplit

import lxml.html

from laelia.hub.organisations import texts
from laelia.hub.promotion.probe import SAMPLE, found
from laelia.hub.promotion.rule import Facts, Finding, Rule, judged
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy

ORCID_ID = re.compile(r"https?://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def _shown(facts: Facts) -> Any:
    return lxml.html.fromstring(facts.probe.shown)


def _icon(facts: Facts) -> Finding:
    if not _shown(facts).xpath("//a//*[local-name()='svg' or local-name()='img']"):
        return Finding("fails", _("No mark stands beside it."))
    return Finding("look", _("A mark of our own stands beside each iD; ORCID asks for its icon, unaltered."))


def _whole(facts: Facts) -> Finding:
    text = "".join(_shown(facts).text_content().split())
    return judged(text.endswith(facts.place.address_of(SAMPLE)), text)


def _scheme(facts: Facts) -> Finding:
    there = urlsplit(facts.to.site)
    return judged(there.scheme == "https", _("There: %(iri)s", iri=f"{facts.to.site}/{SAMPLE}"))


def _linked(facts: Facts) -> Finding:
    to = _shown(facts).xpath("string(//a/@href)")
    return judged(to == facts.place.address_of(SAMPLE), to)


def _named(facts: Facts) -> Finding:
    return judged(SAMPLE in _shown(facts).xpath("string(//a)"), _("The link's own words are the iD."))


def _unproven(facts: Facts) -> Finding:
    return Finding("holds", _("An iD that nobody proved is shown nowhere as one."))


def _own_host(facts: Facts) -> Finding:
    if facts.place.site_url == "https://orcid.org":
        return Finding("unseen", _("This is no sandbox."))
    told = " ".join([facts.probe.shown, *facts.probe.pages.values()])
    wrong = ORCID_ID.findall(told)
    return judged(
        not wrong, ", ".join(wrong) or _("Here iDs are shown as %(iri)s/…", iri=facts.place.site_url)
    )


def _landing(facts: Facts) -> str:
    return facts.probe.pages.get(f"/{facts.place.handle}/", "")


def _button(facts: Facts) -> Finding:
    page = _landing(facts)
    links = found(page, "//a[contains(@href, '/connect')]") if page else []
    if not links:
        return Finding("fails", _("No link to connect on the first page."))
    return Finding("look", _("“%(words)s”: ORCID asks for its name or icon on it.",
                             words=" ".join(links[0].text_content().split())))  # fmt: skip


def _explained(facts: Facts) -> Finding:
    return judged(
        f'href="{facts.place.site_url}"' in _landing(facts),
        _("The first page says what an iD is, and leads to %(site)s.", site=facts.place.site_url),
    )


def _said(facts: Facts) -> Finding:
    said, own = texts.said(facts.tx, facts.place.id), texts.own(facts.tx, facts.place.id)
    missing = [name for name in ("what", "why", "withdraw", "help") if not said[name].strip()]
    words = ", ".join(sorted(own)) or _("none")
    return judged(not missing, _("In the organisation's own words: %(which)s.", which=words))


def _help(facts: Facts) -> Finding:
    return judged(bool(facts.place.support_url), facts.place.support_url or _("No address for help is set."))


def _privacy(facts: Facts) -> Finding:
    return judged(bool(facts.place.privacy_url), facts.place.privacy_url or _("No privacy policy is named."))


def _letter(facts: Facts) -> Finding:
    body = texts.said(facts.tx, facts.place.id)["invitation"]
    return judged("{link}" in body, _("It has a personal link, which ends and by which one can say no."))


def _facts_only(facts: Facts) -> Finding:
    name = facts.place.ror or facts.place.organisation_name
    return Finding("look", _("Does everything come from what %(name)s knows itself?", name=name))


RULES = (
    Rule(
        "D1", "MUST", lazy("A button with ORCID's name leads to the registry."), lazy("first page"), _button
    ),
    Rule("V1", "MUST", lazy("The iD's icon stands beside each iD."), lazy("how an iD is shown"), _icon),
    Rule(
        "V2",
        "MUST",
        lazy("iDs are shown in one of the usual forms: icon and whole address."),
        lazy("how an iD is shown"),
        _whole,
    ),
    Rule("V3", "MUST", lazy("The address of an iD begins with https."), lazy("settings"), _scheme),
    Rule("V4", "MUST", lazy("An iD is a link to exactly that record."), lazy("how an iD is shown"), _linked),
    Rule(
        "V6", "SHOULD", lazy("The link says in words whose record it is."), lazy("how an iD is shown"), _named
    ),
    Rule(
        "V7", "MUST", lazy("iDs that are not proven look different."), lazy("how the hub is made"), _unproven
    ),
    Rule(
        "V10", "MUST", lazy("iDs of a sandbox are never shown as those of ORCID."), lazy("pages"), _own_host
    ),
    Rule(
        "K1",
        "MUST",
        lazy("Beside the button stands what an iD is, with a link to the registry."),
        lazy("first page"),
        _explained,
    ),
    Rule(
        "K2",
        "MUST",
        lazy("It is said why it is asked, what is read and written, how to withdraw."),
        lazy("texts"),
        _said,
    ),
    Rule("K5", "SHOULD", lazy("Who needs help finds whom to ask."), lazy("settings"), _help),
    Rule(
        "K6",
        "SHOULD",
        lazy("The invitation has a personal link and a way to say no."),
        lazy("texts"),
        _letter,
    ),
    Rule("K7", "SHOULD", lazy("A privacy policy is named."), lazy("settings"), _privacy),
    Rule(
        "W6", "MUST", lazy("Only what the organisation vouches for is added."), lazy("a person"), _facts_only
    ),
)
