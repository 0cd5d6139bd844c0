"""Reads plain text: paragraphs or wrapped lines, bullets, numbers and note markers."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from .piece import Piece
from .raw_document import RawDocument
from .words import BULLET, NUMBER, count, ends_sentence, is_prose, normalise, shape

WRAPPED = range(50, 91)  # code points of a wrapped line
MOST = 0.6  # of the longer lines are of that length in a wrapped text
LONGEST_HEADING = 12  # words
LONGER = 30  # code points of the lines that tell the width
LISTED = 3  # lines that a list has at least
SHORT = 0.75  # of the usual width the lines of a list have at most
BREAKS = re.compile(r"\r\n|[\r\v\f\u0085\u2028\u2029]")
GLUED = r"\b(?P<stem>\w{{1,40}})(?P<stop>[.,;:]?[”’\"»)]?)(?P<marker>\[{0}\]|{0})(?![\w-]|[.,]\d)"
LAST_MARKER = 99
RAISED = re.compile(r"(?<=[\w.,;:!?”’\"»)])[¹²³⁰⁴-⁹]{1,2}")
NOTE = re.compile(r"(?:\[(\d{1,2})\]|(\d{1,2})|([¹²³⁰⁴-⁹]{1,2}))\s*(?=[^\W\d]|[“‘\"(])")


def read(text: str) -> RawDocument:
    """Return the lines of a text as pieces."""
    lines = [
        (normalise(line), len(line) - len(line.lstrip()))
        for line in BREAKS.sub("\n", text).split("\n")
    ]
    blocks = list(_blocks([line for line, _ in lines]))
    if _is_wrapped([line for line, _ in lines], blocks):
        width = median(len(line) for block in blocks for line in block if len(line) >= LONGER)
        blocks = [block if _is_list(block, width) else list(_joined(block)) for block in blocks]
    apart = sum(len(block) == 1 for block in blocks) >= len(blocks) / 2
    pieces = [piece for block in blocks for piece in _pieces(block, apart)]
    return RawDocument("text", tuple(_notes(_with_note_markers(pieces))))


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Split lines at blank ones."""
    block = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def _is_wrapped(lines: list[str], blocks: list[list[str]]) -> bool:
    """Tell whether most lines are 50 to 90 characters long and end amid a sentence."""
    inner = [line for block in blocks for line in block[:-1]]
    longer = [line for line in lines if len(line) >= LONGER]
    if len(inner) < 3 or len(blocks) < 2 or max(map(len, longer), default=0) > 110:
        return False
    fitting = sum(len(line) in WRAPPED for line in inner) >= MOST * len(inner)
    amid = sum(not ends_sentence(line) for line in inner) >= MOST * len(inner)
    return fitting and amid and median(map(len, longer)) in WRAPPED


def _is_list(block: list[str], width: float) -> bool:
    """Tell whether all lines of a block are short, as names of signatories are."""
    return len(block) >= LISTED and max(map(len, block)) <= SHORT * width


def _joined(block: list[str]) -> Iterator[str]:
    """Join the wrapped lines of a block; a point or a number begins a new one."""
    whole = ""
    for line in block:
        if whole and (BULLET.match(line) or NUMBER.match(line)):
            yield whole
            whole = line
        else:
            whole = f"{whole} {line}" if whole else line
    yield whole


def _pieces(block: list[str], apart: bool) -> Iterator[Piece]:
    """Make the pieces of a block; where blank lines part paragraphs, prose without one is tight."""
    before = ""
    for line in block:
        tight = apart and is_prose(before) and is_prose(line)
        piece = shape(line, tight=tight)
        alone = len(block) == 1 and piece.kind == "paragraph"
        if alone and count(line) <= LONGEST_HEADING and not ends_sentence(line):
            piece = replace(piece, kind="heading")
        yield piece
        before = line


def _with_note_markers(pieces: list[Piece]) -> list[Piece]:
    """Mark raised numbers, and numbers glued to words that count 1, 2, 3 through the text."""
    tokens = Counter(token for piece in pieces for token in re.findall(r"\w+", piece.text))
    marked, expected = [], 1
    for piece in pieces:
        spans = [found.span() for found in RAISED.finditer(piece.text)]
        for found in _glued(piece.text, expected, tokens):
            spans.append(found.span("marker"))
            expected += 1
        marked.append(replace(piece, markers=tuple(sorted(spans))))
    return marked


def _glued(text: str, expected: int, tokens: Counter) -> Iterator[re.Match]:
    """Find the markers of a line that continue the count from the expected one."""
    place = 0
    while expected <= LAST_MARKER:
        candidates = re.compile(GLUED.format(expected)).finditer(text, place)
        found = next((each for each in candidates if _is_note_marker(each, tokens)), None)
        if not found:
            return
        yield found
        expected, place = expected + 1, found.end()


def _is_note_marker(found: re.Match, tokens: Counter) -> bool:
    """Tell whether a glued number is a note marker and not a part of its word."""
    stem = found["stem"]
    if found["stop"] or found["marker"].startswith("["):
        return len(stem) >= 4 and stem.isalpha()
    plain = stem.isalpha() and len(stem) >= 4 and stem[1:].islower()
    return (
        tokens[stem + found["marker"]] == 1 and (plain or tokens[stem] > 0) and not stem.isdigit()
    )


def _notes(pieces: list[Piece]) -> Iterator[Piece]:
    """Mark footnotes: lines after the last marker that begin with a marker's number."""
    numbers = {
        piece.text[start:end].strip("[]") for piece in pieces for start, end in piece.markers
    }
    last = max((n for n, piece in enumerate(pieces) if piece.markers), default=len(pieces))
    for n, piece in enumerate(pieces):
        found = NOTE.match(piece.text) if n > last else None
        is_note = found and next(filter(None, found.groups())) in numbers
        yield (
            replace(piece, kind="note", kept=False, reason="footnote", tight=False)
            if is_note
            else piece
        )
