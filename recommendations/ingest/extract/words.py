"""Functions on lines of words: white space, note markers, list items, prose."""

import re
from collections.abc import Iterable

from .piece import Piece

# Soft hyphens, zero-width characters, direction marks, controls but white space, lone surrogates.
UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]"
)
SPACE = re.compile(r"\s+")
BULLET = re.compile(
    r"(?:[•▪‣◦●○■□◼◾∙⁃➢➤►▶▸❖✓✔\uf000-\uf0ff]\s*|[–*·-]\s+"
    r"|o\s+(?=[A-ZÀ-Þ]))(?=[^\s•▪‣◦●○■□–*·-])(?!\d+\s*[–-]\s*\Z)"
)
NUMBER = re.compile(
    r"(?:\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\(?[ivxlc]{1,6}[.)]|[IVX]{1,5}[.)]"
    r"|\d{1,2}(?:\.\d{1,2})+\.?|[①-⑳])\s+(?=\S)"
)
SENTENCE_END = re.compile(r"[.!?:;…。！？：；][)\]”’\"'»」』]*(?:\[?\d{0,3}\]?|[¹²³⁰-⁹*†‡]*)\Z")
IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
PROSE_WORDS = 6  # a sentence in the body has at least so many, and an end
LONG_WORDS = 25  # no heading and no link is so long


def normalise(text: str) -> str:
    """Return a line with single spaces, trimmed, and without the characters of UNSEEN."""
    return SPACE.sub(" ", UNSEEN.sub("", text)).strip()


def assemble(runs: Iterable[tuple[str, bool]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Normalise runs of (words, is a note marker) to a line and the span of each marker."""
    text = ""
    markers: list[tuple[int, int]] = []
    for words, is_note_marker in runs:
        words = SPACE.sub(" ", UNSEEN.sub("", words))
        words = words.strip() if is_note_marker else words
        words = words.lstrip() if text.endswith(" ") or not text else words
        if is_note_marker and words:
            adjoins = markers and markers[-1][1] == len(text)
            start = markers.pop()[0] if adjoins else len(text)
            markers.append((start, len(text) + len(words)))
        text += words
    return text.rstrip(), tuple(markers)


def shape(
    text: str,
    markers: tuple[tuple[int, int], ...] = (),
    page: int = 0,
    kind: str = "paragraph",
    tight: bool = False,
) -> Piece:
    """Make a piece of a normalised line; a paragraph with a bullet or number becomes one."""
    if kind == "paragraph" and (bullet := BULLET.match(text)):
        cut = bullet.end()
        shifted = tuple((start - cut, end - cut) for start, end in markers if start >= cut)
        return Piece(text[cut:], "bullet", True, "", shifted, page)
    if kind == "paragraph" and NUMBER.match(text):
        kind = "numbered"
    return Piece(text, kind, True, "", markers, page, tight and kind == "paragraph")


def count(text: str) -> int:
    """Return how many words a line has; two ideographs count as one."""
    return len(IDEOGRAPHS.sub(" ", text).split()) + len(IDEOGRAPHS.findall(text)) // 2


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends as a sentence does, note marker or not."""
    return bool(SENTENCE_END.search(text[-12:]))


def is_prose(text: str) -> bool:
    """Tell whether a line is running text, and not a heading, a link or a label."""
    words = count(text)
    return words >= LONG_WORDS or (words >= PROSE_WORDS and ends_sentence(text))
