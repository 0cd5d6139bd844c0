"""Repairs segments: justified lines with wide gaps, and bullets drawn as shapes."""

from collections import Counter
from itertools import pairwise

from .lines import PdfSegment

GAP = 6.0  # of the size a gap inside a justified line has at most
POPULAR = 4  # gaps that end at the same place part columns or cells
REACH = 40.0  # points between the bullet and its words


def join_justified(segments: list[PdfSegment]) -> list[PdfSegment]:
    """Join neighbouring segments, unless many on the page begin at the same place."""
    ends = Counter(
        round(after.x0) for before, after in pairwise(segments) if _are_neighbours(before, after)
    )
    whole: list[PdfSegment] = []
    for segment in segments:
        place = round(segment.x0)
        popular = sum(ends[near] for near in (place - 1, place, place + 1)) >= POPULAR
        if whole and _are_neighbours(whole[-1], segment) and not popular:
            whole[-1].add(" ", False)
            for words, raised in segment.runs:
                whole[-1].add(words, raised)
            whole[-1].x1 = segment.x1
        else:
            whole.append(segment)
    return whole


def _are_neighbours(before: PdfSegment, after: PdfSegment) -> bool:
    """Tell whether two segments on one baseline have no more than a wide space between."""
    size = max(before.size, after.size)
    return abs(before.y - after.y) < 0.1 * size and 0 <= after.x0 - before.x1 < GAP * size


def add_drawn_bullets(
    segments: list[PdfSegment], dots: list[tuple[float, float]]
) -> list[PdfSegment]:
    """Put the bullet before the words that a drawn shape stands beside."""
    bullets = []
    for x, y in dots:
        beside = [
            each
            for each in segments
            if 0 < each.x0 - x < REACH and each.y < y < each.y + 0.7 * each.size
        ]
        if beside:
            words = min(beside, key=lambda each: each.x0)
            bullets.append(PdfSegment(x, x, words.y, words.size, [("•", False)], words.bold))
    return [*segments, *bullets]
