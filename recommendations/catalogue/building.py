"""Making a catalogue: from nothing, or from the last one by what has changed since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from pyroaring import BitMap
from taggit.models import Tag

from ..models import Actor, ContentChange, Recommendation, Source, Theme
from .holding import Catalogue, Facet, Names, Option, Order, array_of

# By facet: where an entry's values are found, from Recommendation. A year is its own key.
MEMBERS = {
    "theme": "themes",
    "tag": "tags",
    "source": "source",
    "year": "source__issued_on__year",
    "issuer": "source__issuers",
    "addressee": "addressees",
}
MOST_NUMBERS = 1 << 32  # entries of one source, for the keys that are sorted by


def build(number: int) -> Catalogue:
    """Make the catalogue of everything that is published now, as that of a content version."""
    published = Recommendation.objects.published().order_by()
    numbers = _by_key(published.values_list("pk", "number"), np.zeros(0, np.int32))
    everything = BitMap(published.values_list("pk", flat=True).iterator(chunk_size=5000))
    return _catalogue(number, everything, _names(), _members(published), numbers)


def renew(last: Catalogue, number: int) -> Catalogue:
    """Make the catalogue of now from the last one, asking only about what has changed since."""
    changed, are_names = ContentChange.since(last.number)
    published = Recommendation.objects.published().filter(pk__in=changed).order_by()
    gone, now = BitMap(changed), _members(published)
    everything = (last.everything - gone) | BitMap(published.values_list("pk", flat=True))
    members = {name: _moved(last.members[name], gone, now[name]) for name in MEMBERS}
    numbers = _by_key(published.values_list("pk", "number"), last.numbers)
    is_new = any(members[name].keys() - last.members[name].keys() for name in MEMBERS)
    names = _names() if are_names or is_new else last.names
    return _catalogue(number, everything, names, members, numbers)


def _members(published) -> dict[str, dict[int, BitMap]]:
    """Return for each facet the set of entries that have each value."""
    found = {}
    for name, path in MEMBERS.items():
        keys: dict[int, list[int]] = defaultdict(list)
        for value, key in published.exclude(**{path: None}).values_list(path, "pk").iterator(chunk_size=5000):
            keys[value].append(key)
        found[name] = {value: BitMap(each) for value, each in keys.items()}
    return found


def _moved(last: Mapping[int, BitMap], gone: BitMap, now: Mapping[int, BitMap]) -> dict[int, BitMap]:
    """Return the sets with the changed entries where they are now; sets that do not change are shared."""
    moved = {value: entries - gone if entries.intersect(gone) else entries for value, entries in last.items()}
    for value, entries in now.items():
        moved[value] = moved.get(value, BitMap()) | entries
    return {value: entries for value, entries in moved.items() if entries}


def _by_key(rows: Iterable[tuple[int, int]], last: np.ndarray) -> np.ndarray:
    """Return an array with each row's number at the place of its key, over those of the last one."""
    pairs = np.fromiter((each for row in rows for each in row), np.int64).reshape(-1, 2)
    numbers = np.zeros(max(len(last), int(pairs[:, 0].max(initial=0)) + 1), np.int32)
    numbers[: len(last)] = last
    numbers[pairs[:, 0]] = pairs[:, 1]
    return numbers


def _names() -> Names:
    """Return what everything is called that a facet may lead to."""
    actors = {pk: Option(slug, name) for pk, slug, name in Actor.objects.values_list("pk", "slug", "name")}
    themes = Theme.objects.order_by("position", "slug").values_list("pk", "slug", "label", "sign")
    tags = Tag.objects.values_list("pk", "slug", "name")
    sources = list(Source.objects.exclude(text="").values_list("pk", "code", "short_title", "issued_on"))
    options = {
        "theme": {pk: Option(slug, label, sign) for pk, slug, label, sign in themes},
        "tag": {pk: Option(slug, name) for pk, slug, name in tags},
        "source": {pk: Option(code, title) for pk, code, title, _day in sources},
        "year": {day.year: Option(str(day.year), str(day.year)) for *_rest, day in sources},
        "issuer": actors,
        "addressee": actors,
    }
    return Names(options, {pk: (day, code) for pk, code, _title, day in sources})


def _catalogue(number: int, everything: BitMap, names: Names, members: dict, numbers: np.ndarray) -> Catalogue:
    orders, owners = _orders(names.sources, members["source"], numbers), _owners(members["source"], len(numbers))
    facets = {name: _facet(name, names.options[name], members[name], owners) for name in MEMBERS}
    return Catalogue(number, everything, names, members, numbers, owners, facets, orders)


def _owners(members: Mapping[int, BitMap], length: int) -> np.ndarray:
    """Return an array with the key of each entry's source at the place of its own key."""
    owners = np.zeros(length, np.int32)
    for source, entries in members.items():
        owners[array_of(entries)] = source
    return owners


def _facet(name: str, options: Mapping[int, Option], members: Mapping[int, BitMap], owners: np.ndarray) -> Facet:
    """Return a facet with the values that entries have; of themes with all there are."""
    shown = {option.value: option for key, option in options.items() if name == "theme" or key in members}
    keys = [key for key in options if key in members]
    entries = {options[key].value: members[key] for key in keys}
    return Facet(shown, entries, owners, keys) if name == "source" else Facet(shown, entries)


def _orders(sources: Mapping[int, tuple], members: Mapping[int, BitMap], numbers: np.ndarray) -> dict[str, Order]:
    """Return newest declaration first, and by code; in both, a declaration's entries by number."""
    by_code = sorted(members, key=lambda pk: sources[pk][1])
    newest = sorted(by_code, key=lambda pk: sources[pk][0], reverse=True)
    return {"newest": _order(newest, members, numbers), "code": _order(by_code, members, numbers)}


def _order(sources: list[int], members: Mapping[int, BitMap], numbers: np.ndarray) -> Order:
    """Return the entries of one source after the other, each source's by number."""
    parts = [array_of(members[source]) for source in sources]
    keys = np.concatenate([np.zeros(0, np.uint32), *parts])
    place_of_source = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    keys = keys[np.argsort(place_of_source * MOST_NUMBERS + numbers[keys], kind="stable")]
    places = np.zeros(len(numbers), np.int32)
    places[keys] = np.arange(len(keys), dtype=np.int32)
    return Order(keys, places)
