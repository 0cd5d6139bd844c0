"""The keys of a selection in order, its slices, and the cursor that says where a slice ended."""

import gc
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import batched
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from pyroaring import BitMap

from recommendations.models import Recommendation

from . import fulltext
from .facets import FacetIndex

CHUNK = 200  # entries in memory at a time
MOST_RANKED = 5000  # entries; ranking more costs more than it tells


@dataclass(frozen=True)
class Results:
    """The keys of a selection in the order of `sort`, one of "relevance", "newest", "code"."""

    index: FacetIndex
    selected: BitMap
    sort: str
    query: fulltext.Query

    @property
    def is_too_wide(self) -> bool:
        """Whether a search finds more entries than are ranked, so that the newest come first."""
        return self.sort == "relevance" and bool(self.query) and len(self) > MOST_RANKED

    @property
    def most_ranked(self) -> int:
        """The largest number of entries that are ranked."""
        return MOST_RANKED

    @property
    def order(self) -> str:
        """The order in use: newest first where there is no word to rank by, or too much."""
        is_unranked = self.sort == "relevance" and (not self.query or self.is_too_wide)
        return "newest" if is_unranked else self.sort

    @cached_property
    def ranks(self) -> dict[int, float]:
        """How well each entry matches, more is better; 0 if it was found by its code alone."""
        return dict.fromkeys(self.selected, 0.0) | fulltext.ranks(self.query, self.selected)

    def __len__(self) -> int:
        return len(self.selected)

    def __getitem__(self, part: slice) -> list[int]:
        """Return the keys of a slice."""
        if self.order == "relevance":
            return self._best[part]
        return self.index.orders[self.order].part(self.selected, part.start or 0, part.stop)

    @cached_property
    def _best(self) -> list[int]:
        places = self.index.orders["newest"].places
        return sorted(self.selected, key=lambda key: (-self.ranks[key], places[key]))

    @cached_property
    def keys(self) -> array:
        """All keys, 4 bytes each."""
        if self.order == "relevance":
            return array("I", self._best)
        return array("I", self.index.orders[self.order].all(self.selected).tobytes())

    def sort_key(self, key: int) -> list[Any]:
        """Return what an entry is sorted by; it still has a place after the entry is withdrawn."""
        day, code, number = self.index.sort_key(key)
        if self.order == "code":
            return [code, number]
        newest = [-day.toordinal(), code, number]
        return [-self.ranks[key], *newest] if self.order == "relevance" else newest

    def cursor(self, key: int, url: str) -> str:
        """Return a token for the place after an entry, valid only for the selection at `url`."""
        return self._signer(url).sign_object(self.sort_key(key))

    def place_after(self, cursor: str, url: str) -> int:
        """Return how many entries precede a cursor; raises BadSignature unless cursor() made it."""
        sort_key = self._signer(url).unsign_object(cursor)
        return bisect_right(self.keys, sort_key, key=self.sort_key)

    def _signer(self, url: str) -> signing.Signer:
        return signing.Signer(salt=f"{__name__}:{self.order}:{url}")


def fetch(keys: Iterable[int], entries: "QuerySet[Recommendation]") -> list[Recommendation]:
    """Return these entries in the order of their keys, without those withdrawn meanwhile."""
    keys = list(keys)
    found = entries.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def stream(keys: Iterable[int]) -> Iterator[Recommendation]:
    """Yield entries with all that a record shows, in chunks, each read in its own transaction.

    So a slow reader keeps no transaction open that would block editors.
    """
    for chunk in batched(keys, CHUNK):
        yield from fetch(chunk, Recommendation.objects.for_records())
        # An entry and what was fetched with it refer to each other, and would pile up otherwise.
        gc.collect(1)
