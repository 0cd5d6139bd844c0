"""Fonts for the card, and for each sign the first of them that has it."""

import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import groupby
from pathlib import Path

import cvttf_NotoSansCJK_Regular as cjk
import fontpkg
from PIL import ImageFont

SERIF, SANS, BOLD = "serif", "sans", "bold"
FILES = {
    SERIF: Path(fontpkg.path("Noto Serif")),
    SANS: Path(fontpkg.path("Noto Sans")),
    BOLD: Path(fontpkg.path("Noto Sans")),
    "cjk": Path(cjk.get_TTF_path()),
}
WEIGHT, WIDTH = 600, 100  # of BOLD, on the two axes of its font
UNKNOWN = "\ufffd"  # what stands for a sign that no font has
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


@cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a face in a size; laid out by Pillow alone, so that every machine draws the same."""
    found = ImageFont.truetype(FILES[face], size, layout_engine=ImageFont.Layout.BASIC)
    if face == BOLD:
        found.set_variation_by_axes([WEIGHT, WIDTH])
    return found


@cache
def ranges(face: str) -> tuple[list[int], list[int]]:
    """Return the first and last code points of each range that a face has (OpenType, cmap, format
    12).
    """
    data = FILES[face].read_bytes()
    tables = (
        struct.unpack_from(">4sIII", data, 12 + 16 * n)
        for n in range(*struct.unpack_from(">H", data, 4))
    )
    cmap = next(offset for tag, _checksum, offset, _length in tables if tag == b"cmap")
    count = range(*struct.unpack_from(">H", data, cmap + 2))
    encodings = (struct.unpack_from(">HHI", data, cmap + 4 + 8 * n) for n in count)
    table = next(
        cmap + offset for platform, encoding, offset in encodings if (platform, encoding) == (3, 10)
    )
    groups = range(*struct.unpack_from(">I", data, table + 12))
    found = [struct.unpack_from(">II", data, table + 16 + 12 * n) for n in groups]
    return [first for first, _last in found], [last for _first, last in found]


def has(face: str, sign: str) -> bool:
    """Tell whether a face has a sign of its own."""
    firsts, lasts = ranges(face)
    place = bisect_right(firsts, ord(sign)) - 1
    return place >= 0 and ord(sign) <= lasts[place]


@cache
def face_of(sign: str, preferred: str) -> str:
    """Return the face to draw a sign in, or "" where none has it."""
    return next((face for face in (preferred, SANS, "cjk") if has(face, sign)), "")


def drawable(text: str) -> str:
    """Return a text as fonts can draw it: composed, on one line, without invisible signs."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(sign for sign in words if unicodedata.category(sign) not in INVISIBLE)


def runs(text: str, face: str) -> list[tuple[str, str]]:
    """Cut a text into stretches of one face: (face, words)."""
    signs = [(face_of(sign, face), sign) for sign in text]
    signs = [(found, sign) if found else (face, UNKNOWN) for found, sign in signs]
    return [
        (found, "".join(sign for _face, sign in group))
        for found, group in groupby(signs, lambda pair: pair[0])
    ]


def width(text: str, face: str, size: int) -> float:
    """Return how many pixels wide a text is."""
    return sum(font(found, size).getlength(words) for found, words in runs(text, face))
