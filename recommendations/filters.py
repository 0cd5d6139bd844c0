"""One FilterSet reads the query for every format; facets are counted with every filter but their own."""

from dataclasses import dataclass
from functools import cached_property

import django_filters
from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Cast
from django.http import QueryDict

from . import search
from .models import Recommendation, Theme

SORTS = {"relevance": "Best match", "newest": "Newest", "code": "Code"}
MAX_QUERY = 1000  # characters


@dataclass(frozen=True)
class Option:
    """A value that a facet may take: what stands in addresses, what readers see, and a theme's sign."""

    value: str
    label: str
    sign: str = ""


class FacetFilter(django_filters.MultipleChoiceFilter):
    """Keep the entries that have one of the values; `labels` is the path of what readers see instead of the value."""

    def __init__(self, field_name: str, *, labels: str = "", **kwargs):
        self.labels = labels or field_name
        super().__init__(field_name=field_name, **kwargs)

    def filter(self, qs, values):
        """Ask by subquery, so that an entry with two of the values is not counted twice."""
        if not values:
            return qs
        having = Recommendation.objects.filter(**{f"{self.field_name}__in": values})
        return qs.filter(pk__in=having.values("pk"))

    def rows(self, facet: str, entries, **extra):
        """Return (facet, value, extra...) rows of some entries, alike for all facets so that they can be united."""
        columns = {"facet": _text(Value(facet)), "value": _text(F(self.field_name))} | extra
        return entries.order_by().exclude(**{self.field_name: None}).annotate(**columns)


class SearchFilter(django_filters.CharFilter):
    """Keep the entries that a search finds; a code finds its entry."""

    def filter(self, qs, value):
        """Leave everything where nothing is asked, and nothing where no word is in the question."""
        if not value:
            return qs
        entry = Recommendation.objects.published().filter(code=value.strip().upper())
        query = search.parse(value)
        found = qs.matching(query) if query else qs.none()
        return found | qs.filter(pk__in=entry.values("pk"))


class RecommendationFilter(django_filters.FilterSet):
    """The filters of the contract, for HTML, data formats and feeds alike."""

    q = SearchFilter(label="Search", max_length=MAX_QUERY, strip=True)
    theme = FacetFilter("themes__slug", labels="themes__label", label="Theme")
    tag = FacetFilter("tags__slug", labels="tags__name", label="Tag")
    source = FacetFilter("source__code", labels="source__short_title", label="Declaration")
    year = FacetFilter("source__issued_on__year", label="Year")
    issuer = FacetFilter("source__issuers__slug", labels="source__issuers__name", label="Issuer")
    addressee = FacetFilter("addressees__slug", labels="addressees__name", label="Addressed to")
    sort = django_filters.ChoiceFilter(label="Sort", choices=list(SORTS.items()), method="keep")

    class Meta:
        model = Recommendation
        fields = []

    def __init__(self, data: QueryDict):
        super().__init__(data, queryset=Recommendation.objects.published())
        for name, options in self.vocabulary.items():
            self.filters[name].extra["choices"] = [(option.value, option.label) for option in options]

    def keep(self, qs, name, value):
        """Leave the entries alone: the order is not a filter."""
        return qs

    @property
    def facets(self) -> dict[str, FacetFilter]:
        """The filters that are facets, by name, in the order of the page."""
        return {name: each for name, each in self.filters.items() if isinstance(each, FacetFilter)}

    @cached_property
    def vocabulary(self) -> dict[str, list[Option]]:
        """Return every value a facet may take: all themes, and of the others what published entries have."""
        themes = Theme.objects.order_by().annotate(facet=_text(Value("theme")), name=F("label"), rank=F("position"))
        parts = [themes.values_list("facet", "slug", "name", "sign", "rank")]
        for name, facet in self.facets.items():
            if name != "theme":
                none = {"name": _text(F(facet.labels)), "sign": _text(Value("")), "rank": Value(0)}
                rows = facet.rows(name, Recommendation.objects.published(), **none)
                parts.append(rows.values_list("facet", "value", "name", "sign", "rank").distinct())
        options = {name: [] for name in self.facets}
        for name, value, label, sign, _rank in sorted(_united(parts), key=lambda row: row[4]):
            options[name].append(Option(value, label, sign))
        return options

    def entries(self, *, but: str = ""):
        """Return the entries that pass every filter but one."""
        entries = self.queryset
        for name, each in self.filters.items():
            if name != but:
                entries = each.filter(entries, self.form.cleaned_data[name])
        return entries

    def counts(self) -> dict[tuple[str, str], int]:
        """Count the entries of each facet's values, each facet under all other filters, in one query."""
        parts = []
        for name, facet in self.facets.items():
            rows = facet.rows(name, self.entries(but=name)).values("facet", "value")
            parts.append(rows.annotate(n=Count("pk", distinct=True)).values_list("facet", "value", "n"))
        return {(name, value): n for name, value, n in _united(parts)}


def _united(parts: list):
    """Unite rows of unlike facets into one query; the order of the first model is none of theirs."""
    return parts[0].union(*parts[1:], all=True).order_by()


def _text(expression) -> Cast:
    """Give a column the type of text, so that rows of unlike facets can be united."""
    return Cast(expression, CharField())
