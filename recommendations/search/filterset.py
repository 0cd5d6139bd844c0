"""One FilterSet reads the query for every format."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.http import QueryDict
from pyroaring import BitMap

from recommendations.models import Change, Recommendation, Version
from recommendations.models.source import CODE
from recommendations.models.theme import OTHER

from . import facets, fulltext
from .facets import Counts, Option

SORTS = {"relevance": "Best match", "newest": "Newest", "code": "Code"}
MAX_QUERY = 1000  # characters
ENTRY = re.compile(f"{CODE}-[0-9]+")
# No version says these of an entry, since they are its declaration's: where changes record them.
CORRECTED = {
    "year": lambda before: [before["issued_on"][:4]],
    "issuer": lambda before: before.get("issuers", []),
}


class FacetField(django_filters.fields.MultipleChoiceField):
    """Accepts the values of a facet, of which there may be thousands."""

    def __init__(self, *args: Any, options: Mapping[str, Option], **kwargs: Any) -> None:
        self.options = options
        super().__init__(*args, **kwargs)

    def valid_value(self, value: str) -> bool:
        """Tell whether a facet has a value."""
        return value in self.options


class FacetFilter(django_filters.Filter):
    """Keeps the entries that have one of the values."""

    field_class = FacetField


class RecommendationFilter(django_filters.FilterSet):
    """The public filters, for HTML, data formats and feeds alike."""

    q = django_filters.CharFilter(label="Search", max_length=MAX_QUERY, strip=True)
    theme = FacetFilter(label="Theme")
    tag = FacetFilter(label="Tag")
    source = FacetFilter(label="Declaration")
    year = FacetFilter(label="Year")
    issuer = FacetFilter(label="Issuer")
    addressee = FacetFilter(label="Addressed to")
    sort = django_filters.ChoiceFilter(label="Sort", choices=list(SORTS.items()))

    class Meta:
        model = Recommendation
        fields: list[str] = []

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, queryset=Recommendation.objects.none())
        self.index = facets.current()
        for name, each in self.facets.items():
            options = self.index.facets[name].options
            unknown = set(data.getlist(name)) - options.keys()
            former = self._former_options(name, unknown) if unknown else {}
            each.extra["options"] = {**options, **former} if former else options

    @property
    def facets(self) -> dict[str, FacetFilter]:
        """The filters that are facets, by name, in the order of the page."""
        return {name: each for name, each in self.filters.items() if isinstance(each, FacetFilter)}

    @cached_property
    def vocabulary(self) -> dict[str, list[Option]]:
        """The values offered for each facet: all themes, and what published entries have."""
        offered = {}
        for name in self.facets:
            options, totals = self.index.facets[name].options, self.index.totals[name]
            offered[name] = [
                option
                for option in options.values()
                if totals[option.value] or (name == "theme" and option.value != OTHER)
            ]
        return offered

    def options(self, name: str) -> Mapping[str, Option]:
        """Return all values that a facet accepts: also those that only old links ask for."""
        return self.facets[name].extra["options"]

    def _former_options(self, name: str, values: set[str]) -> dict[str, Option]:
        """Return the values that readers once saw but no entry has now, so that old links work."""
        options = self.index.names.options[name].values()
        known = {option.value: option for option in options if option.value in values}
        former = (
            values & _values_before_corrections(name)
            if name in CORRECTED
            else filter(_was_published, known)
        )
        return {value: known.get(value, Option(value, value)) for value in former}

    @cached_property
    def query(self) -> fulltext.Query:
        """The search, parsed."""
        return fulltext.parse(self.form.cleaned_data["q"])

    @cached_property
    def matches(self) -> BitMap | None:
        """The entries that the search finds, None without a search; a code finds its entry."""
        if not (text := self.form.cleaned_data["q"]):
            return None
        found = fulltext.find(self.query)
        if ENTRY.fullmatch(code := text.upper()):
            found.update(Recommendation.objects.filter(code=code).values_list("pk", flat=True))
        return found

    def selected(self, *, but: str = "") -> BitMap:
        """Return the entries that pass every filter but one."""
        matches = None if but == "q" else self.matches
        return self.index.select(self.form.cleaned_data, matches, but=but)

    def counts(self) -> dict[str, Counts]:
        """Count the entries of each facet's values, each facet under all other filters."""
        return self.index.counts(self.form.cleaned_data, self.matches)


def _was_published(value: str) -> bool:
    """Tell whether an entry that has changed since once named something of this slug."""
    changed = Version.objects.filter(number=2).values("recommendation")
    return Version.naming(value).filter(recommendation__in=changed).exists()


def _values_before_corrections(name: str) -> set[str]:
    """Return the years or issuers that declarations had before a published one was corrected."""
    published = Recommendation.objects.annotate(of=Cast("source", CharField())).filter(
        of=OuterRef("object_id"), published_at__lte=OuterRef("moment")
    )
    corrections = Change.objects.filter(Exists(published), kind="source", before__isnull=False)
    former: Iterator[list[str]] = map(CORRECTED[name], corrections.values_list("before", flat=True))
    return {value for values in former for value in values}
