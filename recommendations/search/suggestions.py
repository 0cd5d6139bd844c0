"""What helps where a search finds nothing: fewer words, other spellings, the whole texts."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice

from django.db.models import F, Prefetch
from django.utils.safestring import SafeString
from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommendations.models import Citation, Recommendation, Source
from recommendations.models.citation import Role
from recommendations.text import positions

from . import fulltext
from .fulltext.analysis import Word, words
from .fulltext.query import STOP_WORDS, Clause, Query

MOST_WORDS = 6  # of a search that is helped, because each is looked up alone
MOST_GROUPS = 5  # of words that are named
MOST_TEXTS = 50  # declarations whose texts are read, the newest
MOST_PARAGRAPHS = 5  # that are shown
CLOSE = 0.75  # how similar another spelling is: 1 less the share of letters changed or swapped


@dataclass(frozen=True)
class Partial:
    """Some words of a search, and how many entries have them all."""

    words: str
    count: int


@dataclass(frozen=True)
class IndexedParagraph:
    """A paragraph without note markers, its words with their places in the whole text."""

    number: int
    text: str
    words: tuple[Word, ...]
    stems: frozenset[str]
    forms: str  # of all words, each after a space

    def may_have(self, clause: Clause) -> bool:
        """Tell quickly whether a clause may occur here; most paragraphs end with a no."""
        begun = clause.beginning or (clause.terms[-1] if clause.prefix else "")
        return self.stems.issuperset(clause.terms) or (bool(begun) and f" {begun}" in self.forms)

    def has_all(self, query: Query, quoted: list[tuple[int, int]]) -> bool:
        """Tell whether every word of a search stands here outside the spans that are quoted."""
        clauses = query.positives
        if not all(map(self.may_have, clauses)):
            return False
        outside = [
            word
            for word in self.words
            if not any(start < word.end and word.start < end for start, end in quoted)
        ]
        return all(any(clause.places(outside)) for clause in clauses)


@dataclass(frozen=True)
class IndexedText:
    """A declaration's paragraphs, and the spans that recommendations quote."""

    source: Source
    paragraphs: tuple[IndexedParagraph, ...]
    quoted: list[tuple[int, int]]


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


def plain_words(text: str) -> list[str]:
    """Return the words of a search that is nothing but a few words; of any other none."""
    typed = [word for word in dict.fromkeys(text.split()) if word.lower() not in STOP_WORDS]
    if any(word.lower() == "or" or not (word[0] + word[-1]).isalnum() for word in typed):
        return []  # an operator, a phrase or an exclusion
    return typed if len(typed) <= MOST_WORDS else []


def partial_matches(text: str, selected: BitMap) -> list[Partial]:
    """Return which words of a search entries have together: as many as any entry has.

    `selected` are the entries that pass the filters.
    """
    typed = plain_words(text)
    keys = {word: fulltext.find(fulltext.parse(word)) for word in typed}
    for size in range(len(typed) - 1, 0, -1):
        counts = {
            " ".join(some): len(selected.intersection(*(keys[word] for word in some)))
            for some in combinations(typed, size)
        }
        if found := [Partial(words, count) for words, count in counts.items() if count]:
            return found[:MOST_GROUPS]
    return []


def respelled(text: str, content_version: int) -> str:
    """Return a search with each word that no entry has replaced by a similar one, or ""."""
    typed = plain_words(text)
    missing = [word for word in typed if not fulltext.find(fulltext.parse(word))]
    known = vocabulary(content_version) if missing else []
    similar = OSA.normalized_similarity
    better = {
        word: found[0]
        for word in missing
        if (found := process.extractOne(word.lower(), known, scorer=similar, score_cutoff=CLOSE))
    }
    written = " ".join(better.get(word, word) for word in typed)
    return written if better and fulltext.find(fulltext.parse(written)) else ""


@lru_cache(maxsize=1)
def vocabulary(content_version: int) -> list[str]:
    """Return the words that the texts of declarations have, of at least four letters."""
    found = {
        each.source.text[word.start : word.end].lower()
        for each in texts(content_version)
        for paragraph in each.paragraphs
        for word in paragraph.words
        if word.end - word.start > 3
    }
    return sorted(found)


def in_declarations(query: Query, content_version: int) -> list[Found]:
    """Return paragraphs that have all words of a search outside what recommendations quote."""
    if not query.positives or len(query.groups) > 1:
        return []
    found = (
        Found(each.source, paragraph.number, paragraph.text, query)
        for each in texts(content_version)
        for paragraph in each.paragraphs
        if paragraph.has_all(query, each.quoted)
    )
    return list(islice(found, MOST_PARAGRAPHS))


@lru_cache(maxsize=1)
def texts(content_version: int) -> list[IndexedText]:
    """Return the newest declarations, read once for each content version."""
    stated = Citation.objects.filter(
        role=Role.STATES,
        text_number=F("source__text_number"),
        recommendation__in=Recommendation.objects.all(),
    )
    public = Source.objects.public().declarations().order_by("-issued_on", "code")
    newest = public.prefetch_related(Prefetch("citations", stated))[:MOST_TEXTS]
    return [
        IndexedText(
            source,
            paragraphs_of(source.text, tuple(source.signs)),
            [(each.start or 0, each.end or 0) for each in source.citations.all()],
        )
        for source in newest
    ]


@lru_cache(maxsize=MOST_TEXTS)
def paragraphs_of(text: str, markers: tuple[tuple[int, int], ...]) -> tuple[IndexedParagraph, ...]:
    """Return the paragraphs of a text with their words; note markers are no part of a word."""
    blank = list(text)
    for start, end in markers:
        blank[start:end] = " " * (end - start)
    bare = "".join(blank)
    indexed = []
    for each in positions.paragraphs(text):
        own = tuple(
            Word(each.start + word.start, each.start + word.end, word.stem, word.form)
            for word in words(bare[each.start : each.end])
        )
        shown = "".join(
            piece.text
            for piece in positions.fragments(text, each.start, each.end, markers)
            if not piece.is_note_marker
        )
        stems, forms = (
            frozenset(word.stem for word in own),
            "".join(f" {word.form}" for word in own),
        )
        indexed.append(IndexedParagraph(each.number, shown, own, stems, forms))
    return tuple(indexed)
