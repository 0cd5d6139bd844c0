"""A briefing: what a reader gathered as a page to order, print and pass on, and as a document."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from recommendations.formats import BRIEFING
from recommendations.formats import briefing as briefings
from recommendations.models import Recommendation
from recommendations.search.query_errors import BadSelection, Problem
from recommendations.search.results import fetch
from recommendations.search.selection import read_selection

from .responses import answer, formats_at

FOUND = 10  # results shown to add from


def briefing(request: HttpRequest) -> HttpResponseBase:
    """Show the recommendations in an address, in its order, with forms to gather more."""
    codes, words = briefings.read(request.GET)
    found = find(codes, words) if words else []
    if not is_canonical(request, codes, words):
        added = [code for value in request.GET.getlist("add") for code in briefings.split(value)]
        fragment = f"#{added[-1]}" if added and briefings.ENTRY.fullmatch(added[-1]) else ""
        return unlisted(redirect(briefings.address(codes, words) + fragment, permanent=True))
    context = {
        "section": "briefing",
        "briefing": briefings.gather(codes),
        "joined": ",".join(codes),
        "words": words,
        "found": found,
        "formats": formats_at(briefings.address(codes), BRIEFING),
    }
    return unlisted(render(request, "recommendations/briefing.html", context))


def briefing_as(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Answer a briefing as a document."""
    if extension not in BRIEFING:
        raise Http404
    codes, _words = briefings.read(request.GET)
    if not codes:
        empty = "The briefing is empty."
        raise BadSelection([Problem("codes", empty, "How to make one", briefings.PATH)])
    if not is_canonical(request, codes):
        return unlisted(redirect(briefings.address(codes, path=request.path), permanent=True))
    page = briefings.address(codes)
    return answer(request, BRIEFING[extension], briefings.gather(codes), page, listed=False)


def is_canonical(request: HttpRequest, codes: list[str], words: str = "") -> bool:
    """Tell whether a request asks for these codes and words as the site itself writes it."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values]
    return asked == briefings.pairs(codes, words)


def find(codes: list[str], words: str) -> list[Recommendation]:
    """Return the best matches of a search that are not in the briefing yet; raises BadSelection."""
    try:
        results = read_selection(QueryDict(urlencode({"q": words}))).results
    except BadSelection as bad:
        place = briefings.address(codes)
        raise BadSelection(
            [Problem("find", each.message, each.advice, place) for each in bad.problems]
        ) from bad
    best = fetch(
        results[: FOUND + len(codes)],
        Recommendation.objects.select_related("source").defer("source__text"),
    )
    return [entry for entry in best if entry.code not in codes][:FOUND]


def unlisted(response: HttpResponseBase) -> HttpResponseBase:
    """Keep an answer out of search engines: any order of any entries is an address."""
    response["X-Robots-Tag"] = "noindex"
    return response
