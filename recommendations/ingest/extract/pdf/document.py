"""Reads a PDF: opens it, sets repeated lines aside, and builds paragraphs from the rest."""

import re

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .. import limits
from ..piece import Piece, Unreadable
from ..raw_document import RawDocument
from ..words import normalise
from .columns import columns, gutter
from .glyphs import segments
from .headers_footers import find_repeated
from .lines import PdfSegment, lines
from .paragraphs import LARGER, Measures, PdfParagraph, footnotes, measure, paragraphs, piece

FILE_NAME = re.compile(
    r"(?:microsoft (?:word|powerpoint)\b.*|.*\.(?:docx?|pdf|indd|rtf|odt|html?)|untitled.*"
    r"|document\d*)",
    re.I,
)


def read(data: bytes) -> RawDocument:
    """Return the pieces of a PDF; raise Unreadable if locked, damaged, too long or empty."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable(
                "The PDF is locked with a password. Save it without one, or paste its text."
            ) from error
        raise Unreadable(
            "The PDF is damaged. Open it in a reader, save or print it as a new PDF, and try that."
        ) from error
    try:
        return _draft(document)
    except pdfium.PdfiumError as error:
        raise Unreadable(
            "A page of the PDF is damaged. Print it as a new PDF, and try that, or paste its text."
        ) from error
    finally:
        document.close()


def _draft(document: pdfium.PdfDocument) -> RawDocument:
    """Read every page, then the document as a whole."""
    if len(document) > limits.PAGES:
        raise Unreadable(f"The PDF has more than {limits.PAGES} pages. Give the declaration alone.")
    pages, heights, length = [], {}, 0
    for number, page in enumerate(document, start=1):
        text_page = page.get_textpage()
        pages.append(segments(page, text_page))
        heights[number] = page.get_height()
        length += sum(segment.length for segment in pages[-1])
        text_page.close()
        page.close()
        if length > limits.CHARACTERS:
            raise Unreadable(
                f"The PDF holds more than {limits.CHARACTERS:,} characters. Give the declaration "
                "alone."
            )
    if not length:
        raise Unreadable(
            "The PDF holds pictures of text only. Run text recognition (OCR) on it, or paste its "
            "text."
        )
    pieces, title = _pieces(pages, heights)
    declared = normalise(document.get_metadata_value("Title"))
    titles = tuple(filter(None, (title, "" if FILE_NAME.fullmatch(declared) else declared)))
    return RawDocument("pdf", pieces, titles, language=_language(document))


def _pieces(
    pages: list[list[PdfSegment]], heights: dict[int, float]
) -> tuple[tuple[Piece, ...], str]:
    """Return the pieces of all pages, those that repeat included, and what is set as the title."""
    whole = {number: lines(page, number) for number, page in enumerate(pages, start=1)}
    reasons = find_repeated([(heights[number], page) for number, page in whole.items()])
    off = [line for page in whole.values() for line in page if id(line) in reasons]
    taken = {id(segment) for line in off for segment in line.segments}
    left = {
        n: [each for each in page if id(each) not in taken] for n, page in enumerate(pages, start=1)
    }
    known = {place for page in left.values() if (place := gutter(page)) is not None}
    ordered = [column for number, page in left.items() for column in columns(page, number, known)]
    if not ordered:
        raise Unreadable("There is no text in the PDF but page numbers and running heads.")
    measures = measure(ordered)
    found = paragraphs(ordered, footnotes(ordered, heights, measures), measures)
    kept = [piece(body, measures) for body in found]
    repeated = [
        Piece(line.text, "paragraph", False, reasons[id(line)], (), line.page) for line in off
    ]
    pieces = sorted([*kept, *repeated], key=lambda each: each.page)
    return tuple(each for each in pieces if each.text), _title(found, kept, measures)


def _title(found: list[PdfParagraph], kept: list[Piece], measures: Measures) -> str:
    """Return the largest line of the first page, if it is larger than the body, or ""."""
    first = [
        (body.first.size, -n)
        for n, body in enumerate(found)
        if body.first.page == found[0].first.page
    ]
    size, place = max(first)
    return kept[-place].text if size >= LARGER * measures.size else ""


def _language(document: pdfium.PdfDocument) -> str:
    """Return the language the PDF declares (PDF 1.7, 14.9.2), or ""."""
    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (raw.FPDF_WCHAR * max(length // 2, 1))()
    raw.FPDFCatalog_GetLanguage(document, buffer, length)
    return bytes(buffer).decode("utf-16-le", errors="ignore").rstrip("\0")
