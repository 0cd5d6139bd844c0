"""What can be wrong with a query, and how each fault is mended."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.validators import slug_re
from django.http import QueryDict

from recommendations.models import FormerTheme

from .filterset import MAX_QUERY, SORTS, Option, RecommendationFilter

SINGLE = ("q", "sort", "page", "after")
ELSEWHERE = {
    "page": "“page” counts pages of the web page, and this format has none.",
    "after": "“after” is a place in JSON, which other formats do not have.",
}
BROWSE = "/recommendations/"
# problems that are named, each with an address as long as the query, of the thousands that one may
# have
MOST = 20


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a query, and the nearest query that works; `former` is a theme
    that once was.
    """

    parameter: str
    message: str
    advice: str
    url: str
    former: FormerTheme | None = None


class BadSelection(ValueError):
    """A query that cannot be answered; `problems` says why, each with a way on, and of very many
    how many more.
    """

    def __init__(self, problems: list[Problem]):
        self.problems = problems[:MOST]
        if rest := problems[MOST:]:
            message = f"{len(rest)} more things are wrong with it."
            self.problems.append(Problem("", message, "Put all of them right", rest[0].url))
        super().__init__(" ".join(problem.message for problem in self.problems))

    @property
    def former(self) -> dict[str, FormerTheme]:
        """The former themes that the query names, by slug."""
        return {problem.former.slug: problem.former for problem in self.problems if problem.former}


class NoLonger(BadSelection):
    """A query that may have been answered once, before entries were withdrawn."""


@dataclass(frozen=True)
class Fault:
    """Something wrong with a parameter, and its mend: drop the parameter, or one value of it, and
    put another.
    """

    parameter: str
    message: str
    advice: str
    value: str | None = None
    put: tuple[str, str] | None = None
    former: FormerTheme | None = None

    def mend(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the parameters of a query without this fault."""
        kept = [
            (n, v)
            for n, v in pairs
            if n != self.parameter or (self.value is not None and v != self.value)
        ]
        return [*kept, self.put] if self.put and self.put not in kept else kept


def problems_of(
    params: QueryDict, filterset: RecommendationFilter, paging: str = "page"
) -> list[Problem]:
    """Find everything that is wrong with a query, each with the nearest query that works: all of
    them mended.
    """
    faults = _unknown_parameters(params, filterset, paging) + _repeated(params)
    if not filterset.is_valid():
        faults += _bad_values(params, filterset)
    faults += (_bad_page(params) if paging == "page" else []) + _bad_sort(params)
    pairs = [
        (name, value) for name, values in params.lists() for value in values if name != "after"
    ]
    for fault in faults:
        pairs = fault.mend(pairs)
    url = f"{BROWSE}?{urlencode(pairs)}" if pairs else BROWSE
    return [
        Problem(fault.parameter, fault.message, fault.advice, url, fault.former) for fault in faults
    ]


def _unknown_parameters(
    params: QueryDict, filterset: RecommendationFilter, paging: str
) -> list[Fault]:
    faults, known = [], [*filterset.filters, *filter(None, [paging])]
    for name in [name for name in params if name not in known]:
        message = (
            ELSEWHERE.get(name)
            or f"There is no filter “{name[:50]}”. The filters are {', '.join(known)}."
        )
        close = difflib.get_close_matches(
            name.lower()[:50], [each for each in known if each not in params], n=1
        )
        values = (
            {option.value for option in filterset.vocabulary.get(close[0], [])} if close else set()
        )
        if params[name] in values:
            faults.append(Fault(name, message, f"Use {close[0]}", put=(close[0], params[name])))
        else:
            faults.append(Fault(name, message, "Leave it out"))
    return faults


def _repeated(params: QueryDict) -> list[Fault]:
    return [
        Fault(
            name, f"“{name}” is given {len(values)} times.", "Keep the first", put=(name, values[0])
        )
        for name, values in params.lists()
        if name in SINGLE and len(values) > 1
    ]


def _bad_values(params: QueryDict, filterset: RecommendationFilter) -> list[Fault]:
    faults = []
    for name in filterset.form.errors:
        if name in filterset.facets:
            allowed = {option.value: option for option in filterset.vocabulary[name]}
            known = filterset.options(name)  # more than is told
            unknown = dict.fromkeys(value for value in params.getlist(name) if value not in known)
            former = _former(unknown) if name == "theme" else {}
            near = [allowed if place < MOST else {} for place in range(len(unknown))]
            faults += [
                former.get(v) or _unknown_value(name, v, those)
                for v, those in zip(unknown, near, strict=True)
            ]
        elif name == "q":
            message = f"Search with at most {MAX_QUERY} characters, and without control signs."
            faults.append(Fault("q", message, "Leave the search out"))
    return faults


def _former(slugs: Iterable[str]) -> dict[str, Fault]:
    """Say of themes that once were what became of them."""
    slugs, faults = [slug for slug in slugs if slug_re.fullmatch(slug)], {}
    for former in FormerTheme.objects.filter(slug__in=slugs).select_related("successor"):
        theme, day = former.successor, f"{former.ended_on.day} {former.ended_on:%B %Y}"
        now = f"is “{theme.label}” since" if theme else "was retired on"
        advice, put = (
            (f"Use {theme.label}", ("theme", theme.slug)) if theme else ("Leave it out", None)
        )
        message = f"The theme “{former.label}” {now} {day}: {former.reason}"
        faults[former.slug] = Fault("theme", message, advice, former.slug, put, former)
    return faults


def _unknown_value(name: str, value: str, allowed: dict[str, Option]) -> Fault:
    """Say of a value that a facet does not have which of those allowed is like it; comparing with
    thousands is slow.
    """
    names = {option.label.casefold(): option.value for option in allowed.values()} | {
        v.casefold(): v for v in allowed
    }
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
