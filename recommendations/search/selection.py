"""What a query selects: `read_selection()` refuses bad input for every format alike."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.core.signing import BadSignature
from django.http import QueryDict

from recommendations.models import Recommendation, Source
from recommendations.models.source import CODE

from . import fulltext, suggestions
from .facet_links import FacetLinks
from .filterset import RecommendationFilter
from .query_errors import BadSelection, GoneSelection, Problem, check_size, problems_of
from .results import Results, fetch, stream
from .rows import Row, rows

log = logging.getLogger("security")

PAGE_SIZE = 10
SLICE_SIZE = 100  # entries of a data format that is paged
NEWS = 500  # entries of a feed, which is for what is new; the other formats hold all
CODE_LIKE = re.compile(f"{CODE}(-[1-9][0-9]*)?")  # of a declaration, or of an entry


@dataclass(frozen=True)
class Selection:
    """A valid query and the entries that it selects."""

    filterset: RecommendationFilter
    links: FacetLinks
    number: int = 1
    cursor: str = ""

    @property
    def q(self) -> str:
        """The search as typed, without space around it."""
        return self.filterset.form.cleaned_data["q"]

    @property
    def query(self) -> fulltext.Query:
        """The search, parsed."""
        return self.filterset.query

    @cached_property
    def results(self) -> Results:
        """The keys of all entries, in order: unless asked, best match first or newest first."""
        sort = self.filterset.form.cleaned_data["sort"]
        sort = sort or ("relevance" if self.q else "newest")
        return Results(self.filterset.index, self.filterset.selected(), sort, self.query)

    @property
    def count(self) -> int:
        """The number of entries."""
        return len(self.results)

    def url(self, *args: Any, **changes: Any) -> str:
        """Return the address of this selection with changes, see `FacetLinks.url`."""
        return self.links.url(*args, **changes)

    def page_url(self, number: int) -> str:
        """Return the address of a page of this selection."""
        return self.url(page=number)

    @property
    def description(self) -> str:
        """The selection in words, for titles and feeds."""
        return self.links.description

    def entries(self) -> Iterator[Recommendation]:
        """Yield every entry with all that a record shows, in order, in bounded memory."""
        return stream(self.results.keys)

    def rows(self) -> Iterator[Row]:
        """Yield every entry as a row of a table, in order, in bounded memory."""
        return rows(self.filterset.index, self.results.keys)

    def news(self) -> Iterator[Recommendation]:
        """Yield the entries of a feed: last changed first, unless an order was asked for."""
        if "sort" in self.links.chosen:
            return stream(self.results[:NEWS])
        last_changed = self.filterset.index.last_changed
        return stream(last_changed.part(self.results.selected, 0, NEWS))

    @property
    def updated(self) -> datetime | None:
        """When the newest version of any entry appeared; None for an empty selection."""
        index = self.filterset.index
        newest = index.last_changed.part(self.results.selected, 0, 1)
        return index.changed_at(newest[0]) if newest else None

    @cached_property
    def start(self) -> int:
        """The place after the cursor, counted from 0; raises BadSelection for a forged cursor."""
        try:
            return self.results.place_after(self.cursor, self.url()) if self.cursor else 0
        except BadSignature as bad:
            log.warning(
                "A place in a selection was refused: its signature is wrong.",
                extra={"event": "signature"},
            )
            message = (
                "“after” does not belong to this selection. Follow “next” of the previous answer "
                "unchanged."
            )
            raise BadSelection(
                [Problem("after", message, "Start at the beginning", self.url())]
            ) from bad

    def check_cursor(self) -> None:
        """Raise BadSelection for a forged cursor."""
        _ = self.start

    @cached_property
    def slice(self) -> tuple[list[Recommendation], str]:
        """The entries after the cursor, and the cursor of the next slice or ""."""
        end = self.start + SLICE_SIZE
        keys = self.results[self.start : end]
        entries = fetch(keys, Recommendation.objects.for_records())
        is_last = end >= self.count
        return entries, "" if is_last else self.results.cursor(keys[-1], self.url())

    @cached_property
    def page(self) -> Page[int]:
        """The page asked for, of keys; raises GoneSelection if it may have existed once."""
        # a paginator only slices, and asks for the length
        paginator: Paginator[int] = Paginator(self.results, PAGE_SIZE)  # type: ignore[arg-type]
        last = paginator.num_pages
        if self.number <= last:
            return paginator.page(self.number)
        message = f"There is no page {self.number}: the last is {last}."
        problem = Problem("page", message, f"Go to page {last}", self.url(page=last))
        ever = self.filterset.index.ever_published
        existed = self.number <= Paginator(range(ever), PAGE_SIZE).num_pages
        raise (GoneSelection if existed else BadSelection)([problem])

    @cached_property
    def partial_matches(self) -> list[tuple[suggestions.Partial, str]]:
        """Which words of a search that finds nothing are found together, each with its address."""
        if self.count or not self.q:
            return []
        found = suggestions.partial_matches(self.q, self.filterset.selected(but="q"))
        return [(each, self.url(changes={"q": [each.words]})) for each in found]

    @cached_property
    def respelled(self) -> tuple[str, str]:
        """A search that finds nothing, in words that the texts have, and its address, or ""."""
        if self.count or not self.q:
            return "", ""
        words = suggestions.respelled(self.q, self.filterset.index.number)
        return words, self.url(changes={"q": [words]}) if words else ""

    @cached_property
    def in_declarations(self) -> list[suggestions.Found]:
        """Paragraphs of declarations that have the words; none where filters choose entries."""
        is_bare = self.number == 1 and set(self.links.chosen) <= {"q", "sort"}
        return (
            suggestions.in_declarations(self.query, self.filterset.index.number) if is_bare else []
        )

    @property
    def codes(self) -> list[str]:
        """The codes of the entries of the page asked for."""
        return [self.filterset.index.code(key) for key in self.page.object_list]

    @property
    def exact_match(self) -> str:
        """The address of the entry or declaration whose code was searched for, or ""."""
        code = self.q.upper()
        if not CODE_LIKE.fullmatch(code):
            return ""
        entries = Recommendation.with_withdrawn.filter(code=code)
        sources = Source.objects.public().declarations().filter(code=code)
        found = entries.first() or sources.first()
        return found.get_absolute_url() if found else ""


def read_selection(params: QueryDict, paging: str = "page") -> Selection:
    """Read a query; raises BadSelection for anything unknown, malformed or repeated.

    `paging` is the one parameter that asks for a part: "page" on the web page, "after" in JSON,
    "" in a format that holds the whole selection. The others are refused rather than ignored.
    """
    check_size(params)
    filterset = RecommendationFilter(params)
    if problems := problems_of(params, filterset, paging):
        raise BadSelection(problems)
    q = filterset.form.cleaned_data["q"]
    chosen = {"q": [q]} if q else {}
    for name, values in params.lists():
        if name in filterset.filters and name != "q":
            chosen[name] = list(dict.fromkeys(values))
    number, cursor = int(params.get("page", 1)), params.get("after", "")
    selection = Selection(filterset, FacetLinks(filterset, chosen), number, cursor)
    selection.check_cursor()
    return selection
