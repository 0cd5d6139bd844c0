"""The facet index: immutable, so that any number of threads may read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
from pyroaring import BitMap

from recommendations.models.theme import OTHER

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def array_of(entries: BitMap) -> np.ndarray:
    """Return the keys of a set as an array, in order."""
    return np.frombuffer(entries.to_array(), np.uint32)


@dataclass(frozen=True)
class Option:
    """A value of a facet: as in addresses, as readers see it, and a theme's icon."""

    value: str
    label: str
    icon: str = ""


@dataclass(frozen=True)
class Names:
    """The options of each facet, and the date and code of each source, by database key."""

    options: Mapping[str, Mapping[int, Option]]
    sources: Mapping[int, tuple[date, str]]


class Rows(NamedTuple):
    """What is known of each entry ever published, at the place of its key."""

    numbers: np.ndarray
    sources: np.ndarray  # their keys
    changed: np.ndarray  # when the last version appeared, in microseconds since 1970

    @classmethod
    def none(cls) -> "Rows":
        """Return the rows of nothing."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Counts:
    """How many of some entries have each value of a facet: `numbers[places[value]]`."""

    places: Mapping[str, int]
    numbers: np.ndarray

    def __getitem__(self, value: str) -> int:
        """Return how many have a value; 0 for a value that no entry ever had."""
        return int(self.numbers[self.places[value]]) if value in self.places else 0

    def __len__(self) -> int:
        """Return how many values some entry has."""
        return int(np.count_nonzero(self.numbers))

    def most(self, number: int) -> dict[str, int]:
        """Return the most frequent values that occur, and all as frequent as the last of these."""
        least = np.partition(self.numbers, -number)[-number] if number < len(self.numbers) else 1
        return self._where(self.numbers >= max(least, 1))

    def all(self) -> dict[str, int]:
        """Return every value that some entry has."""
        return self._where(self.numbers > 0)

    def _where(self, is_wanted: np.ndarray) -> dict[str, int]:
        values = list(self.places)
        return {
            values[place]: int(self.numbers[place]) for place in np.flatnonzero(is_wanted).tolist()
        }


@dataclass(frozen=True)
class Facet:
    """The values of one facet, in the order of the vocabulary, and the entries that have each.

    Where no entry has two values, `owners` holds the key of its value at the place of each entry's
    key, and `keys` the keys of the values in order, so that thousands are counted at once.
    """

    options: Mapping[str, Option]
    entries: Mapping[str, BitMap]
    owners: np.ndarray | None = None
    keys: Sequence[int] = ()

    def having(self, values: Iterable[str]) -> BitMap:
        """Return the entries that have one of the values."""
        return BitMap.union(
            BitMap(), *(self.entries[value] for value in values if value in self.entries)
        )

    def counts(self, among: BitMap) -> Counts:
        """Count some entries by value."""
        if self.owners is None:
            each = map(among.intersection_cardinality, self.entries.values())
            return Counts(self._places, np.fromiter(each, np.int64, len(self.entries)))
        numbers = np.bincount(self.owners[array_of(among)], minlength=max(self.keys, default=0) + 1)
        return Counts(self._places, numbers[np.array(self.keys, np.int64)])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {value: place for place, value in enumerate(self.entries)}


@dataclass(frozen=True)
class Order:
    """One order of all published entries: their keys in order, and the place of each key."""

    keys: np.ndarray
    places: np.ndarray

    @classmethod
    def of(cls, keys: np.ndarray, length: int) -> "Order":
        """Return the order of some keys, with places for so many."""
        places = np.zeros(length, np.int32)
        places[keys] = np.arange(len(keys), dtype=np.int32)
        return cls(keys, places)

    def part(self, selected: BitMap, start: int, stop: int) -> list[int]:
        """Return the keys of one part of a selection, by their places in it."""
        if len(selected) == len(self.keys):
            return self.keys[start:stop].tolist()
        return self.all(selected)[start:stop].tolist()

    def all(self, selected: BitMap) -> np.ndarray:
        """Return the keys of a selection in this order."""
        places = self.places[array_of(selected)]
        return self.keys[np.sort(places)]


@dataclass(frozen=True)
class FacetIndex:
    """Everything published at one content version: sets of entries by facet value, and two orders.

    `members` holds the sets by database key of the value, to be carried over to the next index.
    Withdrawn entries are in them, so that a selection whose last entry is withdrawn is empty
    instead of unknown.
    """

    number: int
    published: BitMap
    names: Names
    members: Mapping[str, Mapping[int, BitMap]]
    rows: Rows
    facets: Mapping[str, Facet]
    orders: Mapping[str, Order]

    def select(
        self, chosen: Mapping[str, Iterable[str]], found: BitMap | None = None, *, but: str = ""
    ) -> BitMap:
        """Return the entries with a chosen value of every facet but one, among those found."""
        selected = self.published if found is None else self.published & found
        for name, values in chosen.items():
            if name in self.facets and name != but and values:
                selected = selected & self.facets[name].having(values)
        return selected

    def related(self, key: int, weights: Mapping[str, int], most: int) -> list[int]:
        """Return the entries that share most values with one, weighted by facet."""
        shared = np.zeros(len(self.rows.sources), np.int16)
        for name, weight in weights.items():
            for value, entries in self.members[name].items():
                if value and key in entries:
                    shared[array_of(entries)] += weight
        shared[self._withdrawn] = 0
        shared[key : key + 1] = 0
        places = self.orders["newest"].places
        related: list[int] = []
        for score in range(int(shared.max(initial=0)), 0, -1):
            equal = np.flatnonzero(shared == score)
            related += equal[np.argsort(places[equal])][: most - len(related)].tolist()
            if len(related) == most:
                break
        return related

    @property
    def ever_published(self) -> int:
        """The number of entries that were ever published."""
        return int(np.count_nonzero(self.rows.sources))

    @cached_property
    def _withdrawn(self) -> np.ndarray:
        return np.setdiff1d(np.flatnonzero(self.rows.sources), array_of(self.published))

    def neighbours(self, source: int, number: int) -> tuple[list[int], list[int]]:
        """Return the entries of a declaration before a number and after it, each in order."""
        keys = array_of(self.members["source"].get(source, BitMap()) & self.published)
        keys = keys[np.argsort(self.rows.numbers[keys])]
        numbers = self.rows.numbers[keys]
        return keys[numbers < number].tolist(), keys[numbers > number].tolist()

    def labels(self, name: str, among: BitMap) -> dict[int, list[str]]:
        """Return what some entries have of a facet, in the order of the vocabulary."""
        found: dict[int, list[str]] = {key: [] for key in among}
        for value, entries in self.facets[name].entries.items():
            if (name, value) == ("theme", OTHER):
                continue
            for key in entries & among:
                found[key].append(self.facets[name].options[value].label)
        return found

    def newest_sources(self, most: int) -> list[int]:
        """Return the keys of the declarations with entries, the newest first."""
        owners = self.rows.sources[self.orders["newest"].keys]
        return owners[np.flatnonzero(np.diff(owners, prepend=-1))[:most]].tolist()

    def sort_key(self, key: int) -> tuple[date, str, int]:
        """Return the date and the code of an entry's declaration, and its number in it."""
        return *self.names.sources[int(self.rows.sources[key])], int(self.rows.numbers[key])

    def code(self, key: int) -> str:
        """Return the code of an entry."""
        _day, code, number = self.sort_key(key)
        return f"{code}-{number}"

    @cached_property
    def last_changed(self) -> Order:
        """The entries whose newest version is the latest first, then by code."""
        keys = self.orders["code"].keys
        return Order.of(
            keys[np.argsort(-self.rows.changed[keys], kind="stable")], len(self.rows.changed)
        )

    def changed_at(self, key: int) -> datetime:
        """Return when the newest version of an entry appeared."""
        return EPOCH + timedelta(microseconds=int(self.rows.changed[key]))

    def counts(
        self, chosen: Mapping[str, Iterable[str]], found: BitMap | None = None
    ) -> dict[str, Counts]:
        """Count each facet's values, each facet under all choices but its own."""
        selected, counts = self.select(chosen, found), {}
        for name in self.facets:
            among = self.select(chosen, found, but=name) if chosen.get(name) else selected
            counts[name] = self._count(name, among)
        return counts

    @cached_property
    def totals(self) -> dict[str, Counts]:
        """How many entries of all have each value of each facet."""
        return {name: facet.counts(self.published) for name, facet in self.facets.items()}

    def _count(self, name: str, among: BitMap) -> Counts:
        is_all = len(among) == len(self.published)
        return self.totals[name] if is_all else self.facets[name].counts(among)
