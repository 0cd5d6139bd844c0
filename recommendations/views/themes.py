"""Themes: the vocabulary, each theme, and the overview of themes by declaration."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from .. import overview as overviews
from ..cards import card
from ..models import Recommendation, Source
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
    entries = Recommendation.objects.published().in_theme(found).in_text_order().with_parts()[:20]
    context = {"section": "themes", "theme": found, "cards": [card(entry) for entry in entries]}
    return render(request, "recommendations/theme.html", context)


def overview(request: HttpRequest) -> HttpResponse:
    """Show themes by declarations as a table, and declarations and cited works on a timeline."""
    matrix = overviews.matrix()
    cited = Source.objects.filter(citations__recommendation__in=Recommendation.objects.published())
    works = list(cited.filter(text="").distinct().defer("text"))
    context = {"section": "overview", "matrix": matrix, "timeline": overviews.timeline(matrix, works)}
    return render(request, "recommendations/overview.html", context)
