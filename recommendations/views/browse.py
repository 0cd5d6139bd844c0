"""Browse: the selection as a page, and as every other format."""

import re
from itertools import pairwise
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect, push_url

from recommendations import formats
from recommendations.formats import briefing
from recommendations.formats.absolute_url import permalink
from recommendations.models import FormerTheme, Recommendation, Source
from recommendations.models.source import CODE
from recommendations.search.query_errors import BadSelection, NoLonger
from recommendations.search.selection import Selection, selection

from .cards import rendered
from .errors import bad_request, ended, moved, not_found
from .responses import alternates, answer, formats_at

CODE_LIKE = re.compile(f"{CODE}(-[1-9][0-9]*)?")  # of a declaration, or of an entry


def browse(request: HttpRequest) -> HttpResponse:
    """Show a selection with its facets; a code typed into the search leads to its page."""
    in_place = bool(request.htmx) and not request.htmx.history_restore_request
    try:
        chosen = selection(request.GET)
        if place := _place(chosen):
            return HttpResponseClientRedirect(place) if in_place else redirect(place)
        page = chosen.page
    except BadSelection as bad:
        return refused(request, bad)
    address = chosen.url(page=page.number)
    context = {
        "section": "browse",
        "selection": chosen,
        "page": page,
        "pages": [(number, chosen.url(page=number) if number else "") for number in pages(page)],
        "previous": chosen.url(page=page.number - 1) if page.has_previous() else "",
        "next": chosen.url(page=page.number + 1) if page.has_next() else "",
        "cards": rendered(page.object_list, chosen.filterset.held.number, chosen.query),
        "canonical": permalink(address),
        "share": permalink(chosen.url()),
        "briefing": briefing.address(chosen.codes),
        "formats": formats_at(chosen.url(), formats.RECOMMENDATIONS),
        "in_place": in_place,
    }
    response = render(
        request, "recommendations/browse.html" + ("#browse" if in_place else ""), context
    )
    response["Vary"] = "HX-Request"
    alternates(response, context["formats"])
    return push_url(response, address) if in_place else response


def export(request: HttpRequest, extension: str) -> HttpResponse:
    """Answer a selection in another format."""
    return export_of(request, extension, request.GET)


def export_of(request: HttpRequest, extension: str, params: QueryDict) -> HttpResponse:
    """Answer what these parameters select in another format."""
    representation = formats.RECOMMENDATIONS.get(extension)
    if representation is None:
        return not_found(request)
    try:
        chosen = selection(params, representation.paging)
        chosen.check_mark()  # before a copy is said to be good still
        return answer(request, representation, chosen, chosen.url(), listed=not chosen.q)
    except BadSelection as bad:
        return refused(request, bad)


def refused(request: HttpRequest, bad: BadSelection) -> HttpResponse:
    """Answer a query that cannot be answered as asked: where its themes went, or that one ended, or
    what is wrong.
    """
    if any(former.successor is None for former in bad.former.values()):
        return ended(request, bad.problems)
    if bad.former:
        return moved(request, f"{request.path}?{followed(request.GET, bad.former)}")
    return bad_request(request, bad.problems, 410 if isinstance(bad, NoLonger) else 400)


def followed(params: QueryDict, former: dict[str, FormerTheme]) -> str:
    """Return a query with the successors of former themes in their places, each theme once.

    A place in the selection is left out, as it is none in the one that this leads to: a walk
    through it starts anew.
    """
    pairs = [
        (name, value) for name, values in params.lists() for value in values if name != "after"
    ]
    now = [(n, former[v].successor.slug if n == "theme" and v in former else v) for n, v in pairs]
    return urlencode(list(dict.fromkeys(now)))


def _place(chosen: Selection) -> str:
    """Return the page of the code that was searched for, or ""."""
    code = chosen.q.upper()
    if not CODE_LIKE.fullmatch(code):
        return ""
    entry = Recommendation.with_withdrawn.filter(code=code).first()
    source = Source.objects.public().declarations().filter(code=code).first() if not entry else None
    return (entry or source).get_absolute_url() if entry or source else ""


def pages(page: Page) -> list[int | None]:
    """Return the page numbers to show, None where some are left out."""
    last = page.paginator.num_pages
    near = range(max(2, page.number - 1), min(last - 1, page.number + 1) + 1)
    shown = sorted({1, *near, last})
    gaps = [None if number - before > 1 else 0 for before, number in pairwise(shown)]
    return [
        1,
        *(
            each
            for gap, number in zip(gaps, shown[1:], strict=True)
            for each in (gap, number)
            if each != 0
        ),
    ]
