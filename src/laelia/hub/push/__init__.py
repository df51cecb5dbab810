"""The only writer to records."""

from laelia.hub.push.outcome import Outcome
from laelia.hub.push.run import plan_for, push
from laelia.hub.push.verdict import Verdict

__all__ = ["Outcome", "Verdict", "plan_for", "push"]
