"""The links of a page of results: facet values, filters in use, orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote_plus, urlencode

from .facets import Counts, Option
from .filterset import SORTS, RecommendationFilter
from .query_errors import BROWSE

MOST_VALUES = 30  # of a facet; a longer list helps nobody, and the search finds the rest
GAP, ENCODED_GAP = "\0", "%00"  # takes the place of a value in an address; no query may hold it


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet as a link that selects it, or removes it if it is selected."""

    option: Option
    count: int
    selected: bool
    url: str


@dataclass(frozen=True)
class FacetGroup:
    """A facet with its most frequent values, some of them behind "All 14 tags"."""

    name: str
    title: str
    shown: list[FacetValue]
    hidden: list[FacetValue]
    total: int
    separates: bool = True  # False where each value counts everything, so that none narrows


@dataclass(frozen=True)
class FilterLink:
    """A filter in use, the address without it, and how many entries that has."""

    label: str
    url: str
    count: int = 0


@dataclass(frozen=True)
class FacetLinks:
    """The addresses that lead from a selection to others."""

    filterset: RecommendationFilter
    chosen: dict[str, list[str]]

    def url(
        self,
        path: str = BROWSE,
        changes: Mapping[str, list[str]] | None = None,
        *,
        page: int = 1,
        after: str = "",
        without: str = "",
    ) -> str:
        """Return the one address of the selection with these values of parameters."""
        chosen = {name: values for name, values in self.chosen.items() if name != without}
        chosen |= changes or {}
        if without == "q" and chosen.get("sort") == ["relevance"]:
            del chosen["sort"]
        pairs = [(name, value) for name in self.filterset.filters for value in chosen.get(name, [])]
        pairs += [("page", str(page))] if page > 1 else []
        pairs += [("after", after)] if after else []
        return f"{path}?{urlencode(pairs)}" if pairs else path

    @cached_property
    def facets(self) -> list[FacetGroup]:
        """Every facet with its counts."""
        counts, found = self.filterset.counts(), len(self.filterset.selected())
        return [self._group(name, counts[name], found) for name in self.filterset.facets]

    @property
    def has_orders(self) -> bool:
        """Whether the orders differ, as they do for a search and for several declarations."""
        if "q" in self.chosen or "sort" in self.chosen:
            return True
        (sources,) = [group for group in self.facets if group.name == "source"]
        return sources.separates

    def _group(self, name: str, counts: Counts, found: int) -> FacetGroup:
        """Return a facet with its most frequent values and those chosen."""
        chosen, options = self.chosen.get(name, []), self.filterset.options(name)
        values = counts.most(MOST_VALUES) | {value: counts[value] for value in chosen}
        total = len(counts) + sum(not counts[value] for value in chosen)
        ordered = self._in_order(name, values)[:MOST_VALUES]
        limit = len(values) if len(values) <= 7 else max(5, len(chosen))
        adding = self.url(changes={name: [*chosen, GAP]})
        links = [self._value(name, options[value], values[value], adding) for value in ordered]
        label = self.filterset.filters[name].label
        separates = any(link.selected or link.count != found for link in links)
        return FacetGroup(name, label, links[:limit], links[limit:], total, separates)

    def _in_order(self, name: str, values: dict[str, int]) -> list[str]:
        """Order themes by vocabulary, years newest first, others by chosen, then frequency."""
        chosen, options = self.chosen.get(name, []), self.filterset.options(name)
        if name == "theme":
            return [value for value in options if value in values]
        if name == "year":
            return sorted(values, reverse=True)
        return sorted(
            values,
            key=lambda value: (
                value not in chosen,
                -values[value],
                options[value].label.casefold(),
            ),
        )

    def _value(self, name: str, option: Option, count: int, adding: str) -> FacetValue:
        """Return the link of a value; `adding` is the address with a gap for one more value."""
        if option.value in self.chosen.get(name, []):
            return FacetValue(option, count, True, self._without(name, option.value))
        url = adding.replace(ENCODED_GAP, quote_plus(option.value))
        return FacetValue(option, count, False, url)

    def _without(self, name: str, value: str) -> str:
        """Return the address without one value of a facet."""
        return self.url(changes={name: [other for other in self.chosen[name] if other != value]})

    @property
    def in_use(self) -> list[FilterLink]:
        """Each filter in use with the address without it."""
        q = self.chosen.get("q", [])
        links = [FilterLink(f"“{text}”", self.url(without="q")) for text in q]
        for name in self.filterset.facets:
            links += [
                FilterLink(self._label(name, value), self._without(name, value))
                for value in self.chosen.get(name, [])
            ]
        return links

    def _label(self, name: str, value: str) -> str:
        return f"“{value}”" if name == "q" else self.filterset.options(name)[value].label

    @property
    def relaxations(self) -> list[FilterLink]:
        """What an empty result gains without each filter, most entries first."""
        links = []
        for name, values in self.chosen.items():
            count = len(self.filterset.selected(but=name)) if name != "sort" else 0
            if count:
                label = " or ".join(self._label(name, value) for value in values)
                links.append(FilterLink(label, self.url(without=name), count))
        return sorted(links, key=lambda link: -link.count)

    @property
    def sorts(self) -> list[tuple[str, str, str]]:
        """The orders as (name, label, address); best match only for a search."""
        offered = [name for name in SORTS if "q" in self.chosen or name != "relevance"]
        return [(name, SORTS[name], self.url(changes={"sort": [name]})) for name in offered]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """What the search form sends along."""
        return [
            (name, value)
            for name, values in self.chosen.items()
            if name != "q" and values != ["relevance"]
            for value in values
        ]

    @property
    def description(self) -> str:
        """The selection in words, for titles and feeds."""
        return ", ".join(link.label for link in self.in_use) or "All recommendations"
