"""The only writer to records."""

from laelia.hub.push.run import Outcome, plan_for, push
from laelia.hub.push.verdict import Verdict

__all__ = ["Outcome", "Verdict", "plan_for", "push"]
