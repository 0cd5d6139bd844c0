"""Themes: the vocabulary, each theme, and the overview of themes by declaration."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from .. import overview as overviews
from .. import representations
from ..cards import card
from ..models import Recommendation, Source, Theme
from ..selection import Problem
from .browse import export_of
from .errors import bad_request
from .formats import alternates, formats_at
from .home import themes_with_counts


def themes(request: HttpRequest) -> HttpResponse:
    """List the themes with definitions and other names."""
    context = {"section": "themes", "themes": themes_with_counts().prefetch_related("alternatives")}
    return render(request, "recommendations/themes.html", context)


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one theme: what it means, its other names and its most recent entries."""
    found = themes_with_counts().prefetch_related("alternatives").filter(slug=slug).first()
    if found is None:
        raise Http404(f"There is no theme {slug}")
    entries = Recommendation.objects.published().in_theme(found).in_text_order().for_cards()[:20]
    formats = formats_at(found.get_absolute_url(), representations.RECOMMENDATIONS)
    context = {"section": "themes", "theme": found, "cards": [card(entry) for entry in entries], "formats": formats}
    return alternates(render(request, "recommendations/theme.html", context), formats)


def theme_as(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """Answer the selection of a theme in another format; filters narrow it, but another theme is another address."""
    if not Theme.objects.filter(slug=slug).exists():
        raise Http404(f"There is no theme {slug}")
    params = request.GET.copy()
    params["theme"] = slug
    if "theme" in request.GET:
        message = f"This address is of the theme “{slug}” alone."
        url = f"/recommendations/?{params.urlencode()}"
        return bad_request(request, [Problem("theme", message, "Leave it out", url)])
    return export_of(request, extension, params)


def overview(request: HttpRequest) -> HttpResponse:
    """Show themes by declarations as a table, and declarations and cited works on a timeline."""
    matrix = overviews.matrix()
    cited = Source.objects.filter(citations__recommendation__in=Recommendation.objects.published())
    works = list(cited.filter(text="").distinct().defer("text"))
    context = {"section": "overview", "matrix": matrix, "timeline": overviews.timeline(matrix, works)}
    return render(request, "recommendations/overview.html", context)
