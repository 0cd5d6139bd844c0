"""The site's typefaces: subset to Latin as WOFF2, once, and found like any other static file."""

import hashlib
import tempfile
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import fontpkg
from django.conf import settings
from django.contrib.staticfiles.finders import BaseStorageFinder
from django.core.files.storage import FileSystemStorage
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont


class Face(NamedTuple):
    """A font to make files from: its new name, its package's family, the part kept of each axis."""

    name: str
    family: str
    axes: dict[str, float | tuple[float, float]]
    features: tuple[str, ...]


FACES = {
    "serif": Face(
        "TECH7 Serif", "Source Serif 4", {"opsz": 20, "wght": 400}, ("kern", "liga", "tnum")
    ),
    "sans": Face("TECH7 Sans", "Source Sans 3", {"wght": (400, 600)}, ("liga",)),
}
PACKAGES = ("fontpkg-source-serif-4", "fontpkg-source-sans-3", "fonttools", "brotli")
# As static/css/tokens.css names them. The first is what most pages need: ASCII, the letters of the
# G7's languages, punctuation. In that range a face fits into 14 KB, which a new connection sends
# without waiting for an acknowledgement.
RANGES = {
    "": (
        "U+20-7E, U+A0, U+A7, U+A9, U+AB, U+B7, U+BB, U+C0, U+C2, U+C4, U+C7-CB, U+CE-CF, U+D4, "
        "U+D6, U+D9, U+DB-DC, U+DF-E0, U+E2, U+E4, U+E7-EC, U+EE-EF, U+F2, U+F4, U+F6, U+F9, "
        "U+FB-FC, U+152-153, U+2010-2015, U+2018-201E, U+2022, U+2026, U+2039-203A, U+20AC, "
        "U+2190-2193"
    ),
    "-extended": (
        "U+A1-A6, U+A8, U+AA, U+AC-B6, U+B8-BA, U+BC-BF, U+C1, U+C3, U+C5-C6, U+CC-CD, U+D0-D3, "
        "U+D5, U+D7-D8, U+DA, U+DD-DE, U+E1, U+E3, U+E5-E6, U+ED, U+F0-F1, U+F3, U+F5, U+F7-F8, "
        "U+FA, U+FD-151, U+154-17F, U+218-21B, U+2016-2017, U+201F-2021, U+2024-2025, U+2027, "
        "U+202F-2033, U+2044, U+2070-2089, U+20A0-20AB, U+20AD-20C0, U+2116, U+2122, U+2212, "
        "U+2248, U+2260-2265"
    ),
}
# Names of the copyright and the licence, which a subset carries on (OFL 1.1, condition 2).
COPYRIGHT, LICENCE, LICENCE_ADDRESS = 0, 13, 14
FAMILY, STYLE, FULL_NAME, POSTSCRIPT_NAME = 1, 2, 4, 6
ONE_AT_A_TIME = Lock()


class FontFinder(BaseStorageFinder):
    """Finds the typefaces under `fonts/`, and makes them first where they are not made yet."""

    def __init__(self, *args, **kwargs):
        self.storage = FileSystemStorage(location=folder(), base_url=settings.STATIC_URL)
        super().__init__(*args, **kwargs)

    def find(self, path, **kwargs):
        if path.startswith("fonts/"):
            make_all()
        return super().find(path, **kwargs)

    def list(self, ignore_patterns):
        make_all()
        return super().list(ignore_patterns)


def folder() -> Path:
    """Return where the typefaces stand: another folder for another recipe or package."""
    recipe = Path(__file__).read_bytes() + "".join(map(version, PACKAGES)).encode()
    return settings.FONTS_ROOT / hashlib.sha256(recipe).hexdigest()[:16]


def make_all() -> None:
    """Make what is missing; each file is renamed into place, so nobody reads half of one."""
    target = folder() / "fonts"
    with ONE_AT_A_TIME:  # a browser asks for both faces at once
        for name, face in FACES.items():
            for suffix, unicode_range in RANGES.items():
                path = target / f"{name}{suffix}.woff2"
                if not path.exists():
                    target.mkdir(parents=True, exist_ok=True)
                    with tempfile.TemporaryDirectory(dir=settings.FONTS_ROOT) as unfinished:
                        made = Path(unfinished) / path.name
                        make(face, characters(unicode_range), made)
                        made.replace(path)


def characters(unicode_range: str) -> list[int]:
    """Return the code points of ranges written as in CSS."""
    ends = [part.removeprefix("U+").split("-") for part in unicode_range.split(", ")]
    return [
        point
        for first, last in ((part[0], part[-1]) for part in ends)
        for point in range(int(first, 16), int(last, 16) + 1)
    ]


def make(face: Face, characters: list[int], path: Path) -> None:
    """Write a subset as WOFF2, the same bytes each time, under its own name as OFL 1.1 asks."""
    options = Options(
        layout_features=face.features,
        hinting=False,
        name_IDs=[COPYRIGHT, LICENCE, LICENCE_ADDRESS],
        drop_tables=[*Options().drop_tables, "STAT"],
    )
    font = TTFont(fontpkg.path(face.family), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    instantiateVariableFont(font, face.axes, inplace=True)
    for name_id, text in {
        FAMILY: face.name,
        STYLE: "Regular",
        FULL_NAME: face.name,
        POSTSCRIPT_NAME: face.name.replace(" ", "-"),
    }.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font.flavor = "woff2"
    font.save(path)
