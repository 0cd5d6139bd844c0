"""Chooses, from a corpus and a seed, the questions that every site is asked; run by start.py."""

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable

from django.db.models import Count

from recommendations.editorial import sample_corpus
from recommendations.models import Citation, Recommendation, Theme
from recommendations.models.citation import Role

WORD = re.compile(r"\w+")
PAGE_SIZE = 10


def choose(seed: int) -> dict[str, str]:
    """Return the address of every question by its name; the same for the same corpus and seed."""
    published = Recommendation.objects.all()
    chance = random.Random(seed)
    entry = published.order_by("pk")[chance.randrange(published.count())]
    theme = Theme.objects.annotate(n=Count("recommendations")).order_by("-n", "pk")[0]
    tagged = published.filter(themes=theme, source__code__startswith="SAMPLE-").order_by("pk")
    tag = tagged[chance.randrange(tagged.count())].tags.order_by("pk")[0]
    words = Words(sample_corpus.vocabulary(random.Random(seed)), written(published))
    some = words.near(0.05)
    return {
        "no filter": "/recommendations/",
        "a broad theme": f"/recommendations/?theme={theme.slug}",
        "two facets": f"/recommendations/?theme={theme.slug}&tag={tag.slug}",
        "a tag": f"/recommendations/?tag={tag.slug}",
        "a year": f"/recommendations/?year={entry.source.issued_on.year}",
        "a source": f"/recommendations/?source={entry.source.code}",
        "a rare word": f"/recommendations/?q={words.near(0)}",
        "a word in 5 %": f"/recommendations/?q={some}",
        "a word in 35 %": f"/recommendations/?q={words.near(0.35)}",
        "a word and a theme": f"/recommendations/?q={some}&theme={theme.slug}",
        "page 2": "/recommendations/?page=2",
        "the last page": f"/recommendations/?page={-(-published.count() // PAGE_SIZE)}",
        "in order of code": "/recommendations/?sort=code",
        "a recommendation": f"/{entry.code}",
        "home": "/",
    }


def written(published) -> Iterable[str]:
    """Yield all that the search may find an entry by, of its own: each title with its quotes."""
    stated = Citation.objects.filter(role=Role.STATES, recommendation__in=published).order_by()
    for title, quote in stated.values_list("recommendation__title", "quote").iterator(
        chunk_size=5000
    ):
        yield f"{title} {quote}"


class Words:
    """The words of a corpus, and in which share of the entries each stands."""

    def __init__(self, candidates: Iterable[str], texts: Iterable[str]):
        found = Counter()
        for text in texts:
            found.update({*WORD.findall(text.lower()), ""})
        self.total = found.pop("", 0)
        self.counts = found
        self.candidates = sorted(word for word in candidates if word in self.counts)

    def near(self, share: float) -> str:
        """Return a word whose share is nearest, among those that every engine finds in the same
        entries.
        """
        ranked = sorted(
            self.candidates, key=lambda word: (abs(self.counts[word] / self.total - share), word)
        )
        return next(word for word in ranked if self.is_alone(word))

    def is_alone(self, word: str) -> bool:
        """Whether no other word holds this one without its ending: parts and stems find
        the same.
        """
        stem = re.sub(r"(s|ing|ed|ation|ity|ment|al)$", "", word)
        return not any(stem in other for other in self.counts if other != word)


def main() -> None:
    """Print the questions of the seed given."""
    print(json.dumps(choose(int(sys.argv[2]))))
