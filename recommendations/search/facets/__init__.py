"""What is published, held in each process: sets of entries by the values of every facet, and the
entries in order.

Facets are counted and selections made by intersecting compressed sets (Roaring bitmaps) of primary
keys; the database is asked only for the entries of one page. A catalogue never changes: `current()`
gives the one of the content version as of now, made from the last one by what has changed since.
"""

from .current import current, forget, prepare
from .index import Catalogue, Counts, Option

__all__ = ["Catalogue", "Counts", "Option", "current", "forget", "prepare"]
