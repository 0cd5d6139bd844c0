"""Reads Word documents: the archive and its XML are examined first, then mammoth makes a web page
of it.

Mammoth reads neither headers, footers, comments nor deleted words, and shows inserted ones.
"""

import io
import re
import zipfile
import zlib
from dataclasses import replace
from xml.sax import SAXException, handler
from xml.sax.xmlreader import AttributesImpl

import mammoth
from defusedxml import DefusedXmlException
from defusedxml.sax import parseString
from lxml import etree

from . import docx_numbering, limits, markup
from .piece import Unreadable
from .raw_document import RawDocument

STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => h2:fresh"
BROKEN = "The Word document is damaged. Open it in Word, save it again, and try once more."
BOMB = "The Word document unpacks to far more than a text could be, and was refused."
NOTE_LINK = re.compile(r'(<sup><a href="#(?:foot|end)note-[^"]*"[^>]*>)\[(\d+)\](</a></sup>)')
STYLE_LANGUAGE = re.compile(rb'<w:lang\b[^>]*\bw:val="([A-Za-z-]{2,12})"')
CORE_TITLE = re.compile(r"<dc:title[^>]*>([^<]{3,250})</dc:title>")
FILE_NAME = re.compile(
    r"(?:microsoft word\b.*|.*\.(?:docx?|rtf|odt)|(?:untitled )?document\s?\d*)", re.IGNORECASE
)


def read(data: bytes) -> RawDocument:
    """Return the pieces of a Word document; raise Unreadable for a damaged or a hostile one."""
    members = unpack(data)
    for name, content in members.items():
        if name.endswith((".xml", ".rels")):
            _examine(content)
    try:
        page = mammoth.convert_to_html(
            _packed(docx_numbering.numbered(members)),
            style_map=STYLES,
            include_embedded_style_map=False,
            convert_image=lambda image: [],
        ).value
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        OSError,
        zipfile.BadZipFile,
        etree.LxmlError,
    ) as error:
        raise Unreadable(BROKEN) from error
    if not page.strip():
        raise Unreadable("The Word document holds no text.")
    bare = NOTE_LINK.sub(r"\1\2\3", page)
    draft = markup.read(f"<html><body><article>{bare}</article></body></html>", "docx")
    return replace(
        draft, titles=(*draft.titles, *_core_title(members)), language=_language(members)
    )


def _packed(members: dict[str, bytes]) -> io.BytesIO:
    """Return files as an archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    packed.seek(0)
    return packed


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of the archive; raise Unreadable if damaged, locked or a zip bomb."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
        _weigh(infos)
        members, total = {}, 0
        for info in infos:
            with archive.open(info) as member:
                content = member.read(limits.ARCHIVE_BYTES - total + 1)
            total += len(content)
            if total > limits.ARCHIVE_BYTES:
                raise Unreadable(BOMB)
            members[info.filename] = content
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
    ) as error:
        raise error if isinstance(error, Unreadable) else Unreadable(BROKEN) from error
    if "word/document.xml" not in members:
        raise Unreadable(BROKEN)
    return members


def _weigh(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive by its directory: count, sizes, ratios, paths, duplicates, locks."""
    if (
        len(infos) > limits.ARCHIVE_MEMBERS
        or sum(info.file_size for info in infos) > limits.ARCHIVE_BYTES
    ):
        raise Unreadable(BOMB)
    for info in infos:
        dense = info.file_size > limits.ARCHIVE_RATIO * max(info.compress_size, 1)
        if dense and info.file_size > limits.SMALL_MEMBER_BYTES:
            raise Unreadable(BOMB)
        if (
            info.filename.startswith(("/", "\\"))
            or ".." in re.split(r"[/\\]", info.filename)
            or ":" in info.filename
        ):
            raise Unreadable(
                "The Word document holds files with paths that lead out of it, and was refused."
            )
        if info.flag_bits & 1:
            raise Unreadable("The Word document is locked with a password. Save it without one.")
    if len({info.filename for info in infos}) < len(infos):
        raise Unreadable(BROKEN)


class _Depth(handler.ContentHandler):
    """Counts how deep elements are nested, and refuses what no word processor writes."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (the name is SAX's)
        self.depth += 1
        if self.depth > limits.XML_DEPTH:
            raise Unreadable(
                "The Word document is nested too deeply to be read. Paste its text instead."
            )

    def endElement(self, name: str) -> None:  # noqa: N802 (the name is SAX's)
        self.depth -= 1


def _examine(content: bytes) -> None:
    """Refuse XML with a DTD, entities or too deep a nesting, before anything else parses it."""
    try:
        parseString(content, _Depth(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable(
            "The Word document declares entities, which no word processor does, and was refused."
        ) from error
    except (SAXException, ValueError, LookupError) as error:
        raise error if isinstance(error, Unreadable) else Unreadable(BROKEN) from error


def _core_title(members: dict[str, bytes]) -> list[str]:
    """Return the title among the document's properties, unless it is the name of a file."""
    found = CORE_TITLE.search(members.get("docProps/core.xml", b"").decode(errors="replace"))
    return [found[1]] if found and not FILE_NAME.fullmatch(found[1]) else []


def _language(members: dict[str, bytes]) -> str:
    """Return the language of the default style without its region, or ""."""
    found = STYLE_LANGUAGE.search(members.get("word/styles.xml", b""))
    return found[1].decode().split("-")[0] if found else ""
