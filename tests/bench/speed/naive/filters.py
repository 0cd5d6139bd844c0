"""The filters of the browse page."""

import django_filters
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Q
from taggit.models import Tag

from .models import Organisation, Recommendation, Source, Theme


def choices(model, field: str, key: str = "slug") -> django_filters.ModelMultipleChoiceFilter:
    return django_filters.ModelMultipleChoiceFilter(
        field_name=f"{field}__{key}", to_field_name=key, queryset=model.objects.all()
    )


class RecommendationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    theme = choices(Theme, "themes")
    tag = choices(Tag, "tags")
    source = choices(Source, "source", "code")
    year = django_filters.NumberFilter(field_name="source__issued_on__year")
    issuer = choices(Organisation, "source__issuers")
    addressee = choices(Organisation, "addressees")

    class Meta:
        model = Recommendation
        fields = []

    def search(self, queryset, name, value):
        if connection.vendor != "postgresql":
            return queryset.filter(
                Q(title__icontains=value) | Q(quote__icontains=value) | Q(summary__icontains=value)
            )
        vector = SearchVector("title", "quote", "summary", config="english")
        query = SearchQuery(value, config="english")
        return queryset.annotate(search=vector, rank=SearchRank(vector, query)).filter(search=query)
