"""Lines and sentences with their places, as the rules read them; a line is a hard boundary, a
sentence may end earlier.

Offsets are counted in code points, as in `text.positions`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .languages import Language

_NUMBER = (
    r"\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-z]|[ivx]{1,5}|[A-Z]{1,2}\d{0,2})[.)]|\d{1,2}(?:\.\d{1,2})+"
    r"|[（(]?\d{1,2}[）、．]"
)
_BULLET = r"[•▪◦‣●○■□◆➢►▶✓→⁃·*–—-]"
_LINE = re.compile(
    rf"^(?P<indent>[^\S\n]*)(?:(?P<hashes>\#{{1,6}})[^\S\n]+)?(?:(?:(?P<bullet>{_BULLET})"
    rf"|(?P<number>{_NUMBER}))[^\S\n]+)*(?P<words>\S.*)$",
    re.MULTILINE,
)
_CLOSERS = "\"'”’»)\\]」』）"
_OPENERS = "\"'“‘«„([「『（"
_STOP = re.compile(
    rf"(?P<stops>[.!?…]+)(?P<tail>[{_CLOSERS}]*(?:\[?\d{{1,3}}\]?"
    rf"|[¹²³⁰⁴-⁹]+)?)(?=\s+(?P<next>[{_OPENERS}]*\w+)|\s*$)|[。！？]+[{_CLOSERS}]*"
)
_CLOSING = re.compile(r"[)\]）]")
_BEFORE = re.compile(r"[\s(\[“‘«]")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A non-blank line: the place of its words, and the bullet or number before them."""

    start: int
    end: int
    indent: int
    bullet: str
    number: str
    is_marked_heading: bool

    @property
    def is_item(self) -> bool:
        return bool(self.bullet or self.number)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without white space at its ends."""

    start: int
    end: int


def lines(text: str) -> list[TextLine]:
    """Split a text into its non-blank lines."""
    return [_line(found) for found in _LINE.finditer(text)]


def _line(found: re.Match) -> TextLine:
    end = found.start("words") + len(found["words"].rstrip())
    bullet, number = found["bullet"] or "", found["number"] or ""
    return TextLine(
        found.start("words"), end, len(found["indent"]), bullet, number, bool(found["hashes"])
    )


def sentences(text: str, start: int, end: int, rules: Language) -> list[Sentence]:
    """Split a stretch of one line into sentences."""
    found, begin = [], start
    for cut in _cuts(text, start, end, rules):
        found.append(Sentence(begin, cut))
        begin = _skip_space(text, cut, end)
    if begin < end:
        found.append(Sentence(begin, end))
    return found


def _skip_space(text: str, start: int, end: int) -> int:
    return next((at for at in range(start, end) if not text[at].isspace()), end)


def _cuts(text: str, start: int, end: int, rules: Language) -> Iterator[int]:
    """Yield where sentences end, outside brackets that close."""
    depth, seen = 0, start
    for stop in _STOP.finditer(text, start, end):
        depth = max(0, depth + _depth(text[seen : stop.end()]))
        seen = stop.end()
        inside = depth and _CLOSING.search(text, seen, end)
        if seen < end and not inside and _ends(text, start, stop, rules):
            depth = 0
            yield seen


def _depth(stretch: str) -> int:
    return sum(map(stretch.count, "([（")) - sum(map(stretch.count, ")]）"))


def _ends(text: str, start: int, stop: re.Match, rules: Language) -> bool:
    """Tell a full stop from the dot of an abbreviation; data of the language decide."""
    following = (stop["next"] or "").lstrip(_OPENERS)
    if stop["stops"] is None:
        return True
    if not following or following[0].islower():
        return False
    if stop["stops"] != ".":
        return True
    before = _BEFORE.split(text[max(start, stop.start() - 40) : stop.start()])[-1]
    if before.lower() in rules.abbreviations:
        return False
    if before.lower() in rules.number_abbreviations and following[0].isdigit():
        return False
    if before.lower() in rules.soft_abbreviations or (_DOTTED.fullmatch(before) and before != "I"):
        return following.lower() in rules.starters
    return True
