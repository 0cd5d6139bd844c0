"""Words of a text and the ends of passages, which are at words; offsets are in code points."""

import re
from collections.abc import Sequence
from typing import Literal

from recommendations.text import positions

Span = tuple[int, int]
Edge = Literal["start", "end"]
Way = Literal["earlier", "later", "sentence"]

SIGNS = (
    r"\u200d\ufe0e\ufe0f\u20e3\U0001F3FB-\U0001F3FF"  # what joins or colours the signs of one emoji
)
SPACELESS = (
    r"\u3040-\u30ff\u3400-\u9fff"  # Japanese is written without spaces: each character is a word
)
WORD = re.compile(
    rf"[{SPACELESS}]"
    rf"|(?:(?![{SPACELESS}])[\w\u0300-\u036f])+(?:['’-](?![{SPACELESS}])[\w\u0300-\u036f]+)*"
    rf"|[^\w\s](?:[{SIGNS}]|(?<=\u200d)[^\w\s])*"
)
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[^\sa-z])|[。！？]")


def words(text: str, start: int, end: int) -> list[Span]:
    """Return the place of each word and each punctuation sign of a stretch."""
    return [found.span() for found in WORD.finditer(text, start, end)]


def spans_of(text: str, start: int, end: int) -> list[Span]:
    """Return a range as passages with ends at words, one passage for each paragraph."""
    found = []
    for paragraph in positions.paragraphs(text):
        inside = [
            word
            for word in words(text, paragraph.start, paragraph.end)
            if word[1] > start and word[0] < end
        ]
        if inside:
            found.append((inside[0][0], inside[-1][1]))
    return found


def merged(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return passages in text order, joined where no word lies between them in a paragraph."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and not re.search(r"[\w\n]", text[found[-1][1] : start]):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def divided(text: str, spans: Sequence[Span], at: int) -> tuple[list[Span], list[Span]]:
    """Return the passages before and from the word at an offset."""
    before, after = [], []
    for start, end in spans:
        for word in words(text, start, end):
            half = before if word[1] <= at else after
            if half and half[-1][0] >= start:
                half[-1] = (half[-1][0], word[1])
            else:
                half.append(word)
    return before, after


def moved(text: str, span: Span, edge: Edge, way: Way) -> Span:
    """Return a passage with one end moved by a word or to its sentence's, if that is possible."""
    start, end = span
    paragraph = positions.paragraphs(text)[positions.paragraph_at(text, start) - 1]
    starts, ends = zip(*words(text, paragraph.start, paragraph.end), strict=True)
    if way == "sentence":
        first, last = sentence(text, paragraph, start if edge == "start" else end - 1)
        return (first, end) if edge == "start" else (start, last)
    if edge == "start":
        places = [place for place in starts if place < end]
        return _beside(places, start, way), end
    places = [place for place in ends if place > start]
    return start, _beside(places, end, way)


def _beside(places: Sequence[int], place: int, way: Way) -> int:
    """Return the next of the places before or after one, or itself where there is none."""
    if way == "earlier":
        return max((each for each in places if each < place), default=place)
    return min((each for each in places if each > place), default=place)


def sentence(text: str, paragraph: positions.Paragraph, offset: int) -> Span:
    """Return the sentence of a paragraph in which an offset lies."""
    cuts = [found.end() for found in SENTENCE_END.finditer(text, paragraph.start, paragraph.end)]
    start = max((cut for cut in cuts if cut <= offset), default=paragraph.start)
    end = min((cut for cut in cuts if cut > offset), default=paragraph.end)
    return start + len(text[start:end]) - len(text[start:end].lstrip()), end


def sentence_starts(text: str, start: int, end: int) -> list[int]:
    """Return where sentences begin within a passage after its first, as places to split it."""
    cuts = [found.end() for found in SENTENCE_END.finditer(text, start, end)]
    return [
        start
        for cut in cuts
        for start in [next(iter(words(text, cut, end)), (end, end))[0]]
        if start < end
    ]
