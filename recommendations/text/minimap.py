"""The minimap of a text: one bar a line, passages highlighted, as SVG path data. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from .positions import Paragraph, Passage, paragraphs

COLUMNS = 74  # characters a line
ADVANCE = 3  # units a character
LEADING = 7  # units a line
GAP = 6  # units between paragraphs


@dataclass(frozen=True)
class Bar:
    """One bar of the minimap: the span of text in it, and where it is drawn."""

    start: int
    end: int
    x: int
    y: int


@dataclass(frozen=True)
class Highlight:
    """The bars of one passage, as path data, with the height at which its number stands."""

    label: str
    path: str
    y: int


@dataclass(frozen=True)
class Minimap:
    """The minimap of one text: size in units, path data of all bars, and the highlights."""

    width: int
    height: int
    path: str
    highlights: tuple[Highlight, ...]


def breaks(text: str, paragraph: Paragraph) -> list[tuple[int, int]]:
    """Break a paragraph into lines of at most COLUMNS characters, at spaces where there are any."""
    spans, start = [], paragraph.start
    while paragraph.end - start > COLUMNS:
        space = text.rfind(" ", start + 1, start + COLUMNS + 1)
        cut = space if space > start else start + COLUMNS
        spans.append((start, cut))
        start = cut + 1 if space > start else cut
    return [*spans, (start, paragraph.end)]


def lay_out(text: str) -> list[Bar]:
    """Place every line of a text, paragraphs apart, bullets indented."""
    lines, y = [], 0
    for paragraph in paragraphs(text):
        indent = 3 * ADVANCE if paragraph.is_bullet else 0
        for start, end in breaks(text, paragraph):
            lines.append(Bar(start, end, indent, y))
            y += LEADING
        y += GAP
    return lines


def bar(line: Bar, start: int, end: int) -> str:
    """Return the path data of a line's part between two offsets."""
    left = line.x + (max(start, line.start) - line.start) * ADVANCE
    return f"M{left} {line.y}.5h{(min(end, line.end) - max(start, line.start)) * ADVANCE}"


def draw(text: str, passages: Sequence[Passage]) -> Minimap:
    """Draw a text's map with these passages highlighted, in the order given."""
    lines = lay_out(text)
    highlights = []
    for passage in passages:
        touched = [line for line in lines if line.start < passage.end and line.end > passage.start]
        if touched:
            path = "".join(bar(line, passage.start, passage.end) for line in touched)
            highlights.append(Highlight(passage.label, path, touched[0].y))
    height = lines[-1].y + LEADING if lines else LEADING
    everything = "".join(bar(line, line.start, line.end) for line in lines)
    return Minimap(COLUMNS * ADVANCE, height, everything, tuple(highlights))
