"""Finds the columns of a page, so that its lines are read in their order."""

from collections.abc import Iterable
from statistics import median

from .lines import PdfLine, PdfSegment, lines

FEW = 2  # lines of a column whose place is known from another page
FEWEST = 4  # lines of a column
GUTTER = 5.0  # points between columns, at least
FILLED = 0.55  # of a column's width its lines fill; cells of a table do not
MOST_PLACES = 6  # are tried
ALIGNED = 0.6  # of the lines of the right column begin at its edge


def columns(
    segments: list[PdfSegment], page: int, known: Iterable[float] = ()
) -> list[list[PdfLine]]:
    """Return the columns of a page in reading order; a line across the gutter divides them."""
    place = gutter(segments)
    if place is None:
        place = next((each for each in known if _parts(segments, each, FEW)), None)
    if place is None:
        return [found] if (found := lines(segments, page)) else []
    bands: list[tuple[list[PdfSegment], ...]] = [([], [], [])]
    for segment in sorted(segments, key=lambda each: (-each.y, each.x0)):
        side = 1 if segment.x1 <= place else 2 if segment.x0 >= place - GUTTER else 0
        if side == 0 and (bands[-1][1] or bands[-1][2]):
            bands.append(([], [], []))
        bands[-1][side].append(segment)
    parts = [part for band in bands for part in band if part]
    return [column for part in parts for column in _within(part, page, len(segments))]


def _within(part: list[PdfSegment], page: int, whole: int) -> list[list[PdfLine]]:
    """Return the columns inside one column of a page, as on a page of three."""
    return columns(part, page) if len(part) < whole else [lines(part, page)]


def gutter(segments: list[PdfSegment]) -> float | None:
    """Return where the right column begins on a page of two, or None."""
    left, right = _edges(segments)
    starts = [
        round(each.x0) for each in segments if 0.2 < (each.x0 - left) / max(right - left, 1) < 0.8
    ]
    popular = sorted(
        {start for start in starts if starts.count(start) >= FEWEST}, key=starts.count, reverse=True
    )
    return next((place for place in popular[:MOST_PLACES] if _parts(segments, place, FEWEST)), None)


def _edges(segments: list[PdfSegment]) -> tuple[float, float]:
    """Return the left and the right edge of what is set on a page."""
    return min((each.x0 for each in segments), default=0), max(
        (each.x1 for each in segments), default=0
    )


def _parts(segments: list[PdfSegment], place: float, fewest: int) -> bool:
    """Tell whether a place parts two columns of running text."""
    left, right = _edges(segments)
    before = [each for each in segments if each.x1 <= place - GUTTER]
    after = [each for each in segments if each.x0 >= place - GUTTER]
    aligned = sum(abs(each.x0 - place) < 2 for each in after)
    if min(len(before), len(after)) < fewest or aligned < ALIGNED * len(after):
        return False
    sides = [(before, place - left), (after, right - place)]
    return all(
        median(each.x1 - each.x0 for each in side) >= FILLED * width for side, width in sides
    )
