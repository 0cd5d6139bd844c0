"""The catalogue itself: immutable, so that any number of threads may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from pyroaring import BitMap


@dataclass(frozen=True)
class Option:
    """A value that a facet may take: what stands in addresses, what readers see, and a theme's sign."""

    value: str
    label: str
    sign: str = ""


@dataclass(frozen=True)
class Names:
    """What things are called: the options of each facet by database key, and the date and code of each source."""

    options: Mapping[str, Mapping[int, Option]]
    sources: Mapping[int, tuple[date, str]]


@dataclass(frozen=True)
class Facet:
    """The values of one facet, in the order of the vocabulary, and the entries that have each."""

    options: Mapping[str, Option]
    entries: Mapping[str, BitMap]

    def having(self, values: Iterable[str]) -> BitMap:
        """Return the entries that have one of the values."""
        return BitMap.union(BitMap(), *(self.entries[value] for value in values if value in self.entries))

    def counts(self, among: BitMap) -> dict[str, int]:
        """Count some entries by value, leaving out values that none of them has."""
        count = among.intersection_cardinality
        return {value: n for value, entries in self.entries.items() if (n := count(entries))}


@dataclass(frozen=True)
class Order:
    """One order of everything: the keys in it, and the place of each key (an array as long as the highest key)."""

    keys: np.ndarray
    places: np.ndarray

    def part(self, selected: BitMap, start: int, stop: int) -> list[int]:
        """Return the keys of one part of a selection, by their places in it."""
        if len(selected) == len(self.keys):
            return self.keys[start:stop].tolist()
        return self.all(selected)[start:stop].tolist()

    def all(self, selected: BitMap) -> np.ndarray:
        """Return the keys of a selection in this order."""
        places = self.places[np.frombuffer(selected.to_array(), dtype=np.uint32)]
        return self.keys[np.sort(places)]


@dataclass(frozen=True)
class Catalogue:
    """Everything published at one content version: sets of primary keys by the values of each facet, and two orders.

    `members` holds the sets by database key of the value, as they are carried over to the next catalogue; `numbers`
    and `owners` hold the number of each entry within its declaration and the key of that, at the place of its key.
    """

    number: int
    everything: BitMap
    names: Names
    members: Mapping[str, Mapping[int, BitMap]]
    numbers: np.ndarray
    owners: np.ndarray
    facets: Mapping[str, Facet]
    orders: Mapping[str, Order]

    def select(self, chosen: Mapping[str, Iterable[str]], found: BitMap | None = None, *, but: str = "") -> BitMap:
        """Return the entries that have one of the chosen values of every facet but one, among those that were found."""
        selected = self.everything if found is None else self.everything & found
        for name, values in chosen.items():
            if name in self.facets and name != but and values:
                selected = selected & self.facets[name].having(values)
        return selected

    def akin(self, key: int, weights: Mapping[str, int], most: int) -> list[int]:
        """Return the entries that share most with one: each shared value of a facet counts by the facet's weight."""
        shared = np.zeros(len(self.numbers), np.int32)
        for name, weight in weights.items():
            for entries in self.members[name].values():
                if key in entries:
                    shared[np.frombuffer(entries.to_array(), np.uint32)] += weight
        shared[key : key + 1] = 0
        order = self.orders["newest"]
        ranked = shared[order.keys]
        best = np.argsort(-ranked, kind="stable")[:most]
        return order.keys[best[ranked[best] > 0]].tolist()

    def newest_sources(self, most: int) -> list[int]:
        """Return the keys of the declarations with entries, the newest first."""
        owners = self.owners[self.orders["newest"].keys]
        return owners[np.flatnonzero(np.diff(owners, prepend=-1))[:most]].tolist()

    def standing(self, key: int) -> tuple[date, str, int]:
        """Return the date and the code of an entry's declaration, and its number in that."""
        return *self.names.sources[int(self.owners[key])], int(self.numbers[key])

    def code(self, key: int) -> str:
        """Return the code of an entry."""
        _day, code, number = self.standing(key)
        return f"{code}-{number}"

    @cached_property
    def totals(self) -> dict[str, dict[str, int]]:
        """How many entries have each value of each facet."""
        return {
            name: {value: len(entries) for value, entries in facet.entries.items()}
            for name, facet in self.facets.items()
        }

    def counts(self, chosen: Mapping[str, Iterable[str]], found: BitMap | None = None) -> dict[str, dict[str, int]]:
        """Count each facet's values, each facet under all choices but its own."""
        selected = self.select(chosen, found)
        return {
            name: facet.counts(self.select(chosen, found, but=name) if chosen.get(name) else selected)
            for name, facet in self.facets.items()
        }
