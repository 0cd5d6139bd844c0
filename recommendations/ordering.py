"""A selection in order: its parts, walks through it in bounded memory, and the mark that says where a part ended."""

import gc
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import batched

from django.core import signing
from pyroaring import BitMap

from .catalogue import Catalogue
from .models import Recommendation

CHUNK = 200  # entries held at a time
MANY = 5000  # keys that a statement may name; of more, the database tells of all, and we choose


@dataclass(frozen=True)
class Results:
    """The keys of a selection in an order; `ranks` says of "relevance" how well each entry matches, more is better."""

    held: Catalogue
    selected: BitMap
    order: str
    ranks: Mapping[int, float]

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
        return sorted(self.selected, key=lambda key: (-self.ranks.get(key, 0.0), places[key]))

    @cached_property
    def keys(self) -> array:
        """All keys, 4 bytes each."""
        return array("I", self._best if self.order == "relevance" else self._whole.tobytes())

    @property
    def _whole(self):
        return self.held.orders[self.order].all(self.selected)

    def standing(self, key: int) -> list:
        """Return what an entry is sorted by, which outlives the entry; lists of one order compare like the entries."""
        day, code, number = self.held.standing(key)
        by_code, newest = [code, number], [-day.toordinal(), code, number]
        return {"code": by_code, "newest": newest, "relevance": [-self.ranks.get(key, 0.0), *newest]}[self.order]

    def mark(self, key: int, selection: str) -> str:
        """Return the place after an entry as a token, signed for one selection so that it fits no other."""
        return _signer(selection).sign_object(self.standing(key))

    def after(self, token: str, selection: str) -> int:
        """Return how many entries stand before a mark; raises BadSignature for any that was not made by mark()."""
        return bisect_right(self.keys, _signer(selection).unsign_object(token), key=self.standing)


def fetch(keys, entries) -> list[Recommendation]:
    """Return these entries in the order of their keys, without those withdrawn meanwhile."""
    found = entries.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def walk(keys) -> Iterator[Recommendation]:
    """Yield entries with all that a record shows, chunk by chunk.

    However slowly a reader takes the answer, no transaction stays open that would keep editors from writing.
    """
    for chunk in batched(keys, CHUNK):
        yield from fetch(chunk, Recommendation.objects.published().for_records())
        gc.collect(1)  # entries and what was fetched with them refer to each other, and would pile up to twice as much


def last_changed_first(selected: BitMap) -> array:
    """Return the keys of a selection, the entry with the newest version first."""
    entries = Recommendation.objects.published().with_latest().order_by("-latest_at", "source__code", "number")
    rows = among(entries, selected).values_list("pk", flat=True).iterator(chunk_size=5000)
    return array("I", (key for key in rows if key in selected))


def among(entries, selected: BitMap):
    """Narrow a query to a selection where it is short enough to be named."""
    return entries.filter(pk__in=list(selected)) if len(selected) <= MANY else entries


def _signer(selection: str) -> signing.Signer:
    return signing.Signer(salt=f"{__name__}:{selection}")
