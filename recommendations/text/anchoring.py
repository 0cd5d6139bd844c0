"""Where a span of an old text stands in a new one: exactly, or nowhere. Pure: texts and offsets in,
offsets out.

Words that occur once in the old text and once in the new one mark the same place. The words are the
span's own or, where these repeat, the span's with its prefix and suffix. Nothing else is looked at,
so that nothing is ever guessed.
"""

from collections.abc import Sequence

from . import positions

Span = tuple[int, int]


def moved(old: str, new: str, start: int, end: int) -> Span | None:
    """Return where a span of the old text stands in the new one, or None unless that is certain."""
    prefix, suffix = positions.context(old, start, end)
    for before, after in ((0, 0), (len(prefix), len(suffix))):
        words = old[start - before : end + after]
        if _once(old, words) and _once(new, words):
            place = new.index(words) + before
            return place, place + end - start
    return None


def carried_note_markers(old: str, new: str, markers: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the note markers of the old text that are found in the new one.

    A marker is a digit or two and not unique, so it is found together with its prefix and suffix.
    """
    carried = []
    for start, end in markers:
        prefix, suffix = positions.context(old, start, end)
        if span := moved(old, new, start - len(prefix), end + len(suffix)):
            place = span[0] + len(prefix)
            carried.append([place, place + end - start])
    return sorted(carried)


def carried_headings(old: str, new: str, headings: Sequence[str]) -> list[str]:
    """Return the heading of each new paragraph: that of the same old paragraph, or ""."""
    numbers = {paragraph.start: paragraph.number for paragraph in positions.paragraphs(new)}
    carried = [""] * len(numbers)
    for paragraph, heading in zip(positions.paragraphs(old), headings, strict=False):
        span = moved(old, new, paragraph.start, paragraph.end)
        if span and span[0] in numbers:
            carried[numbers[span[0]] - 1] = heading
    while carried and not carried[-1]:
        carried.pop()
    return carried


def _once(text: str, words: str) -> bool:
    """Tell whether words occur exactly once in a text; occurrences that overlap count."""
    first = text.find(words)
    return first >= 0 and text.find(words, first + 1) < 0
