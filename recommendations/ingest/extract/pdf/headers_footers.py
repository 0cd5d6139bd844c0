"""Finds what repeats from page to page: running heads, running feet, page numbers."""

from collections import Counter
from itertools import pairwise

from .. import boilerplate_match
from ..words import count
from .lines import PdfLine, bare

OUTER = 0.13  # of the page's height, at the top and at the bottom
NEAREST = 4  # lines from the edge
APART = 1.6  # sizes of clear distance to the body
SHARE = 0.3  # of the pages a running head stands on: left and right pages may differ
LONGEST = 25  # words

Outer = tuple[str, str, PdfLine]


def find_repeated(pages: list[tuple[float, list[PdfLine]]]) -> dict[int, str]:
    """Return the reasons by line id, for pages given as (height, lines from the top)."""
    outer = [each for height, page in pages for each in _outer(height, page)]
    times = Counter(key for key, _ in {((place, words), line.page) for place, words, line in outer})
    needed = max(2, SHARE * len(pages))
    reasons = {}
    for place, words, line in outer:
        if boilerplate_match.as_line(line.text) == "page number":
            reasons[id(line)] = "page number"
        elif times[place, words] >= needed and count(line.text) <= LONGEST:
            reasons[id(line)] = f"running {place}"
    return reasons


def _outer(height: float, page: list[PdfLine]) -> list[Outer]:
    """Return the lines near the edges of a page: with the edge, and with the words that would
    repeat.

    In a line that stands clear of the body numbers may change from page to page; in any other they
    may not.
    """
    heads = [line for line in page[:NEAREST] if line.y > (1 - OUTER) * height]
    feet = [line for line in reversed(page[-NEAREST:]) if line.y < OUTER * height]
    found = []
    for place, lines, inward in (("head", heads, page), ("foot", feet, page[::-1])):
        clear = _clear(inward)
        found += [
            (place, bare(line.text) if n < clear else line.text, line)
            for n, line in enumerate(lines)
        ]
    return found


def _clear(inward: list[PdfLine]) -> int:
    """Return how many of the lines from an edge inward stand clear of the next."""
    steps = enumerate(pairwise(inward[: NEAREST + 1]), start=1)
    return max(
        (n for n, (line, further) in steps if abs(line.y - further.y) > APART * further.size),
        default=0,
    )
