"""One FilterSet reads the query for every format; each facet is counted under all filters but its
own.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

import django_filters
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.http import QueryDict
from pyroaring import BitMap

from recommendations.models import Change, Recommendation, Version
from recommendations.models.source import CODE

from . import facets, fulltext
from .facets import Counts, Option

SORTS = {"relevance": "Best match", "newest": "Newest", "code": "Code"}
MAX_QUERY = 1000  # characters
ENTRY = re.compile(f"{CODE}-[0-9]+")
# What entries have of their declaration, which the record of changes tells of and no version: how
# it is read there.
CORRECTED = {
    "year": lambda said: [said["issued_on"][:4]],
    "issuer": lambda said: said.get("issuers", []),
}


class FacetField(django_filters.fields.MultipleChoiceField):
    """Takes the values that a facet has, of which there may be thousands."""

    def __init__(self, *args, options, **kwargs):
        self.options = options
        super().__init__(*args, **kwargs)

    def valid_value(self, value) -> bool:
        """Tell whether a facet has a value."""
        return value in self.options


class FacetFilter(django_filters.Filter):
    """Keeps the entries that have one of the values."""

    field_class = FacetField


class RecommendationFilter(django_filters.FilterSet):
    """The filters of the contract, for HTML, data formats and feeds alike."""

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
        fields = []

    def __init__(self, data: QueryDict):
        super().__init__(data, queryset=Recommendation.objects.none())
        self.held = facets.current()
        for name, each in self.facets.items():
            options = self.held.facets[name].options
            unknown = set(data.getlist(name)) - options.keys()
            each.extra["options"] = options | self._lapsed(name, unknown) if unknown else options

    @property
    def facets(self) -> dict[str, FacetFilter]:
        """The filters that are facets, by name, in the order of the page."""
        return {name: each for name, each in self.filters.items() if isinstance(each, FacetFilter)}

    @property
    def vocabulary(self) -> dict[str, list[Option]]:
        """The values of each facet that are told: all themes, and of the others what published
        entries have.
        """
        return {
            name: [each for each in self._options(name) if self._is_told(name, each)]
            for name in self.facets
        }

    def options(self, name: str) -> Mapping[str, Option]:
        """Return the values that a facet takes: all told, those of withdrawn entries, and those
        asked for that were.
        """
        return self.facets[name].extra["options"]

    def _lapsed(self, name: str, values: set[str]) -> dict[str, Option]:
        """Return the values that no entry has any more, but one had when readers saw it: links to
        them stay good.
        """
        held = {
            option.value: option
            for option in self.held.names.options[name].values()
            if option.value in values
        }
        was = values & _before_corrections(name) if name in CORRECTED else filter(_was_told, held)
        return {value: held.get(value, Option(value, value)) for value in was}

    def _options(self, name: str) -> Iterable[Option]:
        return self.held.facets[name].options.values()

    def _is_told(self, name: str, option: Option) -> bool:
        return name == "theme" or self.held.totals[name][option.value] > 0

    @cached_property
    def query(self) -> fulltext.Query:
        """The search as understood."""
        return fulltext.parse(self.form.cleaned_data["q"])

    @cached_property
    def found(self) -> BitMap | None:
        """The entries that the search finds, where there is one; a code finds its entry."""
        if not (text := self.form.cleaned_data["q"]):
            return None
        found = fulltext.find(self.query)
        if ENTRY.fullmatch(code := text.upper()):
            found.update(Recommendation.objects.filter(code=code).values_list("pk", flat=True))
        return found

    def selected(self, *, but: str = "") -> BitMap:
        """Return the entries that pass every filter but one."""
        return self.held.select(self.form.cleaned_data, None if but == "q" else self.found, but=but)

    def counts(self) -> dict[str, Counts]:
        """Count the entries of each facet's values, each facet under all other filters."""
        return self.held.counts(self.form.cleaned_data, self.found)


def _was_told(value: str) -> bool:
    """Tell whether an entry that has changed named a thing of this slug when readers saw it."""
    again = Version.objects.filter(number=2).values("recommendation")
    return Version.naming(value).filter(recommendation__in=again).exists()


def _before_corrections(name: str) -> set[str]:
    """Return the years or the issuers that declarations had before a correction of what readers
    could see.
    """
    told = Recommendation.objects.annotate(of=Cast("source", CharField())).filter(
        of=OuterRef("object_id"), published_at__lte=OuterRef("moment")
    )
    corrections = Change.objects.filter(Exists(told), kind="source", before__isnull=False)
    return {
        value
        for said in corrections.values_list("before", flat=True)
        for value in CORRECTED[name](said)
    }
