"""A declaration's text in paragraphs, with its passages marked and noted in the margin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recommendations.models import Citation, FormerText, Recommendation, Source
from recommendations.text import minimap, positions
from recommendations.text.positions import Fragment, Paragraph, Passage


@dataclass(frozen=True)
class NoteMarker:
    """A note marker, numbered from 1, and the number of its paragraph."""

    number: int
    text: str
    paragraph: int


@dataclass(frozen=True)
class AnnotatedFragment(Fragment):
    """Words, or a note marker; `note_marker` is its number where it begins, else 0."""

    note_marker: int = 0


@dataclass(frozen=True)
class EntryNumber:
    """The number of an entry where its passage begins or goes on.

    The first in the text is an anchor. `note` is the place of its margin note in the paragraph,
    counted from 1, or 0.
    """

    entry: Recommendation
    anchor: str
    note: int


@dataclass(frozen=True)
class Stretch:
    """Words in `depth` passages, with the numbers of the entries that begin here."""

    fragments: list[AnnotatedFragment]
    depth: int
    numbers: list[EntryNumber]

    @property
    def is_marked(self) -> bool:
        """Whether the words belong to a passage."""
        return self.depth > 0

    @property
    def is_overlap(self) -> bool:
        """Whether several entries share the words."""
        return self.depth > 1


@dataclass(frozen=True)
class AnnotatedParagraph:
    """A paragraph; `gap` is the text before it, `notes` the entries that begin in it."""

    paragraph: Paragraph
    heading: str
    gap: str
    stretches: list[Stretch]
    notes: list[Recommendation]

    @property
    def is_marked(self) -> bool:
        """Whether some words belong to a passage."""
        return any(stretch.is_marked for stretch in self.stretches)


@dataclass(frozen=True)
class AnnotatedText:
    """A whole text; `rest` follows the last paragraph, `marked_share` is from 0 to 1."""

    paragraphs: list[AnnotatedParagraph]
    rest: str
    note_markers: list[NoteMarker]
    marked_share: float

    @property
    def is_dense(self) -> bool:
        """Whether so much is marked that a fill would make the page one yellow field."""
        return self.marked_share > 0.6


def annotate(
    source: Source, entries: Sequence[Recommendation], former: FormerText | None = None
) -> AnnotatedText:
    """Return the present or a former text of a declaration, with its passages marked."""
    stored = former or source
    number = former.number if former else source.text_number
    by_code = {entry.code: entry for entry in entries}
    anchors = {entry.code: str(entry.number) for entry in entries}
    passages = sorted(
        (passage for entry in entries for passage in _passages(entry, number)),
        key=lambda passage: passage.start,
    )
    paragraphs: list[AnnotatedParagraph] = []
    end = 0
    for paragraph in positions.paragraphs(stored.text):
        here = [p for p in passages if p.start < paragraph.end and p.end > paragraph.start]
        notes = list(dict.fromkeys(p.label for p in here if p.start >= end))
        gap = stored.text[end : paragraph.start - len(paragraph.lead)]
        numbers = _Numbers(by_code, anchors, notes)
        stretches = _stretches(stored, paragraph, here, numbers)
        heading = "".join(stored.contents[paragraph.number - 1 : paragraph.number])
        noted = [by_code[code] for code in notes]
        paragraphs.append(AnnotatedParagraph(paragraph, heading, gap, stretches, noted))
        end = paragraph.end
    share = _marked_length(paragraphs) / max(1, len(stored.text))
    return AnnotatedText(paragraphs, stored.text[end:], _note_markers(paragraphs), share)


def excerpt(source: Source, entry: Recommendation) -> list[AnnotatedParagraph]:
    """Return the paragraphs that hold an entry's passages, each in the text that holds it."""
    numbers = dict.fromkeys(passage.text_number for passage in entry.passages)
    texts = [annotate(source, [entry], former_of(source, number)) for number in numbers]
    return [paragraph for text in texts for paragraph in text.paragraphs if paragraph.is_marked]


def portrait(source: Source, entry: Recommendation) -> minimap.Minimap:
    """Draw the minimap of the text that holds an entry's first passage."""
    number = entry.passages[0].text_number if entry.passages else source.text_number
    text = (former_of(source, number) or source).text
    return minimap.draw(text, _passages(entry, number))


def former_of(source: Source, number: int) -> FormerText | None:
    """Return the former text of this number, or None for that of the present one."""
    if number == source.text_number:
        return None
    return next(each for each in source.former_texts.all() if each.number == number)


def minimap_of(source: Source, passages: Iterable[Citation]) -> minimap.Minimap:
    """Draw the minimap of a declaration, its passages labelled with their entry's code."""
    here = [
        Passage(passage.start or 0, passage.end or 0, passage.recommendation.code)
        for passage in passages
        if passage.text_number == source.text_number
    ]
    return minimap.draw(source.text, here)


def _passages(entry: Recommendation, number: int) -> list[Passage]:
    """Return an entry's passages in one text of its source."""
    return [
        Passage(passage.start or 0, passage.end or 0, entry.code)
        for passage in entry.passages
        if passage.text_number == number
    ]


class _Numbers:
    """Gives each entry's anchor once in the text, and each note's place once in a paragraph."""

    def __init__(
        self, by_code: dict[str, Recommendation], anchors: dict[str, str], notes: list[str]
    ) -> None:
        self.by_code, self.anchors = by_code, anchors
        self.places = {code: place for place, code in enumerate(notes, start=1)}

    def take(self, code: str) -> EntryNumber:
        """Return the number of a passage that begins, or goes on after a paragraph's end."""
        return EntryNumber(self.by_code[code], self.anchors.pop(code, ""), self.places.pop(code, 0))


def _stretches(
    stored: Source | FormerText, paragraph: Paragraph, passages: list[Passage], numbers: _Numbers
) -> list[Stretch]:
    markers = {start: number for number, (start, _end) in enumerate(stored.signs, start=1)}
    stretches, offset = [], paragraph.start
    for run in positions.runs(stored.text, paragraph.start, paragraph.end, passages, stored.signs):
        fragments = []
        for fragment in run.fragments:
            marker = markers.get(offset, 0) if fragment.is_note_marker else 0
            fragments.append(AnnotatedFragment(fragment.text, fragment.is_note_marker, marker))
            offset += len(fragment.text)
        begin = [numbers.take(code) for code in dict.fromkeys(run.opens)]
        stretches.append(Stretch(fragments, len(set(run.labels)), begin))
    return stretches


def _note_markers(paragraphs: list[AnnotatedParagraph]) -> list[NoteMarker]:
    return [
        NoteMarker(fragment.note_marker, fragment.text, each.paragraph.number)
        for each in paragraphs
        for stretch in each.stretches
        for fragment in stretch.fragments
        if fragment.note_marker
    ]


def _marked_length(paragraphs: list[AnnotatedParagraph]) -> int:
    marked = (stretch for each in paragraphs for stretch in each.stretches if stretch.is_marked)
    return sum(len(fragment.text) for stretch in marked for fragment in stretch.fragments)
