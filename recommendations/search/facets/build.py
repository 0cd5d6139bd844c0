"""Makes a facet index: from nothing, or from the last one by what has changed since."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from django.db.models import Max
from pyroaring import BitMap
from taggit.models import Tag

from recommendations.models import ContentChange, Organisation, Recommendation, Source, Theme
from recommendations.models.theme import other_topics

from .index import Facet, FacetIndex, Names, Option, Order, Rows, array_of, microseconds

# By facet: where an entry's values are found, from Recommendation. A year is its own key.
MEMBERS = {
    "theme": "themes",
    "tag": "tags",
    "source": "source",
    "year": "source__issued_on__year",
    "issuer": "source__issuers",
    "addressee": "addressees",
}
UNFILED = 0  # the key of the entries without a theme, among those of themes
MOST_NUMBERS = 1 << 32  # entries of one source, for the keys that are sorted by


def build(number: int) -> FacetIndex:
    """Make the index of all that is published now, as that of a content version."""
    known = Recommendation.with_withdrawn.order_by()
    published = BitMap(_published().values_list("pk", flat=True).iterator(chunk_size=5000))
    return _index(number, published, _names(), _members(known), _rows(known, Rows.none()))


def renew(last: FacetIndex, number: int) -> FacetIndex:
    """Make the index of now from the last one, asking only about what has changed since."""
    changed, are_names = ContentChange.since(last.number)
    known = Recommendation.with_withdrawn.filter(pk__in=changed).order_by()
    gone, now = BitMap(changed), _members(known)
    still = _published().filter(pk__in=changed).values_list("pk", flat=True)
    published = (last.published - gone) | BitMap(still)
    members = {name: _moved(last.members[name], gone, now[name]) for name in MEMBERS}
    is_new = any(members[name].keys() - last.members[name].keys() for name in MEMBERS)
    names = _names() if are_names or is_new else last.names
    return _index(number, published, names, members, _rows(known, last.rows))


def _published():
    return Recommendation.objects.order_by()


def _members(known) -> dict[str, dict[int, BitMap]]:
    """Return for each facet the set of entries that have each value, withdrawn ones too."""
    found = {}
    for name, path in MEMBERS.items():
        keys: dict[int, list[int]] = defaultdict(list)
        for value, key in (
            known.exclude(**{path: None}).values_list(path, "pk").iterator(chunk_size=5000)
        ):
            keys[value].append(key)
        found[name] = {value: BitMap(each) for value, each in keys.items()}
    if unfiled := BitMap(known.filter(themes=None).values_list("pk", flat=True)):
        found["theme"][UNFILED] = unfiled
    return found


def _moved(
    last: Mapping[int, BitMap], gone: BitMap, now: Mapping[int, BitMap]
) -> dict[int, BitMap]:
    """Return the sets with the changed entries where they are now; unchanged sets are shared."""
    moved = {
        value: entries - gone if entries.intersect(gone) else entries
        for value, entries in last.items()
    }
    for value, entries in now.items():
        moved[value] = moved.get(value, BitMap()) | entries
    return {value: entries for value, entries in moved.items() if entries}


def _rows(known, last: Rows) -> Rows:
    """Return what is known of each entry by its key, over what was known before."""
    dated = known.annotate(latest=Max("versions__published_at"))
    rows = dated.values_list("pk", "number", "source", "latest").iterator(5000)
    cells = (cell for *plain, latest in rows for cell in (*plain, microseconds(latest)))
    keys, numbers, sources, changed = np.fromiter(cells, np.int64).reshape(-1, 4).T
    length = max(len(last.numbers), int(keys.max(initial=0)) + 1)
    changes = zip(last, (numbers, sources, changed), strict=True)
    return Rows(*(_over(old, length, keys, new) for old, new in changes))


def _over(last: np.ndarray, length: int, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the last array, lengthened, with these values at the places of their keys."""
    array = np.zeros(length, last.dtype)
    array[: len(last)] = last
    array[keys] = values
    return array


def _names() -> Names:
    """Return the options of every facet, and dates and codes of the sources."""
    organisations = {
        pk: Option(slug, name)
        for pk, slug, name in Organisation.objects.values_list("pk", "slug", "name")
    }
    themes = Theme.objects.order_by("position", "slug").values_list("pk", "slug", "label", "sign")
    other = other_topics()
    tags = Tag.objects.values_list("pk", "slug", "name")
    sources = list(
        Source.objects.exclude(text="").values_list("pk", "code", "short_title", "issued_on")
    )
    options = {
        "theme": {pk: Option(slug, label, sign) for pk, slug, label, sign in themes}
        | {UNFILED: Option(other.slug, other.label)},
        "tag": {pk: Option(slug, name) for pk, slug, name in tags},
        "source": {pk: Option(code, title) for pk, code, title, _day in sources},
        "year": {day.year: Option(str(day.year), str(day.year)) for *_rest, day in sources},
        "issuer": organisations,
        "addressee": organisations,
    }
    return Names(options, {pk: (day, code) for pk, code, _title, day in sources})


def _index(number: int, published: BitMap, names: Names, members: dict, rows: Rows) -> FacetIndex:
    facets = {
        name: _facet(name, names.options[name], members[name], rows.sources) for name in MEMBERS
    }
    by_code = sorted(members["source"], key=lambda pk: names.sources[pk][1])
    newest = sorted(by_code, key=lambda pk: names.sources[pk][0], reverse=True)
    orders = {"newest": _order(newest, published, rows), "code": _order(by_code, published, rows)}
    return FacetIndex(number, published, names, members, rows, facets, orders)


def _facet(
    name: str, options: Mapping[int, Option], members: Mapping[int, BitMap], owners: np.ndarray
) -> Facet:
    """Return a facet with the values that entries have, or had when withdrawn, or all themes."""
    shown = {
        option.value: option for key, option in options.items() if name == "theme" or key in members
    }
    keys = [key for key in options if key in members]
    entries = {options[key].value: members[key] for key in keys}
    return Facet(shown, entries, owners, keys) if name == "source" else Facet(shown, entries)


def _order(sources: list[int], published: BitMap, rows: Rows) -> Order:
    """Return the entries of one source after the other, each source's by number."""
    keys, place = array_of(published), np.zeros(max(sources, default=0) + 1, np.int64)
    place[sources] = np.arange(len(sources))
    return Order.of(
        keys[np.argsort(place[rows.sources[keys]] * MOST_NUMBERS + rows.numbers[keys])],
        len(rows.numbers),
    )
