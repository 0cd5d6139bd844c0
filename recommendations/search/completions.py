"""What a reader may be about to type: themes, tags, codes, titles, declarations, cited works."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from django.utils.http import urlencode

from recommendations.models import Recommendation, Source

from . import facets, fulltext
from .fulltext.analysis import words
from .query_errors import BROWSE

MOST = 8  # in all
MOST_OF_KIND = 4
SHORTEST = 2  # characters from which anything is offered
SHORTEST_TITLE = 3  # from which titles are looked through
LONGEST = 100  # characters that are looked at
KINDS = {"theme": "Theme", "tag": "Tag", "addressee": "Addressed to", "source": "Declaration"}


@dataclass(frozen=True)
class Completion:
    """Something that a reader may mean: its name, its kind, and the path it leads to."""

    label: str
    kind: str
    path: str


def complete(typed: str) -> list[Completion]:
    """Return what the words typed may begin, at most `MOST`, the most specific kinds first."""
    typed = typed.strip()[:LONGEST]
    forms = [word.form for word in words(typed)]
    if len(typed) < SHORTEST or not forms:
        return []
    index = facets.current()
    sources = (_codes(typed), _options(forms, index), _works(typed), _titles(typed, index))
    found = (each for source in sources for each in islice(source, MOST_OF_KIND))
    return list(islice(dict.fromkeys(found), MOST))


def _codes(typed: str) -> Iterator[Completion]:
    """Yield the entries whose code begins as typed."""
    code = typed.upper()
    known = Recommendation.objects.filter(code__gte=code, code__lt=f"{code}\uffff")
    for each in known.order_by("code").only("code", "title")[:MOST_OF_KIND]:
        yield Completion(f"{each.code}: {each.title}", "Recommendation", each.get_absolute_url())


def _options(forms: list[str], index: facets.FacetIndex) -> Iterator[Completion]:
    """Yield values of facets in which each word typed begins a word, the most frequent first."""
    for name, kind in KINDS.items():
        totals = index.totals[name]
        fitting = [
            option
            for option in index.facets[name].options.values()
            if totals[option.value] and _begins(forms, option.label)
        ]
        for option in sorted(fitting, key=lambda each: (-totals[each.value], each.label))[:2]:
            path = f"{BROWSE}?{urlencode({name: option.value})}"
            yield Completion(option.label, kind, f"/{option.value}" if name == "source" else path)


def _begins(forms: list[str], label: str) -> bool:
    own = _forms(label)
    return all(f" {form}" in own for form in forms)


@lru_cache(maxsize=2**15)
def _forms(label: str) -> str:
    """Return the words of a name, each after a space; thousands of names are asked each time."""
    return "".join(f" {word.form}" for word in words(label))


def _works(typed: str) -> Iterator[Completion]:
    """Yield the cited documents whose title holds what was typed."""
    works = Source.objects.public().filter(text="", title__icontains=typed)
    for each in works.only("title", "code", "sha256")[:2]:
        yield Completion(each.title, "Document cited", each.get_absolute_url())


def _titles(typed: str, index: facets.FacetIndex) -> Iterator[Completion]:
    """Yield the newest entries that the words find."""
    if len(typed) < SHORTEST_TITLE:
        return
    found = fulltext.find(fulltext.parse(typed)) & index.published
    keys = index.orders["newest"].part(found, 0, MOST_OF_KIND)
    titles = Recommendation.objects.only("code", "title").in_bulk(keys)
    for key in filter(titles.__contains__, keys):
        each = titles[key]
        yield Completion(f"{each.code}: {each.title}", "Recommendation", each.get_absolute_url())
