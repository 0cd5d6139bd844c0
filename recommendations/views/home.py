"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.models import Source, Status, Theme
from recommendations.search import facets

from .annotated_text import minimap_of
from .themes import with_counts

RECENT = 4


def home(request: HttpRequest) -> HttpResponse:
    """Show what the site is, its themes, the latest declaration and the most recent entries."""
    index = facets.current()
    keys = index.orders["newest"].keys[:RECENT].tolist()
    latest = Source.objects.filter(recommendations__in=keys[:1]).first()
    context = {
        "latest": latest,
        "picture": minimap_of(latest, _passages(latest)) if latest else None,
        "latest_count": index.totals["source"][latest.code] if latest else 0,
        "themes": with_counts(index, Theme.objects.all()),
        "newest": index.code(keys[0]) if keys else "",
        "index": index,
        "keys": keys,
        "total": len(index.published),
    }
    return render(request, "recommendations/home.html", context)


def _passages(source: Source) -> list:
    """Return the passages of a declaration's published entries, in text order."""
    published = source.citations.filter(role="states", recommendation__status=Status.PUBLISHED)
    return list(published.select_related("recommendation").order_by("start"))
