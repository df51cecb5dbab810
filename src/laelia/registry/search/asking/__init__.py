"""Questions: from what clients send, in the syntax of Lucene and Solr, to a query of the index."""

from laelia.registry.search.asking.edismax import Edismax, edismax
from laelia.registry.search.asking.lucene import lucene
from laelia.registry.search.asking.wrong import TooBroad, Unasked

__all__ = ["Edismax", "TooBroad", "Unasked", "edismax", "lucene"]
