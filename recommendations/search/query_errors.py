"""What can be wrong with a query, and the nearest query that works."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.validators import slug_re
from django.http import QueryDict

from recommendations.models import FormerTheme

from .filterset import MAX_QUERY, SORTS, Option, RecommendationFilter

SINGLE = ("q", "sort", "page", "after")
ELSEWHERE = {
    "page": "“page” works only on the web page: this format is not split into pages.",
    "after": "“after” works only in JSON: this format is not split into parts.",
}
BROWSE = "/recommendations/"
MOST_VALUES = 10  # of one parameter; each is looked up, counted and shown
MOST_NAMES = 30  # of parameters, known or not
MOST = 20  # problems that are listed, each with an address as long as the query
WITHOUT = "Continue without it"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a query, and the address of the nearest query that works.

    The corrected query lacks the parameter, or only this `value` of it, and has `replacement`.
    """

    parameter: str
    message: str
    advice: str
    url: str = ""
    value: str | None = None
    replacement: tuple[str, str] | None = None
    former: FormerTheme | None = None

    def correct(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the parameters of a query without this problem."""
        rest = [
            (name, value)
            for name, value in pairs
            if name != self.parameter or self.value not in (None, value)
        ]
        is_new = self.replacement and self.replacement not in rest
        return [*rest, self.replacement] if self.replacement and is_new else rest


class BadSelection(ValueError):
    """A query that cannot be answered; of many problems it lists `MOST` and counts the rest."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems[:MOST])
        if rest := problems[MOST:]:
            message = f"There are {len(rest)} more problems."
            self.problems.append(Problem("", message, "Correct all of them", rest[0].url))
        super().__init__(" ".join(problem.message for problem in self.problems))

    @property
    def former_themes(self) -> dict[str, FormerTheme]:
        """The former themes that the query names, by slug."""
        return {problem.former.slug: problem.former for problem in self.problems if problem.former}


class GoneSelection(BadSelection):
    """A query that may have been answered once, before entries were withdrawn."""


def check_size(params: QueryDict) -> None:
    """Raise BadSelection for a query of more values than anybody chooses, before any is read."""
    counts = {name: len(values) for name, values in params.lists()}
    name = max(counts, key=lambda each: counts[each], default="")
    if not name or (counts[name] <= MOST_VALUES and len(counts) <= MOST_NAMES):
        return
    pairs = [(each, value) for each, values in params.lists() for value in values[:MOST_VALUES]]
    message = f"“{name[:50]}” has {counts[name]} values; at most {MOST_VALUES} are read."
    if len(counts) > MOST_NAMES:
        message = f"The link has {len(counts)} settings; at most {MOST_NAMES} are read."
    url = f"{BROWSE}?{urlencode([pair for pair in pairs if pair[0] in list(counts)[:MOST_NAMES]])}"
    raise BadSelection([Problem("", message, "Continue with the first of them", url)])


def problems_of(params: QueryDict, filterset: RecommendationFilter, paging: str) -> list[Problem]:
    """Return all problems of a query, each with the address of the query without any."""
    problems = _unknown_parameters(params, filterset, paging) + _repeated(params)
    problems += [] if filterset.is_valid() else _bad_values(params, filterset)
    problems += (_bad_page(params) if paging == "page" else []) + _bad_sort(params)
    pairs = [
        (name, value) for name, values in params.lists() for value in values if name != "after"
    ]
    for problem in problems:
        pairs = problem.correct(pairs)
    url = f"{BROWSE}?{urlencode(pairs)}" if pairs else BROWSE
    return [replace(problem, url=url) for problem in problems]


def _unknown_parameters(
    params: QueryDict, filterset: RecommendationFilter, paging: str
) -> list[Problem]:
    known = [*filterset.filters, *([paging] if paging else [])]
    return [_unknown(name, params, filterset, known) for name in params if name not in known]


def _unknown(
    name: str, params: QueryDict, filterset: RecommendationFilter, known: list[str]
) -> Problem:
    """Suggest the parameter with a similar name, if it takes the same value."""
    filters = f"There is no filter “{name[:50]}”. The filters are {', '.join(known)}."
    message = ELSEWHERE.get(name, filters)
    unused = [each for each in known if each not in params]
    for similar in difflib.get_close_matches(name.lower()[:50], unused, n=1):
        options = filterset.vocabulary.get(similar, [])
        value = params.get(name, "")
        if any(option.value == value for option in options):
            replacement = (similar, value)
            return Problem(name, message, f"Use {similar}", replacement=replacement)
    return Problem(name, message, WITHOUT)


def _repeated(params: QueryDict) -> list[Problem]:
    problems = []
    for name, values in params.lists():
        if name in SINGLE and len(values) > 1:
            message, first = f"“{name}” is given {len(values)} times.", (name, values[0])
            problems.append(Problem(name, message, "Use the first one", replacement=first))
    return problems


def _bad_values(params: QueryDict, filterset: RecommendationFilter) -> list[Problem]:
    problems = []
    for name in filterset.form.errors:
        if name in filterset.facets:
            problems += _unknown_values(name, params.getlist(name), filterset)
        elif name == "q":
            message = f"Search with at most {MAX_QUERY} characters, without control characters."
            problems.append(Problem("q", message, "Continue without the search"))
    return problems


def _unknown_values(name: str, values: list[str], filterset: RecommendationFilter) -> list[Problem]:
    """Suggest similar values, but not for thousands, since comparing is slow."""
    unknown = dict.fromkeys(value for value in values if value not in filterset.options(name))
    former = _former_themes(unknown) if name == "theme" else {}
    offered = filterset.vocabulary[name]
    return [
        former.get(value) or _unknown_value(name, value, offered if place < MOST else [])
        for place, value in enumerate(unknown)
    ]


def _former_themes(slugs: Iterable[str]) -> dict[str, Problem]:
    """Say what became of themes that were renamed, merged or retired, by slug."""
    asked = [slug for slug in slugs if slug_re.fullmatch(slug)]
    problems = {}
    for former in FormerTheme.objects.filter(slug__in=asked).select_related("successor"):
        theme, day = former.successor, f"{former.ended_on.day} {former.ended_on:%B %Y}"
        became = f"has been “{theme.label}” since" if theme else "was retired on"
        message = f"The theme “{former.label}” {became} {day}: {former.reason}"
        advice = f"Use {theme.label}" if theme else WITHOUT
        replacement = ("theme", theme.slug) if theme else None
        problems[former.slug] = Problem(
            "theme", message, advice, value=former.slug, replacement=replacement, former=former
        )
    return problems


def _unknown_value(name: str, value: str, offered: list[Option]) -> Problem:
    """Suggest the offered value whose label or slug is similar."""
    similar = {option.label.casefold(): option for option in offered}
    similar |= {option.value.casefold(): option for option in offered}
    message = f"There is no {name} “{value[:80]}”."
    for close in difflib.get_close_matches(value.casefold()[:80], similar, n=1):
        best = similar[close]
        replacement = (name, best.value)
        return Problem(name, message, f"Use {best.label}", value=value, replacement=replacement)
    return Problem(name, message, WITHOUT, value=value)


def _bad_page(params: QueryDict) -> list[Problem]:
    page = params.get("page", "1")
    if page.isascii() and page.isdigit() and len(page) <= 9 and int(page) >= 1:
        return []
    return [Problem("page", f"“{page[:50]}” is not a page number.", "Go to the first page")]


def _bad_sort(params: QueryDict) -> list[Problem]:
    sort = params.get("sort")
    if sort is None or (sort in SORTS and (sort != "relevance" or params.get("q", "").strip())):
        return []
    needs_search, unknown = "Best match needs a search.", f"There is no order “{sort[:50]}”."
    return [Problem("sort", needs_search if sort in SORTS else unknown, "Use the default order")]
