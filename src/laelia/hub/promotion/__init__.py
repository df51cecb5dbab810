"""From sandbox to production: what ORCID's reviews demand, held against what was recorded; then the
organisation's configuration goes along, and nothing else does."""

from laelia.hub.promotion.carrying import Promoted, Survey, carry_out, registry_of, survey
from laelia.hub.promotion.copying import KINDS, OWN, SETTINGS, Change
from laelia.hub.promotion.demo import DEMO, Shown
from laelia.hub.promotion.probe import Served
from laelia.hub.promotion.rule import Checked, Finding, Rule
from laelia.hub.promotion.rules import RULES

__all__ = [
    "DEMO",
    "KINDS",
    "OWN",
    "RULES",
    "SETTINGS",
    "Change",
    "Checked",
    "Finding",
    "Promoted",
    "Rule",
    "Served",
    "Shown",
    "Survey",
    "carry_out",
    "registry_of",
    "survey",
]
