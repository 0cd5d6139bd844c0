"""Whether a sentence that somebody attributes to a declaration stands in any stored text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from recommendations.models import FormerText, Source, Version
from recommendations.text import claims, positions
from recommendations.text.diff import Stretch, compare

FEWEST_WORDS = 3  # of a claim; fewer stand in most texts and prove nothing
LONGEST = 1000  # characters of a claim
CLUES = 6  # words of a claim, the longest, that texts are looked up by
MOST_TEXTS = 5  # that have most of the clues, and are searched for an altered quote
CHUNK = 20  # texts in memory at a time
MOST_PLACES = 20  # where a claim stands, that are named


@dataclass(frozen=True)
class Quoting:
    """An entry that quotes words of a passage: in which version, and what became of it since."""

    version: Version
    is_latest: bool

    @property
    def is_withdrawn(self) -> bool:
        """Whether the entry was withdrawn."""
        return not self.version.recommendation.is_published


@dataclass(frozen=True)
class Place:
    """A passage of a stored text, with the entries that quote from it."""

    source: Source
    text: str
    text_number: int
    markers: list[tuple[int, int]]
    start: int
    end: int
    quoting: tuple[Quoting, ...] = ()

    @property
    def words(self) -> str:
        """The passage as it stands, without note markers."""
        return self._shown(self.start, self.end)

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and after the passage in its paragraphs."""
        first = max(self.text.rfind("\n", 0, self.start) + 1, 0)
        last = self.text.find("\n", self.end)
        last = len(self.text) if last < 0 else last
        return self._shown(first, self.start), self._shown(self.end, last)

    @property
    def paragraph(self) -> int:
        """The number of the paragraph in which the passage begins."""
        return positions.paragraph_at(self.text, self.start)

    @property
    def address(self) -> str:
        """The address of the paragraph, in the text as it was."""
        return f"{self.source.text_address(self.text_number)}#p{self.paragraph}"

    @property
    def is_former(self) -> bool:
        """Whether the text was corrected since."""
        return self.text_number != self.source.text_number

    @property
    def is_part(self) -> bool:
        """Whether the passage is only part of a sentence, which may say something else."""
        return not claims.is_whole(self.text, self.start, self.end)

    def _shown(self, start: int, end: int) -> str:
        pieces = positions.fragments(self.text, start, end, self.markers) if start < end else ()
        return "".join(piece.text for piece in pieces if not piece.is_note_marker)


@dataclass(frozen=True)
class QuoteCheck:
    """What was found of a claim: where it stands verbatim or, if nowhere, the nearest passage."""

    claim: str
    searched: int  # texts
    places: tuple[Place, ...] = ()
    nearest: Place | None = None
    likeness: float = 0

    @property
    def verdict(self) -> str:
        """One of "verbatim", "altered", "not found", "too short"."""
        if len(claims.words(self.claim)) < FEWEST_WORDS:
            return "too short"
        if self.places:
            return "verbatim"
        return "altered" if self.nearest else "not found"

    @property
    def differences(self) -> tuple[Stretch, ...]:
        """The claim compared with the nearest passage: what it leaves out, and what it adds."""
        passage = self.nearest.words if self.nearest else ""
        return compare(claims.fold(passage).text, self.claim)

    @property
    def percent(self) -> int:
        """How much of the words of claim and passage is the same, never 100 if they differ."""
        return min(round(100 * self.likeness), 99)


@dataclass(frozen=True)
class StoredText:
    """A text that readers may see: the current one of a declaration, or a former one."""

    source: Source
    number: int
    text: str
    markers: list[tuple[int, int]]

    def place(self, start: int, end: int) -> Place:
        """Return a passage of the text."""
        return Place(self.source, self.text, self.number, self.markers, start, end)


def is_long_enough(pasted: str) -> bool:
    """Tell whether pasted words are enough to be looked for."""
    return len(claims.words(claims.claim_of(pasted))) >= FEWEST_WORDS


def check(pasted: str) -> QuoteCheck:
    """Look for pasted words in every text; nothing is kept of them."""
    claim = claims.claim_of(pasted)
    if not is_long_enough(pasted):
        return QuoteCheck(claim, 0)
    searched = _sources().count() + _formers().count()
    if places := list(islice(_verbatim(claim), MOST_PLACES)):
        return QuoteCheck(claim, searched, _with_quoting(places))
    near = [
        (passage, each.place(passage.start, passage.end))
        for each in _likely(claim)
        if (passage := claims.nearest(claim, claims.fold(each.text, each.markers)))
    ]
    if not near:
        return QuoteCheck(claim, searched)
    passage, place = max(near, key=lambda pair: pair[0].likeness)
    return QuoteCheck(claim, searched, (), _with_quoting([place])[0], passage.likeness)


def _verbatim(claim: str) -> Iterator[Place]:
    """Yield every place where a claim stands verbatim; note markers may be in it or left out."""
    conditions = [GreaterThan(place, 0) for place in _places_of_clues(claim)]
    for texts in (_sources(), _formers()):
        for each in map(_stored, texts.filter(*conditions).iterator(CHUNK)):
            spans = set(claims.places_of(claim, claims.fold(each.text, each.markers)))
            spans |= set(claims.places_of(claim, claims.fold(each.text)))
            for start, end in sorted(spans):
                yield each.place(start, end)


def _likely(claim: str) -> Iterator[StoredText]:
    """Yield the current and the former texts that have most of the clues of a claim."""
    score: Any = Value(0)
    for place in _places_of_clues(claim):
        score += Case(When(GreaterThan(place, 0), then=1), default=0, output_field=IntegerField())
    for texts in (_sources(), _formers()):
        best = texts.order_by(score.desc(), "-pk").values_list("pk", flat=True)[:MOST_TEXTS]
        yield from map(_stored, texts.filter(pk__in=list(best)))


def _places_of_clues(claim: str) -> list[StrIndex]:
    """Return where each clue of a claim stands in a text, counted from 1, or 0."""
    return [StrIndex(F("text"), Value(clue)) for clue in _clues(claim)]


def _clues(claim: str) -> list[str]:
    """Return the longest words of a claim, without what may be folded in them."""
    found = {part for word in claims.words(claim) for part in word.split("'")}
    return sorted(found, key=lambda word: (-len(word), word))[:CLUES]


def _stored(held: Source | FormerText) -> StoredText:
    if isinstance(held, FormerText):
        return StoredText(held.source, held.number, held.text, held.signs)
    return StoredText(held, held.text_number, held.text, held.signs)


def _with_quoting(places: Sequence[Place]) -> tuple[Place, ...]:
    """Return places with the entries that quote from each, in their newest version that does."""
    known = Version.objects.filter(recommendation__source__in={each.source.pk for each in places})
    newest = known.select_related("recommendation").order_by("recommendation__number", "-number")
    versions = [(version, version.snapshot["passages"]) for version in newest]
    return tuple(replace(each, quoting=tuple(_quoting(each, versions))) for each in places)


def _quoting(place: Place, versions: Iterable[tuple[Version, list[dict]]]) -> Iterator[Quoting]:
    """Yield each entry of which a version quotes from a passage."""
    latest: dict[int, int] = {}
    named = set()
    for version, passages in versions:
        entry = version.recommendation
        if entry.source_id != place.source.pk:
            continue
        latest.setdefault(entry.pk, version.number)
        if entry.pk not in named and any(_overlaps(place, passage) for passage in passages):
            named.add(entry.pk)
            yield Quoting(version, version.number == latest[entry.pk])


def _overlaps(place: Place, passage: dict) -> bool:
    return (
        passage["text"] == place.text_number
        and passage["start"] < place.end
        and place.start < passage["end"]
    )


def _sources() -> QuerySet[Source]:
    return Source.objects.public().declarations()


def _formers() -> QuerySet[FormerText]:
    return FormerText.objects.filter(source__in=_sources()).select_related("source")
