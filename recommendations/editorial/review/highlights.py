"""A text with its proposals and published passages highlighted, each piece with its offset."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from recommendations.models import Source
from recommendations.models.proposal import Decision, Proposal
from recommendations.text import positions
from recommendations.text.positions import Paragraph, Passage, Run

from ..proposals import published_passages

STATES = ("accepted", "published", "open")  # where passages overlap, the first of these shows


@dataclass(frozen=True)
class Mark:
    """A badge in the text: label, accessible name, link, and the id of an entry's first badge."""

    label: str
    name: str
    href: str
    anchor: str


@dataclass(frozen=True)
class Piece:
    """Words or a footnote sign, and where they begin."""

    start: int
    text: str
    is_note_marker: bool


@dataclass(frozen=True)
class Stretch:
    """Words under the same marks; `state` is nothing where they are under none."""

    pieces: list[Piece]
    state: str
    is_overlap: bool
    marks: list[Mark]


@dataclass(frozen=True)
class MarkedParagraph:
    """A paragraph of the text with what is marked in it."""

    paragraph: Paragraph
    stretches: list[Stretch]


@dataclass(frozen=True)
class _Subject:
    """What passages are marked for; `first` is where it begins in the text."""

    label: str
    name: str
    href: str
    state: str
    anchor: str
    first: int

    def mark(self, offset: int) -> Mark:
        """Return the badge at an offset; only the first one in the text has an id."""
        return Mark(self.label, self.name, self.href, self.anchor if offset == self.first else "")


@dataclass
class Marking:
    """Marks the paragraphs of one text."""

    source: Source
    paragraphs: list[Paragraph]
    subjects: dict[str, _Subject] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)

    def add_proposals(self, proposals: Sequence[Proposal], all_cards: str) -> None:
        """Highlight open and accepted proposals; `all_cards` is the URL of their cards."""
        for number, proposal in enumerate(proposals, start=1):
            if proposal.published_at or proposal.decision == Decision.REJECTED:
                continue
            if proposal.text_number != self.source.text_number:
                continue
            name = f"Passage {number}, {proposal.decision}"
            href = f"{all_cards}#proposal-{proposal.pk}"
            anchor = f"mark-{proposal.pk}"
            subject = _Subject(
                str(number), name, href, str(proposal.decision), anchor, proposal.start
            )
            self._add(f"proposal {proposal.pk}", subject, proposal.spans)

    def add_published(self) -> None:
        """Mark the words of published entries."""
        shown = published_passages(self.source)
        for entry, start, end in shown.values_list("recommendation__code", "start", "end"):
            self._add(
                entry,
                _Subject(entry, f"{entry}, published", f"/{entry}", "published", "", start),
                [(start, end)],
            )

    def _add(self, key: str, subject: _Subject, spans: Sequence) -> None:
        self.subjects[key] = subject
        self.passages += [Passage(start, end, key) for start, end in spans]

    def marked(self, numbers: set[int] | None = None) -> Iterator[MarkedParagraph]:
        """Yield paragraphs with their marks: all, or those of these numbers."""
        here: dict[int, list[Passage]] = {}
        for passage in sorted(self.passages, key=lambda each: each.start):
            for number in self.numbers_of(passage.start, passage.end):
                here.setdefault(number, []).append(passage)
        signs = self.source.signs
        for paragraph in self.paragraphs:
            if numbers is None or paragraph.number in numbers:
                yield self._mark(paragraph, here.get(paragraph.number, []), signs)

    def number_at(self, offset: int) -> int:
        """Return the number of the paragraph in which an offset lies."""
        return bisect_right(self.paragraphs, offset, key=lambda each: each.start)

    def numbers_of(self, start: int, end: int) -> range:
        """Return the numbers of the paragraphs that a span touches."""
        first = bisect_right(self.paragraphs, start, key=lambda each: each.end)
        return range(first + 1, bisect_left(self.paragraphs, end, key=lambda each: each.start) + 1)

    def _mark(
        self, paragraph: Paragraph, passages: list[Passage], signs: list[tuple[int, int]]
    ) -> MarkedParagraph:
        stretches, offset = [], paragraph.start
        for run in positions.runs(
            self.source.text, paragraph.start, paragraph.end, passages, signs
        ):
            begin, pieces = offset, []
            for piece in run.fragments:
                pieces.append(Piece(offset, piece.text, piece.is_note_marker))
                offset += len(piece.text)
            stretches.append(self._stretch(run, pieces, begin))
        return MarkedParagraph(paragraph, stretches)

    def _stretch(self, run: Run, pieces: list[Piece], begin: int) -> Stretch:
        subjects = [self.subjects[label] for label in dict.fromkeys(run.labels)]
        states = {subject.state for subject in subjects}
        marks = [self.subjects[label].mark(begin) for label in dict.fromkeys(run.opens)]
        state = next((state for state in STATES if state in states), "")
        return Stretch(pieces, state, len(subjects) > 1, marks)
