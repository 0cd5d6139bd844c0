"""Paragraphs, passages and their marks, and quotes found exactly.

Offsets are counted in code points from the start of the text; a span [start, end) excludes its end,
as in the W3C Web Annotation TextPositionSelector.
"""

import difflib
import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

CONTEXT = 32  # code points of prefix and suffix kept beside a quote (TextQuoteSelector)
PARAGRAPH = re.compile(r"^(?P<lead>[^\S\n]*(?:[•▪–*-][^\S\n]+)?)(?P<words>\S.*)$", re.MULTILINE)
SENTENCE = re.compile(r"\S.*?(?:[.!?…:;](?=\s)|$)", re.MULTILINE)


class QuoteError(ValueError):
    """A quote that does not occur exactly once in its text."""


class QuoteNotFound(QuoteError):
    """The quote does not occur; `nearest` is the most similar sentence of the text, or ""."""

    def __init__(self, quote: str, nearest: str):
        self.nearest = nearest
        hint = f" The nearest passage is: “{nearest}”" if nearest else ""
        super().__init__(f"The quote is not in the text: “{quote}”.{hint}")


class QuoteAmbiguous(QuoteError):
    """The quote occurs more than once; `places` holds each start."""

    def __init__(self, quote: str, text: str, places: list[int]):
        self.places = places
        where = "; ".join(
            f"offset {place}: “…{text[max(0, place - 24) : place + 24]}…”" for place in places
        )
        super().__init__(
            f"The quote occurs {len(places)} times: “{quote}”. Lengthen it to choose one: {where}"
        )


@dataclass(frozen=True)
class Paragraph:
    """A non-blank line; `lead` is the indent and bullet that precede `start`."""

    number: int
    start: int
    end: int
    lead: str

    @property
    def is_bullet(self) -> bool:
        return bool(self.lead.strip())


@dataclass(frozen=True)
class Passage:
    """A span of the text with the label it is marked with."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Fragment:
    """A stretch of text that is either words or a note marker."""

    text: str
    is_note_marker: bool = False


@dataclass(frozen=True)
class Run:
    """Fragments under the same marks: the labels of all, and of those that begin here."""

    fragments: tuple[Fragment, ...]
    labels: tuple[str, ...]
    opens: tuple[str, ...]


def sha256(text: str) -> str:
    """Return the hash that fixes a text: SHA-256 of its UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def paragraphs(text: str) -> list[Paragraph]:
    """Split a text into its paragraphs, numbered from 1: every non-blank line is one."""
    return [
        Paragraph(number, found.start("words"), found.end("words"), found["lead"])
        for number, found in enumerate(PARAGRAPH.finditer(text), start=1)
    ]


def paragraph_at(text: str, offset: int) -> int:
    """Return the number of the paragraph in which an offset lies, or 0 before the first."""
    return bisect_right([paragraph.start for paragraph in paragraphs(text)], offset)


def locate(text: str, quote: str) -> tuple[int, int]:
    """Return the span of a quote; raise QuoteNotFound or QuoteAmbiguous unless it is unique."""
    places = (
        [found.start() for found in re.finditer(f"(?={re.escape(quote)})", text)] if quote else []
    )
    if not places:
        raise QuoteNotFound(quote, nearest(text, quote))
    if len(places) > 1:
        raise QuoteAmbiguous(quote, text, places)
    return places[0], places[0] + len(quote)


def nearest(text: str, quote: str) -> str:
    """Return the sentence most similar to a quote, to help an editor; never to match it."""
    sentences = [found[0] for found in SENTENCE.finditer(text)]
    close = difflib.get_close_matches(quote[:2000], sentences, n=1, cutoff=0.3)
    return close[0] if close else ""


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """Return prefix and suffix of a span, as the TextQuoteSelector wants them."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def fragments(
    text: str, start: int, end: int, markers: Iterable[tuple[int, int]]
) -> tuple[Fragment, ...]:
    """Cut a span at the note markers in it."""
    inside = [(max(a, start), min(b, end)) for a, b in markers if a < end and b > start]
    cuts = sorted({start, end, *(cut for span in inside for cut in span)})
    return tuple(
        Fragment(text[a:b], any(first <= a < last for first, last in inside))
        for a, b in pairwise(cuts)
    )


def runs(
    text: str,
    start: int,
    end: int,
    passages: Sequence[Passage],
    markers: Sequence[tuple[int, int]] = (),
) -> list[Run]:
    """Cut a span into runs of equal marks, so that overlaps can be drawn without nesting."""
    bounds = {start, end, *(cut for p in passages for cut in (p.start, p.end) if start < cut < end)}
    cuts = sorted(bounds)
    found = []
    for a, b in pairwise(cuts):
        here = [p for p in passages if p.start <= a and p.end >= b]
        opens = tuple(p.label for p in here if p.start == a or a == start)
        found.append(Run(fragments(text, a, b, markers), tuple(p.label for p in here), opens))
    return found
