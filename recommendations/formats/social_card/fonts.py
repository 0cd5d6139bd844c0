"""Fonts for the card, and for each character the first that has it."""

import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

import cvttf_NotoSansCJK_Regular as cjk
import fontpkg
from fontTools.ttLib import TTFont
from PIL import ImageFont

SERIF, SANS, BOLD = "serif", "sans", "bold"
FILES = {
    SERIF: Path(fontpkg.path("Source Serif 4")),
    SANS: Path(fontpkg.path("Source Sans 3")),
    BOLD: Path(fontpkg.path("Source Sans 3")),
    "cjk": Path(cjk.get_TTF_path()),
}
AXES: dict[str, list[float]] = {
    SERIF: [400, 40],
    SANS: [400],
    BOLD: [600],
}  # weight, and optical size where there is one
UNKNOWN = "□"  # shown for a character that no font has; SANS has it
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


@cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a face in a size; laid out by Pillow alone, so that every machine draws the same."""
    found = ImageFont.truetype(FILES[face], size, layout_engine=ImageFont.Layout.BASIC)
    if face in AXES:
        found.set_variation_by_axes(AXES[face])
    return found


@cache
def characters(face: str) -> frozenset[int]:
    """Return the code points that a face has."""
    with TTFont(FILES[face], lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def has(face: str, character: str) -> bool:
    """Tell whether a face has a character."""
    return ord(character) in characters(face)


@cache
def face_of(character: str, preferred: str) -> str:
    """Return the face to draw a character in, or ""."""
    return next((face for face in (preferred, SANS, "cjk") if has(face, character)), "")


def drawable(text: str) -> str:
    """Return a text as fonts can draw it: composed, on one line, without invisible characters."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(each for each in words if unicodedata.category(each) not in INVISIBLE)


def runs(text: str, face: str) -> list[tuple[str, str]]:
    """Cut a text into stretches of one face: (face, words)."""
    pairs = [(face_of(character, face), character) for character in text]
    pairs = [(found, character) if found else (SANS, UNKNOWN) for found, character in pairs]
    return [
        (found, "".join(character for _face, character in group))
        for found, group in groupby(pairs, lambda pair: pair[0])
    ]


def width(text: str, face: str, size: int) -> float:
    """Return how many pixels wide a text is."""
    return sum(font(found, size).getlength(words) for found, words in runs(text, face))
