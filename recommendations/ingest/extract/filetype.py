"""Tells what a file is by its content, and decodes text; the name may only agree."""

import codecs
import re
from pathlib import PurePath

from .piece import Unreadable

MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|article"
    rb"|main|section|div|h1|p|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
CHARSET = re.compile(
    rb"<meta[^>]{1,300}charset\s*=\s*[\"']?\s*([\w:.-]{1,40})"
    rb"|<\?xml[^>]{1,100}encoding=[\"']([\w.-]{1,40})",
    re.I,
)
ENDINGS = {
    f".{ending}": kind
    for kind, endings in {
        "pdf": "pdf",
        "docx": "docx",
        "html": "html htm xhtml",
        "text": "txt text md",
    }.items()
    for ending in endings.split()
}
NAMES = {
    "pdf": "a PDF",
    "docx": "a Word document (.docx)",
    "html": "a web page (.html)",
    "text": "plain text (.txt)",
}
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"<svg")
FOREIGN = {
    "a program": (b"MZ", b"\x7fELF", b"#!"),
    "an old Word, Excel or PowerPoint file; save it as .docx": (b"\xd0\xcf\x11\xe0",),
    "a file in Rich Text Format; save it as .docx": (b"{\\rtf",),
    "a picture": PICTURES,
    "a picture or a recording": (b"RIFF",),
    "a compressed file; unpack it first": (
        b"\x1f\x8b",
        b"BZh",
        b"7z\xbc\xaf",
        b"Rar!",
        b"\xfd7zXZ",
    ),
    "a PostScript file; save it as PDF": (b"%!PS",),
}
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SECOND_LINE = 1024  # bytes in which the mark of a PDF may stand (PDF 1.7, annex H, note 13)


def kind(data: bytes, name: str) -> str:
    """Return "pdf", "docx", "html" or "text"; raise Unreadable if other or misnamed."""
    found = _by_content(data)
    said = ENDINGS.get(PurePath(name.lower()).suffix, "")
    if PurePath(name).suffix and said != found:
        raise Unreadable(
            f"The file holds {NAMES[found]}, but its name ends in {PurePath(name).suffix[:12]}. "
            "Rename it."
        )
    return found


def _by_content(data: bytes) -> str:
    """Return the type by the first bytes; what is none of the four is refused by its name."""
    start = data.lstrip()
    if not start:
        raise Unreadable("The file is empty.")
    if b"%PDF-" in data[:SECOND_LINE]:
        return "pdf"
    if data.startswith(b"PK"):
        return _packed(data)
    for what, magic in FOREIGN.items():
        if data.startswith(magic):
            raise Unreadable(f"The file is {what}. Give a PDF, a .docx, a web page or plain text.")
    return "html" if MARKUP.match(decode(data[:20_000], "html")[:8000].encode()) else "text"


def _packed(data: bytes) -> str:
    """Tell a Word document from any other zip file."""
    if b"word/document.xml" not in data:
        raise Unreadable(
            "The file is a zip archive and no Word document. Give a PDF, a .docx, a web page or "
            "plain text."
        )
    return "docx"


def decode(data: bytes, kind: str) -> str:
    """Decode by byte order mark, UTF-8, declared charset, or else Windows-1252."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, errors="replace"))
    declared = CHARSET.search(data[:4096]) if kind == "html" else None
    names = ["utf-8", (declared[1] or declared[2]).decode()] if declared else ["utf-8"]
    for name in names:
        try:
            return _checked(data.decode(name))
        except (UnicodeDecodeError, LookupError):
            continue
    return _checked(data.decode("cp1252", errors="replace"))


def _checked(text: str) -> str:
    if "\0" in text:
        raise Unreadable(
            "The file is no text: it holds NUL bytes. Give a PDF, a .docx, a web page or plain "
            "text."
        )
    return text
