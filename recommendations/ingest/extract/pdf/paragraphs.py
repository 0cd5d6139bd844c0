"""Puts the lines of columns together into paragraphs, points, headings and footnotes."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from statistics import median

from ..piece import Piece
from ..words import BULLET, NUMBER, assemble, count, ends_sentence, normalise, shape
from .lines import PdfLine

LARGER = 1.12  # times the size of the body a heading has
SMALLER = 0.93  # of the size of the body a footnote has at most
ALIKE = 0.07  # of the size lines of one paragraph may differ by
WIDER = 1.3  # times the usual distance of lines parts two paragraphs
SHORTER = 0.12  # of the column's width is free at the end of a paragraph
INDENT = 0.7  # of the size
LONGEST_HEADING = 25  # words
HYPHENS = "-\u2010\u00ad"
COMPOUND = re.compile(r"\w+-\w+")
WORD = re.compile(r"(?<![\w-])\w{4,}(?![\w-])")  # shorter ones are syllables as well
LINKING = re.compile(
    r"(?:and|or|to|und|oder|bis|et|ou|e|o|ed|y)\b"
)  # after a hyphen that stands for a word: "short- and"
NOTE = re.compile(r"\s*(?:\[?\d{1,3}\]?|[*†‡§]{1,3}|[¹²³⁰⁴-⁹]{1,3})[.)]?\s*\S")


@dataclass
class PdfParagraph:
    """Lines that belong together."""

    lines: list[PdfLine]
    kind: str = ""

    @property
    def first(self) -> PdfLine:
        return self.lines[0]

    @property
    def last(self) -> PdfLine:
        return self.lines[-1]


@dataclass(frozen=True)
class Measures:
    """Usual size and weight of the body, line distance in sizes, and words of a document."""

    size: float
    is_bold: bool
    pitch: float
    compounds: frozenset[str]
    words: frozenset[str]


def measure(columns: list[list[PdfLine]]) -> Measures:
    """Measure a document."""
    lines = [line for column in columns for line in column]
    sizes = sorted((line.size, len(line.text)) for line in lines)
    reached = list(accumulate(length for _, length in sizes))
    size = sizes[bisect_left(reached, reached[-1] / 2)][0]
    steps = [
        (above.y - line.y) / line.size
        for column in columns
        for above, line in pairwise(column)
        if abs(line.size - above.size) <= ALIKE * line.size and 0 < above.y - line.y < 3 * line.size
    ]
    steps.sort()
    pitch = median(steps[: max(1, len(steps) * 2 // 3)]) if steps else 1.2
    texts = [line.text.casefold() for line in lines]
    found = (
        frozenset(word for text in texts for word in pattern.findall(text))
        for pattern in (COMPOUND, WORD)
    )
    bold = sum(len(line.text) * (1 if line.bold else -1) for line in lines)
    return Measures(size, bold > 0, pitch, *found)


def paragraphs(
    columns: list[list[PdfLine]], notes: set[int], measures: Measures
) -> list[PdfParagraph]:
    """Join lines; a paragraph continues across a column or page if its sentence does."""
    found: list[PdfParagraph] = []
    body: PdfParagraph | None = None
    for column in columns:
        left, right = min(line.x0 for line in column), max(line.x1 for line in column)
        above = None
        for line in column:
            if id(line) in notes:
                _add_note(found, line, above)
            elif body and (_continues(body, line, above, right - left, right, measures)):
                body.lines.append(line)
            else:
                body = PdfParagraph([line], _kind(line))
                found.append(body)
            above = line
    return found


def _add_note(found: list[PdfParagraph], line: PdfLine, above: PdfLine | None) -> None:
    """Add a line of a footnote to the last one, or begin another."""
    if found and found[-1].kind == "note" and not NOTE.match(line.text):
        found[-1].lines.append(line)
    else:
        found.append(PdfParagraph([line], "note"))


def _kind(line: PdfLine) -> str:
    return (
        "bullet"
        if BULLET.match(line.text)
        else "numbered"
        if NUMBER.match(line.text)
        else "paragraph"
    )


def _continues(
    body: PdfParagraph,
    line: PdfLine,
    above: PdfLine | None,
    width: float,
    right: float,
    measures: Measures,
) -> bool:
    """Tell whether a line goes on with a paragraph."""
    last = body.last
    if (
        abs(line.size - last.size) > ALIKE * last.size
        or line.bold != last.bold
        or _kind(line) != "paragraph"
    ):
        return False
    is_near = last.y - line.y <= WIDER * measures.pitch * max(line.size, 1)
    if (
        above is not last
    ):  # a new column or page; a heading over columns may end in a line within one
        is_below = line.page == last.page and last.y > line.y and is_near
        return not ends_sentence(last.text) and (is_below or not _is_heading(body, measures))
    if not is_near:
        return False
    ended = ends_sentence(last.text)
    if ended and last.x1 < right - SHORTER * width:
        return False
    return _is_heading(body, measures) or not _steps(body, line, ended)


def _steps(body: PdfParagraph, line: PdfLine, ended: bool) -> bool:
    """Tell whether the left edge of a line says that another paragraph begins."""
    step, shift = INDENT * line.size, line.x0 - body.last.x0
    if body.kind in ("bullet", "numbered"):
        back = line.x0 - body.first.x0
        return back < -1 or (ended and back < 1) or (len(body.lines) > 1 and shift < -step)
    if len(body.lines) == 1:
        return shift > step
    return abs(shift) > step


def _is_heading(body: PdfParagraph, measures: Measures) -> bool:
    """Tell whether lines are set as a heading: larger or bold, and few."""
    text = " ".join(line.text for line in body.lines)
    large = body.first.size >= LARGER * measures.size
    return (
        body.kind != "bullet"
        and (large or body.first.bold > measures.is_bold)
        and count(text) <= LONGEST_HEADING
        and not text.endswith((".", ";", ","))
    )


def footnotes(
    columns: list[list[PdfLine]], heights: dict[int, float], measures: Measures
) -> set[int]:
    """Return the ids of footnote lines: small ones at a column's end, from a marker on."""
    found: set[int] = set()
    for column in columns:
        small = len(column)
        while small and column[small - 1].size <= SMALLER * measures.size:
            small -= 1
        block = column[small:]
        low = [
            n
            for n, line in enumerate(block)
            if NOTE.match(line.text) and line.y < 0.6 * heights[line.page]
        ]
        if low and _kind(block[low[0]]) != "bullet":
            found |= {id(line) for line in block[low[0] :]}
    return found


def piece(body: PdfParagraph, measures: Measures) -> Piece:
    """Make the piece of a paragraph."""
    text, markers = assemble(joined(body.lines, measures))
    if body.kind == "note":
        return Piece(text, "note", False, "footnote", (), body.first.page)
    made = shape(text, markers, body.first.page)
    return (
        replace(made, kind="heading")
        if _is_heading(body, measures) and made.kind != "bullet"
        else made
    )


def joined(lines: Iterable[PdfLine], measures: Measures) -> list[tuple[str, bool]]:
    """Join lines into one, and words divided by a hyphen into wholes."""
    runs: list[tuple[str, bool]] = []
    for line in lines:
        if runs:
            words, is_note_marker = runs[-1]
            ending = words.rstrip()
            begins = normalise(line.text)
            if (
                not is_note_marker
                and len(ending) > 1
                and ending[-1] in HYPHENS
                and ending[-2].isalnum()
                and begins[:1].isalnum()
            ):
                runs[-1] = (_hyphenated(ending, begins, measures), False)
            else:
                runs.append((" ", False))
        runs += line.runs
    return runs


def _hyphenated(ending: str, begins: str, measures: Measures) -> str:
    """Return the end of a line with hyphen, with hyphen and space, or with neither."""
    if LINKING.match(begins):
        return f"{ending} "
    first = re.findall(r"\w+", ending[:-1])[-1].casefold()
    second = re.findall(r"\w+", begins)[0].casefold()
    known = f"{first}-{second}" in measures.compounds
    parts = f"{first}{second}" not in measures.words and {first, second} <= measures.words
    kept = ending[-1] != "\u00ad" and (known or parts or not begins[0].islower())
    return ending if kept else ending[:-1]
