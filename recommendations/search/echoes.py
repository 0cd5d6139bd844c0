"""Which recommendations a text repeats: passages of it beside the asks whose words they share.

Candidates share rare stems with a passage, and are ranked by the ratio of words over stems and by
containment; thresholds were chosen on pairs of bills labelled by people (F1 0.97 for texts of at
most 70 words).
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Indel

from recommendations.models import Citation, Recommendation
from recommendations.models.citation import Role
from recommendations.text.positions import SENTENCE

from . import facets
from .fulltext.analysis import Word, words
from .fulltext.query import STOP_WORDS

MOST_ENTRIES = 20_000  # the newest, whose words are kept in memory
LONGEST = 400_000  # characters of a text
FEWEST_WORDS = 6  # of a passage
CANDIDATES = 5  # of a passage that are compared word by word
RELATED = 0.65  # the word ratio over stems from which two passages are related
CONTAINED = 0.75  # the share of an ask's stems in a passage from which it is repeated
MOST_SHOWN = 50


@dataclass(frozen=True)
class Ask:
    """The words of one published passage, with their stems."""

    key: int
    quote: str
    words: tuple[Word, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Shared:
    """Words of a passage, and whether the other one has them too."""

    text: str
    is_shared: bool


@dataclass(frozen=True)
class Echo:
    """A passage of a text beside the ask that it repeats, and how alike they are, from 0 to 1."""

    entry: Recommendation
    likeness: float
    ask: tuple[Shared, ...]
    passage: tuple[Shared, ...]

    @property
    def percent(self) -> int:
        """The likeness as a percentage."""
        return round(100 * self.likeness)


def find_echoes(text: str) -> list[Echo]:
    """Return what a text repeats, the strongest first; each ask once, at its best passage."""
    index = facets.current()
    asks, having = _asks(index.number)
    best: dict[int, tuple[float, Ask, str]] = {}
    for passage in _passages(text):
        stems = _stems(words(passage))
        if len(stems) < FEWEST_WORDS:
            continue
        for ask in _candidates(stems, asks, having):
            likeness = _likeness(ask.stems, stems)
            if likeness > best.get(ask.key, (0.0,))[0]:
                best[ask.key] = likeness, ask, passage
    strongest = sorted(best.values(), key=lambda each: -each[0])[:MOST_SHOWN]
    entries = Recommendation.objects.select_related("source").defer("source__text")
    known = entries.in_bulk([ask.key for _likeness, ask, _passage in strongest])
    return [
        Echo(known[ask.key], likeness, *_aligned(ask, passage))
        for likeness, ask, passage in strongest
        if ask.key in known
    ]


@lru_cache(maxsize=1)
def _asks(content_version: int) -> tuple[list[Ask], dict[str, list[int]]]:
    """Return the passages of the newest entries, and the places of those that have each stem."""
    keys = facets.current().orders["newest"].keys[:MOST_ENTRIES].tolist()
    quotes = Citation.objects.filter(role=Role.STATES, recommendation__in=keys)
    asks: list[Ask] = []
    having: dict[str, list[int]] = {}
    for key, quote in quotes.values_list("recommendation", "quote").iterator(2000):
        own = tuple(words(quote))
        ask = Ask(key, quote, own, _stems(own))
        for stem in set(ask.stems):
            having.setdefault(stem, []).append(len(asks))
        asks.append(ask)
    return asks, having


def _stems(found) -> tuple[str, ...]:
    return tuple(word.stem for word in found if word.form not in STOP_WORDS)


def _passages(text: str) -> Iterator[str]:
    """Yield each sentence of a text, and each with the one after it."""
    sentences = [found[0] for found in SENTENCE.finditer(text)]
    yield from sentences
    yield from (f"{sentence} {after}" for sentence, after in pairwise(sentences))


def _candidates(
    stems: tuple[str, ...], asks: list[Ask], having: dict[str, list[int]]
) -> Iterator[Ask]:
    """Yield the asks that share most with a passage, each stem weighing more the rarer it is."""
    scores: dict[int, float] = defaultdict(float)
    for stem in set(stems):
        places = having.get(stem, ())
        if places and len(places) <= max(50, len(asks) // 10):
            weight = math.log(1 + len(asks) / len(places))
            for place in places:
                scores[place] += weight
    for place in sorted(scores, key=lambda each: -scores[each])[:CANDIDATES]:
        yield asks[place]


def _likeness(ask: tuple[str, ...], passage: tuple[str, ...]) -> float:
    """Return how alike two passages are, or 0 where that is too little to be an echo."""
    ratio = Indel.normalized_similarity(ask, passage)
    contained = len(set(ask) & set(passage)) / max(len(set(ask)), 1)
    is_echo = ratio >= RELATED or (contained >= CONTAINED and len(set(ask)) >= FEWEST_WORDS)
    return max(ratio, contained) if is_echo else 0.0


def _aligned(ask: Ask, passage: str) -> tuple[tuple[Shared, ...], tuple[Shared, ...]]:
    """Return both passages in pieces, those that stand in both in the same order marked."""
    other = list(words(passage))
    matcher = SequenceMatcher(
        None, [word.stem for word in ask.words], [word.stem for word in other], autojunk=False
    )
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    mine = [(ask.words[b.a].start, ask.words[b.a + b.size - 1].end) for b in blocks]
    theirs = [(other[b.b].start, other[b.b + b.size - 1].end) for b in blocks]
    return _pieces(ask.quote, mine), _pieces(passage, theirs)


def _pieces(text: str, shared: list[tuple[int, int]]) -> tuple[Shared, ...]:
    pieces, at = [], 0
    for start, end in shared:
        pieces += [Shared(text[at:start], False), Shared(text[start:end], True)]
        at = end
    return tuple(piece for piece in [*pieces, Shared(text[at:], False)] if piece.text)
