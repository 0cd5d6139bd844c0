"""Browse: the selection as a page, and in every other format."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, push_url
from django_htmx.middleware import HtmxDetails

from recommendations.formats import RECOMMENDATIONS
from recommendations.formats.absolute_url import permalink
from recommendations.search.completions import complete
from recommendations.search.selection import read_selection

from .embeds import page_picture
from .pager import Pager
from .responses import answer, formats_at, with_alternates

SUGGESTIONS = "application/x-suggestions+json"


class HtmxRequest(HttpRequest):
    """A request as the middleware of django-htmx hands it on."""

    htmx: HtmxDetails


def browse(request: HtmxRequest) -> HttpResponseBase:
    """Show a selection with its facets; a code typed into the search leads to its page."""
    is_partial = bool(request.htmx) and not request.htmx.history_restore_request
    selection = read_selection(request.GET)
    if address := selection.exact_match:
        return HttpResponseClientRedirect(address) if is_partial else redirect(address)
    pager = Pager(selection.page, selection.page_url)
    formats = formats_at(selection.url(), RECOMMENDATIONS)
    context = {
        "section": "browse",
        "selection": selection,
        "links": selection.links,
        "pager": pager,
        "canonical": permalink(pager.url),
        "share": permalink(selection.url()),
        "formats": formats,
        "follow": selection.url(reverse("follow")),
        "is_partial": is_partial,
    }
    template = "recommendations/browse.html" + ("#browse" if is_partial else "")
    response = with_alternates(render(request, template, context), formats)
    response["Vary"] = "HX-Request"
    return push_url(response, pager.url) if is_partial else response


def suggest(request: HttpRequest) -> HttpResponse:
    """Answer what the words typed may begin, in the form of OpenSearch Suggestions 1.1."""
    typed = request.GET.get("q", "")
    found = complete(typed)
    body = [
        typed,
        [each.label for each in found],
        [each.kind for each in found],
        [permalink(each.path) for each in found],
    ]
    headers = {"Cache-Control": "public, max-age=60", "X-Robots-Tag": "noindex"}
    return JsonResponse(body, safe=False, content_type=SUGGESTIONS, headers=headers)


def follow(request: HttpRequest) -> HttpResponse:
    """Explain how to be told of what is new in a selection."""
    selection = read_selection(request.GET, paging="")
    feeds = [each for each in RECOMMENDATIONS.values() if each.is_feed]
    context = {
        "section": "follow",
        "selection": selection,
        "feeds": [
            (each.name, permalink(selection.url(f"/recommendations.{each.extension}")))
            for each in feeds
        ],
        "data": permalink(selection.url("/recommendations.json")),
    }
    return render(request, "recommendations/follow.html", context)


def export(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Answer a selection in another format, or the picture of a page for link previews."""
    if extension == "png":
        return page_picture(request)
    return export_of(request, extension, request.GET)


def export_of(request: HttpRequest, extension: str, params: QueryDict) -> HttpResponseBase:
    """Answer what these parameters select in another format."""
    if extension not in RECOMMENDATIONS:
        raise Http404
    representation = RECOMMENDATIONS[extension]
    selection = read_selection(params, representation.paging)
    page = selection.url()
    return answer(request, representation, selection, page, listed=not selection.q)
