"""A declaration's text made ready to read: paragraphs with their passages marked and noted in the
margin.
"""

from dataclasses import dataclass

from recommendations.models import Citation, FormerText, Recommendation, Source
from recommendations.text import minimap, positions
from recommendations.text.positions import Fragment, Paragraph, Passage


@dataclass(frozen=True)
class Text:
    """One of the texts of a source that were ever stored, with its footnote signs and headings."""

    number: int
    text: str
    signs: list[tuple[int, int]]
    contents: list[str]


@dataclass(frozen=True)
class Sign:
    """A footnote sign, numbered from 1 through the text, and the number of the paragraph in which
    it stands.
    """

    number: int
    text: str
    paragraph: int


@dataclass(frozen=True)
class ReadingPiece(Fragment):
    """A stretch of words, or a footnote sign; `sign` is its number where it begins, else 0."""

    sign: int = 0


@dataclass(frozen=True)
class Mark:
    """The number of a passage where it begins or goes on; the first one of an entry has an anchor
    to link to.

    `note` is the place among the paragraph's notes of the one that belongs to this mark, from 1, or
    0.
    """

    entry: Recommendation
    anchor: str
    note: int


@dataclass(frozen=True)
class Stretch:
    """Words under the same marks: `depth` of them, of which `marks` begin here."""

    pieces: list[ReadingPiece]
    depth: int
    marks: list[Mark]

    @property
    def is_marked(self) -> bool:
        """Whether the words belong to a passage."""
        return self.depth > 0

    @property
    def is_overlap(self) -> bool:
        """Whether several entries share the words."""
        return self.depth > 1


@dataclass(frozen=True)
class ReadingParagraph:
    """A paragraph as the page shows it; `gap` is what parts it from the one before, `notes` are
    what begins in it.
    """

    paragraph: Paragraph
    heading: str
    gap: str
    stretches: list[Stretch]
    notes: list[Recommendation]

    @property
    def is_marked(self) -> bool:
        """Whether a passage stands in the paragraph, or a part of one."""
        return any(stretch.is_marked for stretch in self.stretches)


@dataclass(frozen=True)
class Reading:
    """The whole text; `after` is what follows the last paragraph."""

    paragraphs: list[ReadingParagraph]
    after: str
    signs: list[Sign]
    share: float  # of the text that is marked, from 0 to 1

    @property
    def is_dense(self) -> bool:
        """Whether so much is marked that a fill would make the page one yellow field."""
        return self.share > 0.6


def read(
    source: Source, entries: list[Recommendation], former: FormerText | None = None
) -> Reading:
    """Prepare the whole text of a declaration, or a former one of it, with the passages marked that
    stand in it.
    """
    text = _text(source, former)
    by_label = {entry.code: entry for entry in entries}
    anchors = {entry.code: str(entry.number) for entry in entries}
    stands = [
        (entry, p) for entry in entries for p in entry.passages if p.text_number == text.number
    ]
    passages = [Passage(p.start, p.end, entry.code) for entry, p in stands]
    passages.sort(key=lambda passage: passage.start)
    paragraphs, done = [], 0
    for paragraph in positions.paragraphs(text.text):
        here = [p for p in passages if p.start < paragraph.end and p.end > paragraph.start]
        notes = list(dict.fromkeys(p.label for p in here if p.start >= done))
        heading = (
            text.contents[paragraph.number - 1] if paragraph.number <= len(text.contents) else ""
        )
        gap = text.text[done : paragraph.start - len(paragraph.lead)]
        places = {label: place for place, label in enumerate(notes, start=1)}
        stretches = _stretches(text, paragraph, here, _Marks(by_label, anchors, places))
        paragraphs.append(
            ReadingParagraph(
                paragraph, heading, gap, stretches, [by_label[label] for label in notes]
            )
        )
        done = paragraph.end
    return Reading(paragraphs, text.text[done:], _signs(paragraphs), _share(text, paragraphs))


def excerpt(source: Source, entry: Recommendation) -> list[ReadingParagraph]:
    """Prepare the paragraphs in which an entry's passages stand, each in the text that holds it."""
    numbers = dict.fromkeys(passage.text_number for passage in entry.passages)
    readings = [read(source, [entry], former_of(source, number)) for number in numbers]
    return [
        paragraph for reading in readings for paragraph in reading.paragraphs if paragraph.is_marked
    ]


def portrait(source: Source, entry: Recommendation) -> minimap.Minimap:
    """Draw the little map of the text that an entry's first passage stands in, with its passages
    highlighted.
    """
    number = entry.passages[0].text_number if entry.passages else source.text_number
    here = [Passage(p.start, p.end, entry.code) for p in entry.passages if p.text_number == number]
    return minimap.draw((former_of(source, number) or source).text, here)


def former_of(source: Source, number: int) -> FormerText | None:
    """Return the former text of this number, or None where it is the number of the present one."""
    return None if number == source.text_number else source.former_texts.get(number=number)


def picture(source: Source, passages: list[Citation]) -> minimap.Minimap:
    """Draw the little map of a declaration with some passages highlighted, labelled with their
    entry's code.
    """
    here = [passage for passage in passages if passage.text_number == source.text_number]
    return minimap.draw(source.text, [Passage(p.start, p.end, p.recommendation.code) for p in here])


def _text(source: Source, former: FormerText | None) -> Text:
    held, number = (former, former.number) if former else (source, source.text_number)
    return Text(number, held.text, [(start, end) for start, end in held.note_signs], held.contents)


@dataclass
class _Marks:
    """Gives out the marks of one paragraph: each entry's anchor once in the text, each note's place
    once in here.
    """

    by_label: dict[str, Recommendation]
    anchors: dict[str, str]
    places: dict[str, int]

    def give(self, label: str) -> Mark:
        """Return the mark of a passage that begins, or goes on after a paragraph's end."""
        return Mark(self.by_label[label], self.anchors.pop(label, ""), self.places.pop(label, 0))


def _stretches(
    text: Text, paragraph: Paragraph, passages: list[Passage], marks: _Marks
) -> list[Stretch]:
    signs = {start: number for number, (start, _end) in enumerate(text.signs, start=1)}
    stretches, offset = [], paragraph.start
    for run in positions.runs(text.text, paragraph.start, paragraph.end, passages, text.signs):
        pieces = []
        for piece in run.fragments:
            sign = signs.get(offset, 0) if piece.is_note_marker else 0
            pieces.append(ReadingPiece(piece.text, piece.is_note_marker, sign))
            offset += len(piece.text)
        begin = [marks.give(label) for label in dict.fromkeys(run.opens)]
        stretches.append(Stretch(pieces, len(set(run.labels)), begin))
    return stretches


def _signs(paragraphs: list[ReadingParagraph]) -> list[Sign]:
    """Return the footnote signs that the page shows."""
    return [
        Sign(piece.sign, piece.text, each.paragraph.number)
        for each in paragraphs
        for stretch in each.stretches
        for piece in stretch.pieces
        if piece.sign
    ]


def _share(text: Text, paragraphs: list[ReadingParagraph]) -> float:
    marked = (stretch for each in paragraphs for stretch in each.stretches if stretch.is_marked)
    return sum(len(piece.text) for stretch in marked for piece in stretch.pieces) / max(
        1, len(text.text)
    )
