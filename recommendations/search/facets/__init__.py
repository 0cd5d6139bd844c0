"""What is published, kept in each process: sets of entries by facet value, and their orders.

Facets are counted and selections made by intersecting compressed sets (Roaring bitmaps) of primary
keys; the database is asked only for the entries of one page. An index never changes: `current()`
returns that of the present content version, made from the last one by what has changed since.
"""

from .current import current, forget, prepare
from .index import Counts, FacetIndex, Option

__all__ = ["Counts", "FacetIndex", "Option", "current", "forget", "prepare"]
