"""What a query asks for: `selection()` refuses bad input for every format, and knows every link a page needs."""

import difflib
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from . import search
from .filters import MAX_QUERY, SORTS, Option, RecommendationFilter

PAGE_SIZE = 10
SINGLE = ("q", "sort", "page")
BROWSE = "/recommendations/"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a query, and the nearest query that works."""

    parameter: str
    message: str
    advice: str
    url: str


class BadSelection(ValueError):
    """A query that cannot be answered; `problems` says why, each with a way on."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__(" ".join(problem.message for problem in problems))


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet as a link: choosing it, or taking it back."""

    option: Option
    count: int
    selected: bool
    url: str


@dataclass(frozen=True)
class FacetGroup:
    """A facet with its values: the first ones shown at once, the others behind "All 14 tags"."""

    name: str
    title: str
    shown: list[FacetValue]
    hidden: list[FacetValue]


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Relaxation:
    """A filter that may be dropped from an empty result, and how many entries that gives."""

    label: str
    count: int
    url: str


@dataclass
class Selection:
    """An answered query."""

    filterset: RecommendationFilter
    chosen: dict[str, list[str]] = field(default_factory=dict)
    number: int = 1

    @property
    def q(self) -> str:
        """The search as typed, without space around it."""
        return self.filterset.form.cleaned_data["q"]

    @cached_property
    def query(self) -> search.Query:
        """The search as understood."""
        return search.parse(self.q)

    @property
    def sort(self) -> str:
        """The order in use: the one asked for, else best match for a search and newest first for the rest."""
        return self.filterset.form.cleaned_data["sort"] or ("relevance" if self.q else "newest")

    @cached_property
    def results(self):
        """Return all entries of the selection, in order."""
        entries = self.filterset.entries()
        if self.sort == "code":
            return entries.order_by("source__code", "number")
        if self.sort == "relevance" and self.query:
            ranked = entries.annotate(rank=search.rank(self.query))
            return ranked.order_by("-rank", "-source__issued_on", "source__code", "number")
        return entries.in_text_order()

    @cached_property
    def page(self) -> Page:
        """Return the page asked for; raises BadSelection beyond the last."""
        paginator = Paginator(self.results.with_parts(), PAGE_SIZE)
        if self.number > paginator.num_pages:
            last = self.url(page=paginator.num_pages)
            message = f"There is no page {self.number}: the last is {paginator.num_pages}."
            raise BadSelection([Problem("page", message, f"Page {paginator.num_pages}", last)])
        return paginator.page(self.number)

    def url(self, path: str = BROWSE, *, page: int | None = None, without: str = "", **changes) -> str:
        """Return the address of this selection with changes, always in the same order, on its first page."""
        chosen = {name: values for name, values in self.chosen.items() if name != without} | changes
        if without == "q" and chosen.get("sort") == ["relevance"]:
            del chosen["sort"]
        pairs = [(name, value) for name in self.filterset.filters for value in chosen.get(name, [])]
        pairs += [("page", page)] if page and page > 1 else []
        return f"{path}?{urlencode(pairs)}" if pairs else path

    @cached_property
    def facets(self) -> list[FacetGroup]:
        """Return every facet with its counts."""
        counts = self.filterset.counts()
        return [self._group(name, counts) for name in self.filterset.facets]

    def _group(self, name: str, counts: dict) -> FacetGroup:
        chosen, values = self.chosen.get(name, []), []
        for option in self.filterset.vocabulary[name]:
            count, selected = counts.get((name, option.value), 0), option.value in chosen
            if count or selected:
                toggled = [v for v in chosen if v != option.value] if selected else [*chosen, option.value]
                values.append(FacetValue(option, count, selected, self.url(**{name: toggled})))
        if name == "year":
            values.sort(key=lambda value: value.option.value, reverse=True)
        elif name != "theme":
            values.sort(key=lambda value: (not value.selected, -value.count, value.option.label.casefold()))
        limit = len(values) if len(values) <= 7 else max(5, len(chosen))
        return FacetGroup(name, self.filterset.filters[name].label, values[:limit], values[limit:])

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
        return next(option.label for option in self.filterset.vocabulary[name] if option.value == value)

    @property
    def relaxations(self) -> list[Relaxation]:
        """Say of each filter in use what dropping it gives, for an empty result; most entries first."""
        found = []
        for name, values in self.chosen.items():
            count = self.filterset.entries(but=name).count() if name != "sort" else 0
            if count:
                labels = [f"“{value}”" if name == "q" else self.label(name, value) for value in values]
                found.append(Relaxation(" or ".join(labels), count, self.url(without=name)))
        return sorted(found, key=lambda relaxation: -relaxation.count)

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Return the orders as (label, address, in use); best match only for a search."""
        offered = [name for name in SORTS if self.q or name != "relevance"]
        return [(SORTS[name], self.url(sort=[name]), name == self.sort) for name in offered]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """Return what the search form must send along."""
        kept = [name for name in self.chosen if name != "q" and self.chosen[name] != ["relevance"]]
        return [(name, value) for name in kept for value in self.chosen[name]]

    @property
    def description(self) -> str:
        """Say in words what is selected, for titles and feeds."""
        return ", ".join(chip.label for chip in self.chips) or "All recommendations"


def selection(params: QueryDict) -> Selection:
    """Read a query; raises BadSelection for anything unknown, malformed or given twice."""
    filterset = RecommendationFilter(params)
    known = [*filterset.filters, "page"]
    faults = _unknown_parameters(params, filterset, known) + _repeated(params)
    if not filterset.is_valid():
        faults += _bad_values(params, filterset)
    faults += _bad_page(params) + _bad_sort(params)
    if faults:
        raise BadSelection(_problems(params, faults))
    chosen = {name: list(dict.fromkeys(values)) for name, values in params.lists() if name in filterset.filters}
    if q := filterset.form.cleaned_data["q"]:
        chosen["q"] = [q]
    else:
        chosen.pop("q", None)
    return Selection(filterset, chosen, int(params.get("page", 1)))


@dataclass(frozen=True)
class Fault:
    """Something wrong with a parameter, and its mend: drop the parameter, or one value of it, and put another."""

    parameter: str
    message: str
    advice: str
    value: str | None = None
    put: tuple[str, str] | None = None

    def mend(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the parameters of a query without this fault."""
        kept = [(n, v) for n, v in pairs if n != self.parameter or (self.value is not None and v != self.value)]
        return [*kept, self.put] if self.put and self.put not in kept else kept


def _problems(params: QueryDict, faults: list[Fault]) -> list[Problem]:
    """Give every fault the nearest address that works: the query with all of them mended."""
    pairs = [(name, value) for name, values in params.lists() for value in values]
    for fault in faults:
        pairs = fault.mend(pairs)
    url = f"{BROWSE}?{urlencode(pairs)}" if pairs else BROWSE
    return [Problem(fault.parameter, fault.message, fault.advice, url) for fault in faults]


def _unknown_parameters(params: QueryDict, filterset: RecommendationFilter, known: list[str]) -> list[Fault]:
    faults = []
    for name in [name for name in params if name not in known]:
        message = f"There is no filter “{name[:50]}”. The filters are {', '.join(known)}."
        close = difflib.get_close_matches(name.lower()[:50], [each for each in known if each not in params], n=1)
        values = {option.value for option in filterset.vocabulary.get(close[0], [])} if close else set()
        if params[name] in values:
            faults.append(Fault(name, message, f"Use {close[0]}", put=(close[0], params[name])))
        else:
            faults.append(Fault(name, message, "Leave it out"))
    return faults


def _repeated(params: QueryDict) -> list[Fault]:
    return [
        Fault(name, f"“{name}” is given {len(values)} times.", "Keep the first", put=(name, values[0]))
        for name, values in params.lists()
        if name in SINGLE and len(values) > 1
    ]


def _bad_values(params: QueryDict, filterset: RecommendationFilter) -> list[Fault]:
    faults = []
    for name in filterset.form.errors:
        if name in filterset.facets:
            allowed = {option.value: option for option in filterset.vocabulary[name]}
            unknown = dict.fromkeys(value for value in params.getlist(name) if value not in allowed)
            faults += [_unknown_value(name, value, allowed) for value in unknown]
        elif name == "q":
            message = f"Search with at most {MAX_QUERY} characters, and without control signs."
            faults.append(Fault("q", message, "Leave the search out"))
    return faults


def _unknown_value(name: str, value: str, allowed: dict[str, Option]) -> Fault:
    names = {option.label.casefold(): option.value for option in allowed.values()} | {v.casefold(): v for v in allowed}
    close = difflib.get_close_matches(value.casefold()[:80], names, n=1)
    message = f"There is no {name} “{value[:80]}”."
    if close:
        best = allowed[names[close[0]]]
        return Fault(name, message, f"Use {best.label}", value, (name, best.value))
    return Fault(name, message, "Leave it out", value)


def _bad_page(params: QueryDict) -> list[Fault]:
    page = params.get("page", "1")
    if page.isascii() and page.isdigit() and len(page) <= 9 and int(page) >= 1:
        return []
    return [Fault("page", f"“{page[:50]}” is not a page.", "The first page")]


def _bad_sort(params: QueryDict) -> list[Fault]:
    sort = params.get("sort")
    if sort is None or (sort in SORTS and (sort != "relevance" or params.get("q", "").strip())):
        return []
    why = "Best match needs a search." if sort in SORTS else f"There is no order “{sort[:50]}”."
    return [Fault("sort", why, "The usual order")]
