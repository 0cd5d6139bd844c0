"""The front page."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.models import Recommendation, Source, Status, Theme
from recommendations.models.theme import other_topics
from recommendations.search import facets

from .annotated_text import minimap_of
from .themes import with_counts

MOST_ASKS = 40  # of the latest declaration
A_THEME = 5  # of them, on one theme


@dataclass
class Asks:
    """What the latest declaration asks on one theme, as far as there is room."""

    theme: Theme
    entries: list[Recommendation] = field(default_factory=list)
    total: int = 0


def home(request: HttpRequest) -> HttpResponse:
    """Show what the latest declaration asks, its picture, and the themes."""
    index = facets.current()
    newest = index.orders["newest"].keys[:1].tolist()
    latest = Source.objects.filter(recommendations__in=newest).first()
    context = {
        "latest": latest,
        "picture": minimap_of(latest, _passages(latest)) if latest else None,
        "latest_count": index.totals["source"][latest.code] if latest else 0,
        "asks": _asks(latest) if latest else [],
        "themes": with_counts(index, Theme.objects.all()),
        "newest": index.code(newest[0]) if newest else "",
        "total": len(index.published),
    }
    return render(request, "recommendations/home.html", context)


def _asks(source: Source) -> list[Asks]:
    """Group the entries of a declaration by their first theme, in text order."""
    entries = source.recommendations.order_by("number").prefetch_related("themes", "addressees")
    found: dict[str, Asks] = {}
    for entry in entries[:MOST_ASKS]:
        theme = next(iter(entry.themes.all()), None) or other_topics()
        asks = found.setdefault(theme.slug, Asks(theme))
        asks.total += 1
        if len(asks.entries) < A_THEME:
            asks.entries.append(entry)
    return list(found.values())


def _passages(source: Source) -> list:
    """Return the passages of a declaration's published entries, in text order."""
    published = source.citations.filter(role="states", recommendation__status=Status.PUBLISHED)
    return list(published.select_related("recommendation").order_by("start"))
