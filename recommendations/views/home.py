"""The front page."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.models import Source, Status, Theme
from recommendations.search import facets

from .annotated_text import picture
from .cards import rendered

RECENT = 4


def counted(held: facets.Catalogue, themes: Iterable[Theme]) -> list[Theme]:
    """Return themes, each with the number of its published entries."""
    counts, themes = held.totals["theme"], list(themes)
    for theme in themes:
        theme.count = counts[theme.slug]
    return themes


def home(request: HttpRequest) -> HttpResponse:
    """Show what the site is, its themes, the latest declaration as a picture and the most recent
    entries.
    """
    held = facets.current()
    keys = held.orders["newest"].keys[:RECENT].tolist()
    latest = Source.objects.filter(recommendations__in=keys[:1]).first()
    context = {
        "latest": latest,
        "picture": picture(latest, _passages(latest)) if latest else None,
        "latest_count": held.totals["source"][latest.code] if latest else 0,
        "themes": counted(held, Theme.objects.all()),
        "newest": held.code(keys[0]) if keys else "",
        "cards": rendered(keys, held.number),
        "total": len(held.everything),
    }
    return render(request, "recommendations/home.html", context)


def _passages(source: Source) -> list:
    """Return the passages of a declaration's published entries, in text order."""
    published = source.citations.filter(role="states", recommendation__status=Status.PUBLISHED)
    return list(published.select_related("recommendation").order_by("start"))
