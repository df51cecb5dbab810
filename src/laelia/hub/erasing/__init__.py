"""Erasing a person: the registry is told first, then all that is kept of her goes, and a proof stays."""

from laelia.hub.erasing.erase import Busy, NotTold, erase
from laelia.hub.erasing.proof import Proof, proof, proofs

__all__ = ["Busy", "NotTold", "Proof", "erase", "proof", "proofs"]
