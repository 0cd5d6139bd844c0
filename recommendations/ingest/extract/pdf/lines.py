"""Lines of a page: segments of glyphs on one baseline, and how they are put together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..elements import POWER, SURE_MARKER
from ..words import assemble

SAME_LINE = 0.4  # of the size two baselines may differ by
RAISED = 0.12  # of the size a note marker stands above the baseline
SMALLER = 0.85  # of the size of its neighbours a note marker has at most


@dataclass
class PdfSegment:
    """Glyphs on one baseline without a wide gap; points, y upwards; runs of (words, raised)."""

    x0: float
    x1: float
    y: float
    size: float
    runs: list[tuple[str, bool]] = field(default_factory=list)
    bold: bool = False

    def add(self, char: str, raised: bool) -> None:
        """Add a glyph."""
        if self.runs and self.runs[-1][1] == raised:
            self.runs[-1] = (self.runs[-1][0] + char, raised)
        else:
            self.runs.append((char, raised))

    @property
    def length(self) -> int:
        return sum(len(words) for words, _ in self.runs)


@dataclass
class PdfLine:
    """Segments on one baseline, from left to right."""

    segments: list[PdfSegment]
    page: int = 0

    def __post_init__(self) -> None:
        main = max(self.segments, key=lambda each: (each.size, each.length))
        self.y, self.size = main.y, main.size
        self.segments.sort(key=lambda each: each.x0)
        self.x0, self.x1 = self.segments[0].x0, max(each.x1 for each in self.segments)
        self.bold = all(each.bold for each in self.segments)
        self.runs = list(self._runs())
        self.text = assemble(self.runs)[0]

    def _runs(self) -> Iterable[tuple[str, bool]]:
        """Return the words of the line, with the note markers among them."""
        before = ""
        for segment in self.segments:
            lifted = segment.size < SMALLER * self.size and segment.y > self.y + RAISED * self.size
            if before and not lifted:
                yield " ", False
            for words, raised in segment.runs:
                is_note_marker = (
                    (raised or lifted)
                    and bool(SURE_MARKER.fullmatch(words))
                    and not POWER.search(before)
                )
                yield words, is_note_marker
                before = words.strip() or before


def lines(segments: Iterable[PdfSegment], page: int = 0) -> list[PdfLine]:
    """Put segments on one baseline together, from top to bottom."""
    groups: list[list[PdfSegment]] = []
    for segment in sorted(segments, key=lambda each: (-each.y, each.x0)):
        group = groups[-1] if groups else []
        size = max([segment.size, *(each.size for each in group)])
        if group and abs(max(group, key=lambda each: each.size).y - segment.y) <= SAME_LINE * size:
            group.append(segment)
        else:
            groups.append([segment])
    return [PdfLine(group, page) for group in groups]


def bare(text: str) -> str:
    """Return a line's words for comparison between pages: numbers are all alike."""
    return re.sub(r"\d+", "#", text.casefold())
