"""What helps where a search finds nothing: fewer words, other spellings, the whole texts."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

from django.utils.safestring import SafeString
from pyroaring import BitMap

from recommendations.models import Source
from recommendations.text import positions

from . import fulltext
from .fulltext.analysis import Word, words
from .fulltext.query import Query

MOST_CLAUSES = 6  # of a search, each of which is looked up alone
MOST_GROUPS = 5
MOST_TEXTS = 100  # declarations whose texts are read, the newest
MOST_PARAGRAPHS = 5
CLOSE = 0.75  # similarity of a spelling, from 0 to 1 (difflib)


@dataclass(frozen=True)
class Partial:
    """Some words of a search, and how many entries have them all."""

    words: str
    count: int


@dataclass(frozen=True)
class ParagraphWords:
    """A paragraph of a text, and its words."""

    number: int
    start: int
    end: int
    text: str
    words: tuple[Word, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words."""
        return frozenset(word.stem for word in self.words)

    def has_all(self, query: Query, quoted: list[tuple[int, int]]) -> bool:
        """Tell whether every word of a search stands here outside the spans that are quoted."""
        clauses = query.positives
        if not all(c.prefix or c.beginning or self.stems.issuperset(c.terms) for c in clauses):
            return False  # which most paragraphs are
        outside = [
            word
            for word in self.words
            if not any(
                start < self.start + word.end and self.start + word.start < end
                for start, end in quoted
            )
        ]
        return all(any(clause.places(outside)) for clause in clauses)


@dataclass(frozen=True)
class Found:
    """A paragraph of a declaration, outside its recommendations."""

    source: Source
    number: int
    text: str
    query: Query

    @property
    def marked(self) -> SafeString:
        """The text as HTML, with the words of the search marked."""
        return fulltext.mark(self.text, self.query)

    @property
    def address(self) -> str:
        """Where the paragraph stands on the declaration's page."""
        return f"{self.source.get_absolute_url()}#p{self.number}"


def partial_matches(text: str, selected: BitMap) -> list[Partial]:
    """Return which words of a search entries have together: as many as any entry has.

    `selected` are the entries that pass the filters.
    """
    typed = _typed(text)
    if len(typed) > MOST_CLAUSES:
        return []
    keys = {word: fulltext.find(fulltext.parse(word)) for word in typed}
    for size in range(len(typed) - 1, 0, -1):
        counts = {
            " ".join(some): len(selected.intersection(*(keys[word] for word in some)))
            for some in combinations(typed, size)
        }
        if found := [Partial(words, count) for words, count in counts.items() if count]:
            return found[:MOST_GROUPS]
    return []


def respelled(text: str) -> str:
    """Return a search with each word that nothing has replaced by a similar one; "" for none."""
    typed, known = _typed(text), None
    better = []
    for word in typed:
        if word[0] in '-"“' or fulltext.find(fulltext.parse(word)):
            better.append(word)
            continue
        known = known or sorted(vocabulary())
        similar = difflib.get_close_matches(word.lower(), known, 1, CLOSE)
        better.append(similar[0] if similar else word)
    written = " ".join(better)
    return written if better != typed and fulltext.find(fulltext.parse(written)) else ""


def vocabulary() -> set[str]:
    """Return the words that the texts of declarations have, of at least four letters."""
    return {
        paragraph.text[word.start : word.end].lower()
        for _source, paragraphs in texts()
        for paragraph in paragraphs
        for word in paragraph.words
        if word.end - word.start > 3
    }


def in_declarations(query: Query) -> list[Found]:
    """Return paragraphs that have all words of a search, and are no recommendation's passage."""
    if not query.positives or len(query.groups) > 1:
        return []
    found = []
    for source, paragraphs in texts():
        quoted = [(each.start or 0, each.end or 0) for each in source.citations.all()]
        for each in paragraphs:
            if each.has_all(query, quoted):
                found.append(Found(source, each.number, each.text, query))
    return found[:MOST_PARAGRAPHS]


def texts() -> Iterator[tuple[Source, tuple[ParagraphWords, ...]]]:
    """Yield the newest declarations, each with the words of its paragraphs."""
    public = Source.objects.public().declarations().prefetch_related("citations")
    for source in public.order_by("-issued_on", "code")[:MOST_TEXTS]:
        yield source, read(source.text)


@lru_cache(maxsize=MOST_TEXTS)
def read(text: str) -> tuple[ParagraphWords, ...]:
    """Return the paragraphs of a text, each with its words."""
    cut = ((each, text[each.start : each.end]) for each in positions.paragraphs(text))
    return tuple(
        ParagraphWords(each.number, each.start, each.end, own, tuple(words(own)))
        for each, own in cut
    )


def _typed(text: str) -> list[str]:
    return list(dict.fromkeys(text.split()))
