"""Themes: the vocabulary, each theme, and the overview of themes by declaration."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from recommendations import formats as data_formats
from recommendations.models import FormerTheme, Theme
from recommendations.search import facets
from recommendations.search import overview as overviews
from recommendations.search.selection import Problem

from .browse import export_of
from .cards import rendered
from .errors import bad_request, moved
from .home import counted
from .responses import alternates, formats_at

RECENT = 20


def themes(request: HttpRequest) -> HttpResponse:
    """List the themes with definitions and other names."""
    context = {
        "section": "themes",
        "themes": counted(facets.current(), Theme.objects.prefetch_related("alternatives")),
    }
    return render(request, "recommendations/themes.html", context)


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one theme: what it means, its other names and its most recent entries."""
    found = Theme.objects.prefetch_related("alternatives").filter(slug=slug).first()
    if found is None:
        now = answering_for(slug)
        return moved(
            request, with_query(request, now.get_absolute_url() if now else reverse("themes"))
        )
    held = facets.current()
    keys = held.orders["newest"].part(held.select({"theme": [slug]}), 0, RECENT)
    cards = rendered(keys, held.number)
    formats = formats_at(found.get_absolute_url(), data_formats.RECOMMENDATIONS)
    context = {
        "section": "themes",
        "theme": counted(held, [found])[0],
        "cards": cards,
        "formats": formats,
    }
    return alternates(render(request, "recommendations/theme.html", context), formats)


def theme_as(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """Answer the selection of a theme in another format; filters narrow it, but another theme is
    another address.
    """
    if not Theme.objects.filter(slug=slug).exists():
        slug = slug.lower()
        if now := answering_for(slug):
            return moved(request, with_query(request, f"{now.get_absolute_url()}.{extension}"))
    params = request.GET.copy()
    params["theme"] = slug
    if "theme" in request.GET:
        message = f"This address is of the theme “{slug}” alone."
        url = f"/recommendations/?{params.urlencode()}"
        return bad_request(request, [Problem("theme", message, "Leave it out", url)])
    return export_of(request, extension, params)


def answering_for(slug: str) -> Theme | None:
    """Return the theme that a slug, in any letter case, leads to; None of one that was retired;
    raises Http404.
    """
    theme = Theme.objects.filter(slug=slug.lower()).first()
    former = FormerTheme.objects.filter(slug=slug.lower()).select_related("successor").first()
    if not theme and not former:
        raise Http404(f"There is no theme {slug}")
    return theme or former.successor


def with_query(request: HttpRequest, path: str) -> str:
    """Return a path with the query of a request."""
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def overview(request: HttpRequest) -> HttpResponse:
    """Show themes by declarations as a table, and declarations and cited works on a timeline."""
    matrix = overviews.matrix()
    timeline = overviews.timeline(matrix, overviews.cited_works())
    context = {"section": "overview", "matrix": matrix, "timeline": timeline}
    return render(request, "recommendations/overview.html", context)
