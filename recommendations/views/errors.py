"""Error pages: each says what is wrong and offers the nearest thing that works."""

import difflib
import re
import sys
from bisect import bisect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error

from recommendations import formats
from recommendations.editorial.withdraw import final_replacement
from recommendations.formats.absolute_url import permalink
from recommendations.models import FormerTheme, Recommendation, Source, Theme
from recommendations.operations.database_outages import RETRY_AFTER, is_outage
from recommendations.search import facets
from recommendations.search.query_errors import BadSelection, GoneSelection, Problem

from .recommendation_page import RecommendationPage

SOURCE = re.compile(r"/(?P<code>[A-Za-z][A-Za-z0-9-]*?-[0-9]{4})(?![0-9A-Za-z])")
VERSION = re.compile(r"/[^/]+/v/(?P<number>[0-9]{1,20})/?")
NEIGHBOURS = 50
UNREADABLE = (
    OSError,
    BadRequest,
    SuspiciousOperation,
    MultiPartParserError,
)  # what a form that is read may raise
# Django refuses a part of a form whose head, which holds the file's name, has over 1,024 bytes
UNREADABLE_FORM = (
    "The form could not be read, and nothing of it was kept. The name of a file in it may be too "
    "long: give the file"
    " a shorter name, and choose it again."
)
FILE = re.compile(r"/oembed|/api/schema|.*\.[a-z]+")  # what programs fetch, and no page
PAGES = {
    "/recommendations/": "Browse all recommendations",
    "/declarations/": "All declarations",
    "/themes/": "All themes",
    "/overview/": "Overview",
    "/about/": "About this site",
}


class QueryErrorMiddleware:
    """Answers a query that a view refused, in every format alike."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Redirect from former themes to their successors, else say what is wrong: 400 or 410."""
        if not isinstance(error, BadSelection):
            return None
        former = error.former_themes
        if any(theme.successor is None for theme in former.values()):
            return retired_theme(request, error.problems)
        if former:
            return moved(request, f"{request.path}?{with_successors(request.GET, former)}")
        return bad_request(
            request, error.problems, 410 if isinstance(error, GoneSelection) else 400
        )


def with_successors(params: QueryDict, former: dict[str, FormerTheme]) -> str:
    """Return a query with the successors of former themes, from its first part on."""
    successors = {slug: theme.successor.slug for slug, theme in former.items() if theme.successor}
    pairs = []
    for name, values in params.lists():
        if name == "theme":
            values = [successors.get(slug, slug) for slug in values]
        pairs += [(name, value) for value in values if name != "after"]
    return urlencode(list(dict.fromkeys(pairs)))


def wants_data(request: HttpRequest) -> bool:
    """Tell whether an address asks for a data format."""
    return formats.is_data(request.path)


def bad_request(
    request: HttpRequest, problems: list[Problem], status: int = 400, wrong: str = "the address"
) -> HttpResponse:
    """Say what is wrong with a request, each problem with a way on."""
    if wants_data(request):
        return formats.problem(
            request.path, status, "The query cannot be answered", problems=problems
        )
    context = {"canonical": "", "problems": problems, "status": status, "wrong": wrong}
    return render(request, "recommendations/400.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere: 404 with near matches."""
    if wants_data(request):
        return formats.problem(request.path, 404, "Not found")
    path = request.path
    found = SOURCE.match(path)
    source = (
        Source.objects.public().declarations().filter(code=found["code"].upper()).first()
        if found
        else None
    )
    context: dict[str, Any] = {
        "canonical": "",
        "path": _readable(path),
        "words": " ".join(re.findall(r"\w+", path))[:80],
    }
    context |= _in_declaration(source, path) if source else {"near": _near(path)}
    return render(request, "recommendations/404.html", context, status=404)


def gone(request: HttpRequest, entry: Recommendation) -> HttpResponse:
    """Say when and why an entry was withdrawn, what replaces it and what it said: 410."""
    final = final_replacement(entry)
    if wants_data(request):
        title = f"{entry.code} has been withdrawn"
        detail = entry.withdrawal_reason
        if final and final.is_published:
            detail += f" Use {final.code} instead: {permalink(final.get_absolute_url())}"
        return formats.problem(request.path, 410, title, detail)
    last = entry.versions.latest("number")
    page = RecommendationPage.from_snapshot(last.snapshot, entry.source)
    context = {"entry": entry, "last": last, "final": final, "page": page}
    return render(request, "recommendations/410.html", context, status=410)


def retired_theme(request: HttpRequest, problems: list[Problem]) -> HttpResponse:
    """Say when and why a theme was retired, with a way on: 410."""
    if wants_data(request):
        return formats.problem(request.path, 410, "The theme was retired", problems=problems)
    context = {"canonical": "", "problems": problems}
    return render(request, "recommendations/410_theme.html", context, status=410)


def moved(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect from a former theme; caches must not keep it, as the theme may come back."""
    headers = formats.OPEN if wants_data(request) else {"Cache-Control": "no-cache"}
    return HttpResponsePermanentRedirect(address, headers=headers)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that the framework itself refused, some of them because the database did."""
    if is_outage(exception):
        return unavailable(request)
    problem = Problem(
        "", "The request could not be read.", "All recommendations", "/recommendations/"
    )
    if isinstance(exception, MultiPartParserError):
        problem = Problem("", UNREADABLE_FORM, "Back to the form", request.get_full_path())
    return bad_request(request, [problem], wrong="what was sent")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer an uncaught exception: 503 for an outage, else 500."""
    return unavailable(request) if is_outage(sys.exception()) else server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer during an outage: 503, when to try again, and that nothing was saved."""
    message, advice = "The site cannot answer at the moment", f"Try again in {RETRY_AFTER} seconds."
    if wants_data(request):
        response = formats.problem(request.path, 503, message, advice)
    elif FILE.fullmatch(request.path):
        response = HttpResponse(
            f"{message}. {advice}\n", status=503, content_type="text/plain; charset=utf-8"
        )
    else:
        is_saving = request.method not in ("GET", "HEAD")
        context = {
            "is_saving": is_saving,
            "sent": _sent(request) if is_saving else [],
            "address": request.get_full_path(),
        }
        response = HttpResponse(render_to_string("recommendations/503.html", context), status=503)
    response["Retry-After"], response["Cache-Control"] = RETRY_AFTER, "no-store"
    return response


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of an editor's form, to be sent again; no files, no passwords."""
    try:
        if request.path.startswith("/admin/") and not request.FILES:
            return [(name, value) for name, values in request.POST.lists() for value in values]
    except UNREADABLE:
        pass
    return []


def _in_declaration(source: Source, path: str) -> dict:
    """Say what is missing below a declaration: an entry, a version or a page; and what is near."""
    known = {e.code: e for e in source.recommendations(manager="with_withdrawn").order_by("number")}
    code = path.strip("/").split("/")[0].split(".")[0].upper()
    siblings = [entry for entry in known.values() if entry.is_published]
    context: dict[str, Any] = {"source": source, "siblings": siblings}
    if code not in known and code != source.code:
        context |= {"missing": "recommendation", "code": _readable(code), "words": _readable(code)}
        codes = [entry.code for entry in siblings]
        close = difflib.get_close_matches(code, codes, n=3, cutoff=0.5)
        return context | {"near": [_as_near(known[each]) for each in close]}
    if code in known:
        context |= {"near": [_as_near(known[code])], "words": code}
        if version := VERSION.fullmatch(path):
            context |= {"missing": "version", "code": code, "number": int(version["number"])}
            context["versions"] = list(known[code].versions.order_by("number"))
    return context


def _as_near(entry: Recommendation) -> tuple[str, str, str]:
    return entry.get_absolute_url(), entry.code, entry.title


def _readable(path: str) -> str:
    """Shorten what a reader typed, without control and direction characters."""
    shown = "".join(each if each.isprintable() else "\ufffd" for each in path[:80])
    return f"{shown}…" if len(path) > 80 else shown


def _near(path: str) -> list[tuple[str, str, str]]:
    """Return pages whose addresses are like a path, as (address, name, remark)."""
    places = dict(PAGES)
    places |= {theme.get_absolute_url(): f"Theme: {theme.label}" for theme in Theme.objects.all()}
    places |= {
        f"/{each.value}": f"Declaration: {each.label}"
        for each in _declarations_near(path.strip("/").upper())
    }
    names = {place.strip("/").casefold(): place for place in places}
    close = difflib.get_close_matches(path.strip("/").casefold()[:100], names, n=3, cutoff=0.5)
    return [(names[each], places[names[each]], "") for each in close]


def _declarations_near(code: str) -> list[facets.Option]:
    """Return the declarations next to a code in the alphabet: comparing all takes long."""
    options = facets.current().facets["source"].options
    codes = sorted(options)
    place = bisect(codes, code)
    return [options[each] for each in codes[max(0, place - NEIGHBOURS) : place + NEIGHBOURS]]
