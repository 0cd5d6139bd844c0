"""Reads the glyphs of a PDF page with PDFium, as segments with place, size and weight."""

import ctypes
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage, PdfTextPage

from .lines import RAISED, SMALLER, PdfSegment
from .repairs import add_drawn_bullets, join_justified

HYPHENS = {0x2: "-", 0xFFFE: "-"}  # how PDFium shows a hyphen at the end of a line
LIGATURES = dict(enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"), start=0xFB00))
REPLACED = HYPHENS | LIGATURES
BREAKS = (0, 10, 13)
SPACES = (9, 32, 160)
WIDE = 1.0  # of the size a gap has that ends a segment
BOLD = 600  # CSS weight
UPRIGHT = 0.1  # radians
DOT = (1.5, 7.0)  # points across a bullet
MOST_SHAPES = 5_000  # looked at on a page
GLUED = 0.15  # of the size a note marker stands off its word at most
LEAD = 3  # glyphs of a marker at the start of a line


def segments(page: PdfPage, text_page: PdfTextPage) -> list[PdfSegment]:
    """Return the segments of a page in drawing order, without rotated ones (watermarks)."""
    found = list(_segments(text_page))
    upright = [segment for segment, askew in found if not askew]
    return add_drawn_bullets(
        join_justified(upright if 2 * len(upright) >= len(found) else [each for each, _ in found]),
        _dots(page),
    )


def _dots(page: PdfPage) -> list[tuple[float, float]]:
    """Return the middles of small round or square shapes, as browsers draw bullets."""
    found = []
    for shape in islice(
        page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=2), MOST_SHAPES
    ):
        left, bottom, right, top = shape.get_bounds()
        width, height = right - left, top - bottom
        if DOT[0] <= width <= DOT[1] and abs(width - height) < 0.2 * width:
            found.append(((left + right) / 2, (bottom + top) / 2))
    return found


def _segments(text_page: PdfTextPage) -> Iterator[tuple[PdfSegment, bool]]:
    raw, current, askew, space = text_page.raw, None, False, False
    for index, char, x0, x1, y, size in _glyphs(raw):
        if char == " ":
            space = True
            continue
        if current is None or not _goes_on(current, x0, y, size):
            if current:
                yield current, askew
            askew = abs(pdfium.FPDFText_GetCharAngle(raw, index)) % 6.28 > UPRIGHT
            current, space = PdfSegment(x0, x1, y, size, bold=_is_bold(raw, index)), False
        _add(current, char, (x0, x1, y, size), space)
        space = False
    if current:
        yield current, askew


def _glyphs(raw: Any) -> Iterator[tuple[int, str, float, float, float, float]]:
    """Yield index, character, left, right, baseline and height of each glyph."""
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for index in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in BREAKS or code in SPACES:
            yield index, " ", 0, 0, 0, 0
        elif pdfium.FPDFText_GetCharOrigin(raw, index, x, y) and pdfium.FPDFText_GetLooseCharBox(
            raw, index, box
        ):
            size = abs(box.top - box.bottom)
            if size > 0.1:
                yield index, REPLACED.get(code) or chr(code), box.left, box.right, y.value, size


def _goes_on(segment: PdfSegment, x0: float, y: float, size: float) -> bool:
    """Tell whether a glyph belongs to the segment: near its end and its baseline."""
    largest = max(size, segment.size)
    return -0.5 * largest < x0 - segment.x1 < WIDE * largest and abs(y - segment.y) < 0.6 * largest


def _add(
    segment: PdfSegment, char: str, place: tuple[float, float, float, float], space: bool
) -> None:
    """Add a glyph at (left, right, baseline, size) to a segment; small and high is raised."""
    x0, x1, y, size = place
    if size * SMALLER > segment.size and segment.y > y + RAISED * size and segment.length <= LEAD:
        segment.runs = [(words, True) for words, _ in segment.runs]
        segment.y, segment.size = y, size
    raised = size < SMALLER * segment.size and y > segment.y + RAISED * segment.size
    if not raised:
        segment.size = max(segment.size, size)
    beside = raised or (segment.runs and segment.runs[-1][1])
    if space and not (beside and x0 - segment.x1 < GLUED * segment.size):
        segment.add(" ", False)
    segment.add(char, raised)
    segment.x1 = max(segment.x1, x1)


def _is_bold(raw: Any, index: int) -> bool:
    """Tell whether a glyph's font is bold, by its weight or its name."""
    name, flags = ctypes.create_string_buffer(80), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(raw, index, name, 80, flags)
    return pdfium.FPDFText_GetFontWeight(raw, index) >= BOLD or b"bold" in name.value.lower()
