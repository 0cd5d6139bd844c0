"""A selection in order: its parts, walks through it in bounded memory, and the mark that says where
a part ended.
"""

import gc
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import batched

from django.core import signing
from pyroaring import BitMap

from recommendations.models import Recommendation

from . import fulltext
from .facets import Catalogue

CHUNK = 200  # entries held at a time
MOST_RANKED = 5000  # entries; ranking more costs more than it tells


@dataclass(frozen=True)
class Results:
    """The keys of a selection in the order of `sort`; by "relevance" the best match of `query`
    comes first.
    """

    held: Catalogue
    selected: BitMap
    sort: str
    query: fulltext.Query

    @property
    def is_too_wide(self) -> bool:
        """Whether a search leaves more entries than are ranked, so that the newest come first."""
        return self.sort == "relevance" and bool(self.query) and len(self.selected) > MOST_RANKED

    @property
    def most_ranked(self) -> int:
        """How many entries are ranked at most."""
        return MOST_RANKED

    @property
    def order(self) -> str:
        """The order in use, where a search without any word, or one that is too wide, matches
        nothing best.
        """
        return (
            "newest"
            if self.sort == "relevance" and (not self.query or self.is_too_wide)
            else self.sort
        )

    @cached_property
    def ranks(self) -> dict[int, float]:
        """How well each entry matches, more is better; 0 is that of an entry found by its code
        alone.
        """
        return dict.fromkeys(self.selected, 0.0) | fulltext.ranks(self.query, self.selected)

    def __len__(self) -> int:
        return len(self.selected)

    def __getitem__(self, part: slice) -> list[int]:
        """Return the keys of a part."""
        if self.order == "relevance":
            return self._best[part]
        return self.held.orders[self.order].part(self.selected, part.start or 0, part.stop)

    @cached_property
    def _best(self) -> list[int]:
        places = self.held.orders["newest"].places
        return sorted(self.selected, key=lambda key: (-self.ranks[key], places[key]))

    @cached_property
    def keys(self) -> array:
        """All keys, 4 bytes each."""
        return array("I", self._best if self.order == "relevance" else self._whole.tobytes())

    @property
    def _whole(self):
        return self.held.orders[self.order].all(self.selected)

    def standing(self, key: int) -> list:
        """Return what an entry is sorted by, which outlives the entry; lists of one order compare
        like the entries.
        """
        day, code, number = self.held.standing(key)
        if self.order == "code":
            return [code, number]
        newest = [-day.toordinal(), code, number]
        return [-self.ranks[key], *newest] if self.order == "relevance" else newest

    def mark(self, key: int, selection: str) -> str:
        """Return the place after an entry as a token, signed for one selection in one order: it
        fits no other.
        """
        return self._signer(selection).sign_object(self.standing(key))

    def after(self, token: str, selection: str) -> int:
        """Return how many entries stand before a mark; raises BadSignature for any that was not
        made by mark().
        """
        return bisect_right(
            self.keys, self._signer(selection).unsign_object(token), key=self.standing
        )

    def _signer(self, selection: str) -> signing.Signer:
        return signing.Signer(salt=f"{__name__}:{self.order}:{selection}")


def fetch(keys, entries) -> list[Recommendation]:
    """Return these entries in the order of their keys, without those withdrawn meanwhile."""
    found = entries.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def walk(keys) -> Iterator[Recommendation]:
    """Yield entries with all that a record shows, chunk by chunk.

    However slowly a reader takes the answer, no transaction stays open that would keep editors from
    writing.
    """
    for chunk in batched(keys, CHUNK):
        yield from fetch(chunk, Recommendation.objects.for_records())
        gc.collect(1)
        # Entries and what was fetched with them refer to each other, and would pile up otherwise.
