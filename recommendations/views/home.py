"""The front page."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..cards import card
from ..models import Recommendation, Source, Status, Theme
from ..reading import picture

RECENT = 4


def themes_with_counts():
    """Return the themes with the number of published entries of each."""
    published = Q(recommendations__status=Status.PUBLISHED)
    return Theme.objects.annotate(count=Count("recommendations", filter=published)).order_by("position", "slug")


def home(request: HttpRequest) -> HttpResponse:
    """Show what the site is, its themes, the latest declaration as a picture and the most recent entries."""
    published = Recommendation.objects.published()
    latest = Source.objects.filter(recommendations__in=published).distinct().first()
    entries = list(published.in_text_order().for_cards()[:RECENT])
    context = {
        "latest": latest,
        "picture": picture(latest, _passages(latest)) if latest else None,
        "latest_count": published.filter(source=latest).count(),
        "themes": themes_with_counts(),
        "cards": [card(entry) for entry in entries],
        "total": published.count(),
    }
    return render(request, "recommendations/home.html", context)


def _passages(source: Source) -> list:
    """Return the passages of a declaration's published entries, in text order."""
    published = source.citations.filter(role="states", recommendation__status=Status.PUBLISHED)
    return list(published.select_related("recommendation").order_by("start"))
