"""What a query asks for: `selection()` refuses bad input for every format, and knows every link a
page needs.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import quote_plus, urlencode

from django.core.paginator import Page, Paginator
from django.core.signing import BadSignature
from django.http import QueryDict

from recommendations.models import Recommendation

from . import fulltext
from . import results as result_pages
from .facet_links import Chip, FacetGroup, FacetValue, Relaxation
from .facets import Counts
from .filterset import SORTS, Option, RecommendationFilter
from .query_errors import BROWSE, BadSelection, NoLonger, Problem, problems_of
from .rows import Line, lines

log = logging.getLogger("security")

PAGE_SIZE = 10
MOST_VALUES = 30  # of a facet; a longer list helps nobody, and the search finds the rest
SLICE_SIZE = 100  # entries of a data format that is paged
NEWS = 500  # entries of a feed, which is for what is new; the other formats hold all
GAP, ENCODED_GAP = "\0", "%00"  # where a value will stand in an address; no query may hold it


@dataclass
class Selection:
    """An answered query."""

    filterset: RecommendationFilter
    chosen: dict[str, list[str]] = field(default_factory=dict)
    number: int = 1
    after: str = ""

    @property
    def q(self) -> str:
        """The search as typed, without space around it."""
        return self.filterset.form.cleaned_data["q"]

    @property
    def query(self) -> fulltext.Query:
        """The search as understood."""
        return self.filterset.query

    @property
    def sort(self) -> str:
        """The order asked for, else best match for a search and newest first for the rest."""
        return self.filterset.form.cleaned_data["sort"] or ("relevance" if self.q else "newest")

    @cached_property
    def results(self) -> result_pages.Results:
        """The keys of all entries of the selection, in order."""
        return result_pages.Results(
            self.filterset.held, self.filterset.selected(), self.sort, self.query
        )

    @property
    def count(self) -> int:
        """The number of entries."""
        return len(self.results)

    def whole(self) -> Iterator[Recommendation]:
        """Yield every entry with all that a record shows, in order, in bounded memory."""
        return result_pages.walk(self.results.keys)

    def lines(self) -> Iterator[Line]:
        """Yield every entry as a line of a table, in order, in bounded memory."""
        return lines(self.filterset.held, self.results.keys)

    def news(self) -> Iterator[Recommendation]:
        """Yield the first entries for a feed: what changed last comes first, unless an order was
        asked for.
        """
        changed = self.filterset.held.last_changed.part
        return result_pages.walk(
            self.results[:NEWS]
            if "sort" in self.chosen
            else changed(self.results.selected, 0, NEWS)
        )

    @property
    def updated(self) -> datetime | None:
        """When the newest version of any entry appeared; None of an empty selection."""
        held = self.filterset.held
        newest = held.last_changed.part(self.results.selected, 0, 1)
        return held.moment(newest[0]) if newest else None

    @cached_property
    def start(self) -> int:
        """The place after the mark given, counted from 0; raises BadSelection where it is no mark
        of ours.
        """
        try:
            return self.results.after(self.after, self.url()) if self.after else 0
        except BadSignature as bad:
            log.warning(
                "A place in a selection was refused: its signature is wrong.",
                extra={"event": "signature"},
            )
            message = (
                "“after” is no place in this selection. Follow “next” of the answer before as it "
                "stands."
            )
            raise BadSelection(
                [Problem("after", message, "Start at the beginning", self.url())]
            ) from bad

    def check_mark(self) -> None:
        """Raise BadSelection where the mark given is none of ours."""
        _ = self.start

    @cached_property
    def slice(self) -> tuple[list[Recommendation], str]:
        """Return the entries after the mark given, and the mark of the next slice or ""."""
        start, results = self.start, self.results
        keys, is_last = results[start : start + SLICE_SIZE], start + SLICE_SIZE >= len(results)
        found = result_pages.fetch(keys, Recommendation.objects.for_records())
        return found, "" if is_last else results.mark(keys[-1], self.url())

    @cached_property
    def page(self) -> Page:
        """Return the page asked for, of keys; raises BadSelection, or NoLonger where there was as
        much once.
        """
        paginator = Paginator(self.results, PAGE_SIZE)
        if self.number > paginator.num_pages:
            last = self.url(page=paginator.num_pages)
            message = f"There is no page {self.number}: the last is {paginator.num_pages}."
            was = self.number <= Paginator(range(self.filterset.held.ever), PAGE_SIZE).num_pages
            raise (NoLonger if was else BadSelection)(
                [Problem("page", message, f"Page {paginator.num_pages}", last)]
            )
        return paginator.page(self.number)

    @property
    def codes(self) -> list[str]:
        """The codes of the entries of the page asked for."""
        return [self.filterset.held.code(key) for key in self.page.object_list]

    def url(
        self, path: str = BROWSE, *, page: int | None = None, after="", without="", **changes
    ) -> str:
        """Return the address of this selection with changes, always in the same order, on its first
        page.
        """
        chosen = {name: values for name, values in self.chosen.items() if name != without} | changes
        if without == "q" and chosen.get("sort") == ["relevance"]:
            del chosen["sort"]
        pairs = [(name, value) for name in self.filterset.filters for value in chosen.get(name, [])]
        pairs += [("page", page)] if page and page > 1 else []
        pairs += [("after", after)] if after else []
        return f"{path}?{urlencode(pairs)}" if pairs else path

    @cached_property
    def facets(self) -> list[FacetGroup]:
        """Return every facet with its counts."""
        counts = self.filterset.counts()
        return [self._group(name, counts[name]) for name in self.filterset.facets]

    def _group(self, name: str, counts: Counts) -> FacetGroup:
        """Return a facet with its most frequent values and those chosen, in the order that suits
        it.
        """
        chosen, options = self.chosen.get(name, []), self.filterset.options(name)
        values = counts.most(MOST_VALUES) | {value: counts[value] for value in chosen}
        total = len(counts) + sum(not counts[value] for value in chosen)
        shown = self._in_order(name, values)[:MOST_VALUES]
        limit = len(values) if len(values) <= 7 else max(5, len(chosen))
        adding = self.url(**{name: [*chosen, GAP]})
        links = [self._value(name, options[value], values[value], adding) for value in shown]
        return FacetGroup(
            name, self.filterset.filters[name].label, links[:limit], links[limit:], total
        )

    def _in_order(self, name: str, values: dict[str, int]) -> list[str]:
        """Return themes in the order of the vocabulary, years newest first, of all else what is
        chosen and frequent.
        """
        chosen, options = self.chosen.get(name, []), self.filterset.options(name)
        if name == "theme":
            return [value for value in options if value in values]
        if name == "year":
            return sorted(values, reverse=True)
        return sorted(
            values,
            key=lambda each: (each not in chosen, -values[each], options[each].label.casefold()),
        )

    def _value(self, name: str, option: Option, count: int, adding: str) -> FacetValue:
        """Return a value as the link that chooses it, by an address with a gap for one more, or
        takes it back.
        """
        chosen = self.chosen.get(name, [])
        if option.value not in chosen:
            return FacetValue(
                option, count, False, adding.replace(ENCODED_GAP, quote_plus(option.value))
            )
        rest = [value for value in chosen if value != option.value]
        return FacetValue(option, count, True, self.url(**{name: rest}))

    @property
    def chips(self) -> list[Chip]:
        """Return each filter in use with the address without it."""
        chips = [Chip(f"“{self.q}”", self.url(without="q"))] if self.q else []
        for name in self.filterset.facets:
            for value in self.chosen.get(name, []):
                rest = [other for other in self.chosen[name] if other != value]
                chips.append(Chip(self.label(name, value), self.url(**{name: rest})))
        return chips

    def label(self, name: str, value: str) -> str:
        """Return what readers see of a value."""
        return self.filterset.options(name)[value].label

    @property
    def relaxations(self) -> list[Relaxation]:
        """Say of each filter in use what dropping it gives, for an empty result; most entries
        first.
        """
        found = []
        for name, values in self.chosen.items():
            count = len(self.filterset.selected(but=name)) if name != "sort" else 0
            if count:
                labels = [
                    f"“{value}”" if name == "q" else self.label(name, value) for value in values
                ]
                found.append(Relaxation(" or ".join(labels), count, self.url(without=name)))
        return sorted(found, key=lambda relaxation: -relaxation.count)

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Return the orders as (label, address, in use); best match only for a search."""
        offered = [name for name in SORTS if self.q or name != "relevance"]
        return [
            (SORTS[name], self.url(sort=[name]), name == self.results.order) for name in offered
        ]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """Return what the search form must send along."""
        kept = [name for name in self.chosen if name != "q" and self.chosen[name] != ["relevance"]]
        return [(name, value) for name in kept for value in self.chosen[name]]

    @property
    def description(self) -> str:
        """Say in words what is selected, for titles and feeds."""
        return ", ".join(chip.label for chip in self.chips) or "All recommendations"


def selection(params: QueryDict, paging: str = "page") -> Selection:
    """Read a query; raises BadSelection for anything unknown, malformed or given twice.

    `paging` is the one parameter that asks for a part: "page" on the web page, "after" in JSON, and
    "" in a format that holds the whole selection. The other ones are refused there, since heeding
    none of them would be a wrong answer.
    """
    filterset = RecommendationFilter(params)
    if problems := problems_of(params, filterset, paging):
        raise BadSelection(problems)
    chosen = {
        name: list(dict.fromkeys(values))
        for name, values in params.lists()
        if name in filterset.filters
    }
    if q := filterset.form.cleaned_data["q"]:
        chosen["q"] = [q]
    else:
        chosen.pop("q", None)
    return Selection(filterset, chosen, int(params.get("page", 1)), params.get("after", ""))
