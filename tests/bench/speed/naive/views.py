"""Browse with facets, one recommendation, and the home page."""

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from taggit.models import Tag

from .filters import RecommendationFilter
from .models import Recommendation, Source, Theme

PAGE_SIZE = 10
MOST_VALUES = 200  # of a facet, as many as the site shows
FACETS = {  # by parameter: title, what stands in the address, what is shown
    "theme": ("Theme", "themes__slug", "themes__label"),
    "tag": ("Tag", "tags__slug", "tags__name"),
    "source": ("Declaration", "source__code", "source__title"),
    "year": ("Year", "source__issued_on__year", "source__issued_on__year"),
    "issuer": ("Issuer", "source__issuers__slug", "source__issuers__name"),
    "addressee": ("Addressed to", "addressees__slug", "addressees__name"),
}


def browse(request: HttpRequest) -> HttpResponse:
    """Show a page of what was asked for, with the counts of every facet."""
    paginator = Paginator(ordered(request.GET), PAGE_SIZE)
    context = {
        "page": paginator.get_page(request.GET.get("page")),
        "q": request.GET.get("q", ""),
        "facets": [
            (name, title, values(request.GET, name)[:MOST_VALUES])
            for name, (title, *_paths) in FACETS.items()
        ],
    }
    return render(request, "naive/browse.html", context)


def filtered(params: QueryDict) -> QuerySet:
    """Return the recommendations that pass the filters."""
    return RecommendationFilter(params, Recommendation.objects.all()).qs


def ordered(params: QueryDict) -> QuerySet:
    """Return them in the order asked for, with all that a card shows."""
    found = (
        filtered(params).select_related("source").prefetch_related("themes", "tags", "addressees")
    )
    if params.get("sort") == "code":
        return found.order_by("source__code", "number")
    if params.get("q") and connection.vendor == "postgresql":
        return found.order_by("-rank", "pk")
    return found.order_by("-source__issued_on", "source__code", "number")


def values(params: QueryDict, name: str) -> QuerySet:
    """Count the recommendations of each value of a facet, under all filters but its own."""
    others = params.copy()
    others.pop(name, None)
    _title, value, label = FACETS[name]
    found = filtered(others).exclude(**{value: None}).order_by()
    return (
        found.values_list(value, label)
        .annotate(count=Count("pk", distinct=True))
        .order_by("-count", value)
    )


def recommendation(request: HttpRequest, code: str) -> HttpResponse:
    """Show one recommendation, and others with its tags."""
    entries = Recommendation.objects.select_related("source").prefetch_related(
        "themes", "tags", "addressees"
    )
    entry = get_object_or_404(entries, code=code)
    same = Recommendation.objects.filter(tags__in=entry.tags.all()).exclude(pk=entry.pk)
    near = same.annotate(shared=Count("tags")).order_by("-shared", "-pk")[:4]
    return render(request, "naive/recommendation.html", {"entry": entry, "near": near})


def home(request: HttpRequest) -> HttpResponse:
    """Show the newest declarations, and how much there is of each theme and tag."""
    context = {
        "count": Recommendation.objects.count(),
        "themes": Theme.objects.annotate(count=Count("recommendation")).order_by("-count"),
        "tags": Tag.objects.annotate(count=Count("taggit_taggeditem_items")).order_by("-count")[
            :20
        ],
        "sources": Source.objects.annotate(count=Count("recommendation")).order_by(
            "-issued_on", "code"
        )[:5],
    }
    return render(request, "naive/home.html", context)
