"""Themes: the vocabulary, each theme, and the overview of themes by declaration."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from recommendations.formats import RECOMMENDATIONS
from recommendations.models import FormerTheme, Theme
from recommendations.models.theme import OTHER, other_topics
from recommendations.search import facets
from recommendations.search import overview as overviews
from recommendations.search.query_errors import BROWSE, WITHOUT, BadSelection, Problem

from .browse import export_of
from .errors import moved
from .responses import formats_at, with_alternates

RECENT = 20


def themes(request: HttpRequest) -> HttpResponse:
    """List the themes with definitions and other names."""
    index = facets.current()
    listed = with_counts(index, Theme.objects.prefetch_related("alternatives"))
    context = {"section": "themes", "themes": listed, "unfiled": index.totals["theme"][OTHER]}
    return render(request, "recommendations/themes.html", context)


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one theme: what it means, its other names and its most recent entries."""
    found = Theme.objects.prefetch_related("alternatives").filter(slug=slug).first()
    if slug == OTHER:
        found = other_topics()
    if found is None:
        current = current_theme(slug)
        address = current.get_absolute_url() if current else reverse("themes")
        return moved(request, with_query(request, address))
    index = facets.current()
    formats = formats_at(found.get_absolute_url(), RECOMMENDATIONS)
    context = {
        "section": "themes",
        "theme": found,
        "count": index.totals["theme"][slug],
        "index": index,
        "keys": index.orders["newest"].part(index.select({"theme": [slug]}), 0, RECENT),
        "formats": formats,
    }
    return with_alternates(render(request, "recommendations/theme.html", context), formats)


def theme_as(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """Answer the entries of a theme in another format; filters other than `theme` narrow them."""
    if slug != OTHER and not Theme.objects.filter(slug=slug).exists():
        slug = slug.lower()
        if current := current_theme(slug):
            return moved(request, with_query(request, f"{current.get_absolute_url()}.{extension}"))
    params = request.GET.copy()
    params["theme"] = slug
    if "theme" in request.GET:
        message = f"This address is only for the theme “{slug}”."
        raise BadSelection([Problem("theme", message, WITHOUT, f"{BROWSE}?{params.urlencode()}")])
    return export_of(request, extension, params)


def current_theme(slug: str) -> Theme | None:
    """Return the theme that a slug leads to, or None if it was retired; raises Http404."""
    theme = Theme.objects.filter(slug=slug.lower()).first()
    former = FormerTheme.objects.filter(slug=slug.lower()).select_related("successor").first()
    if theme:
        return theme
    if former:
        return former.successor
    raise Http404(f"There is no theme {slug}")


def with_counts(index: facets.FacetIndex, themes: Iterable[Theme]) -> list[tuple[Theme, int]]:
    """Return themes, each with the number of its published entries."""
    return [(theme, index.totals["theme"][theme.slug]) for theme in themes]


def with_query(request: HttpRequest, path: str) -> str:
    """Return a path with the query of a request."""
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def overview(request: HttpRequest) -> HttpResponse:
    """Show what is asked of whom, and from two declarations on, when."""
    declarations = overviews.by_declaration()
    has_several = len(declarations.columns) > 1
    context = {
        "section": "overview",
        "addressees": overviews.by_addressee(),
        "declarations": declarations if has_several else None,
        "timeline": overviews.timeline(declarations, overviews.cited_works())
        if has_several
        else None,
        "total": declarations.total,
    }
    return render(request, "recommendations/overview.html", context)
