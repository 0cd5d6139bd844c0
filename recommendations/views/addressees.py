"""Addressees: who should act, and what each of them is asked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from recommendations.formats import RECOMMENDATIONS
from recommendations.models import Organisation
from recommendations.search import facets
from recommendations.search.query_errors import BROWSE, WITHOUT, BadSelection, Problem

from .browse import export_of
from .errors import moved
from .responses import formats_at, with_alternates
from .themes import with_query

RECENT = 20


def addressees(request: HttpRequest) -> HttpResponse:
    """List who is asked to act, those who are asked most first."""
    index = facets.current()
    counts = index.totals["addressee"].all()
    options = index.facets["addressee"].options
    order = sorted(counts, key=lambda slug: (-counts[slug], options[slug].label))
    listed = [(options[slug], counts[slug]) for slug in order]
    context = {"section": "addressees", "addressees": listed}
    return render(request, "recommendations/addressees.html", context)


def addressee(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what one of them is asked: the most recent entries."""
    found, index = find(slug), facets.current()
    if slug != found.slug:
        return moved(request, with_query(request, found.get_absolute_url()))
    selected = index.select({"addressee": [slug]})
    formats = formats_at(found.get_absolute_url(), RECOMMENDATIONS)
    context = {
        "section": "addressees",
        "addressee": found,
        "count": len(selected),
        "index": index,
        "keys": index.orders["newest"].part(selected, 0, RECENT),
        "formats": formats,
    }
    return with_alternates(render(request, "recommendations/addressee.html", context), formats)


def addressee_as(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """Answer the entries of an addressee in another format; other filters narrow them."""
    found = find(slug)
    if slug != found.slug:
        return moved(request, with_query(request, f"{found.get_absolute_url()}.{extension}"))
    params = request.GET.copy()
    params["addressee"] = slug
    if "addressee" in request.GET:
        message = f"This address is only for the addressee “{slug}”."
        url = f"{BROWSE}?{params.urlencode()}"
        raise BadSelection([Problem("addressee", message, WITHOUT, url)])
    return export_of(request, extension, params)


def find(slug: str) -> Organisation:
    """Return an organisation that an entry addresses, or ever addressed; raises Http404."""
    if slug.lower() not in facets.current().facets["addressee"].options:
        raise Http404(f"Nobody is addressed as {slug}")
    return Organisation.objects.get(slug=slug.lower())
