"""THE TABLE of rules, and looking at all of them."""

from laelia.hub.promotion import calls, oauth, showing, storage
from laelia.hub.promotion.rule import Checked, Facts, Rule

RULES: tuple[Rule, ...] = (*oauth.RULES, *storage.RULES, *showing.RULES, *calls.RULES)


def look(facts: Facts) -> list[Checked]:
    return [Checked(rule, rule.check(facts)) for rule in RULES]
