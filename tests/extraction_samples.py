"""Makers of sample files for the tests on extraction; every text in them is made up."""

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

A4 = (595, 842)  # points
LEADING = 14  # points
SENTENCE = (
    "This is sample text on matter {0}, which governments and companies should read with care."
)


def prose(number: int, sentences: int = 3) -> str:
    """Return a sample paragraph."""
    return " ".join(SENTENCE.format(f"{number}.{n}") for n in range(1, sentences + 1))


def pdf(pages: list[list[tuple]], title: str = "") -> bytes:
    """Make a PDF of pages given as (x, y, size, words) or (x, y, size, words, "bold"); y is
    upwards, in points.
    """
    objects = [b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>", b""]
    objects += [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
        for name in ("Helvetica", "Helvetica-Bold")
    ]
    objects.append(b"<< /Title (" + title.encode("cp1252") + b") >>")
    kids = []
    for page in pages:
        stream = b"\n".join(_shown(*item) for item in page)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        fonts = "/Font << /F1 3 0 R /F2 4 0 R >>"
        box = f"/MediaBox [0 0 {A4[0]} {A4[1]}]"
        what = (
            f"<< /Type /Page /Parent 2 0 R {box} /Resources << {fonts} >> /Contents "
            f"{len(objects)} 0 R >>"
        )
        objects.append(what.encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    return _pdf_file(objects)


def _shown(x: float, y: float, size: float, words: str, weight: str = "") -> bytes:
    font = "F2" if weight == "bold" else "F1"
    escaped = (
        words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    )
    return f"BT /{font} {size} Tf {x} {y} Td (".encode() + escaped + b") Tj ET"


def _pdf_file(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Write objects, their table and the trailer (PDF 1.7, 7.5)."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer << /Size %d /Root 1 0 R /Info 5 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer,
        start,
    )


def scanned_pdf() -> bytes:
    """Make a PDF whose only page is a picture, here a grey square."""
    return pdf([[]])


def locked_pdf() -> bytes:
    """Make a PDF that wants a password: its keys fit no empty one (PDF 1.7, 7.6)."""
    key = b"<" + b"00" * 32 + b">"
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >> /ID [<00><00>]" % (
        key,
        key,
    )
    whole = pdf([[(72, 700, 11, "Sample")]])
    return whole.replace(b"/Info 5 0 R ", b"/Info 5 0 R " + lock)


def wrapped(words: str, x: float, y: float, size: float = 11, width: int = 80) -> list[tuple]:
    """Break words into lines of a PDF of at most `width` signs, from y downwards."""
    lines, line = [], ""
    for word in words.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [(x, y - n * LEADING, size, each) for n, each in enumerate([*lines, line])]


def long_pdf(pages: int) -> bytes:
    """Make a PDF of many full pages, each with a running head and a number."""
    made = []
    for number in range(1, pages + 1):
        page = [(72, 800, 9, "Sample declaration of associations"), (290, 30, 9, f"{number}")]
        for n in range(4):
            page += wrapped(prose(number * 10 + n, 7), 72, 760 - n * 170)
        made.append(page)
    return pdf(made)


def word(build) -> bytes:
    """Make a Word document; `build` puts its content into an empty python-docx Document."""
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def tracked(paragraph, gone: str, come: str) -> None:
    """Add tracked changes to a paragraph: words deleted and words inserted."""
    names = nsdecls("w")
    change = 'w:id="1" w:author="Sample"'
    paragraph._p.append(
        parse_xml(f"<w:del {names} {change}><w:r><w:delText>{gone}</w:delText></w:r></w:del>")
    )
    paragraph._p.append(parse_xml(f"<w:ins {names} {change}><w:r><w:t>{come}</w:t></w:r></w:ins>"))


def archive(members: dict[str, bytes], base: bytes = b"") -> bytes:
    """Make a zip file, from another one with some members changed or added."""
    held = {}
    if base:
        with zipfile.ZipFile(io.BytesIO(base)) as old:
            held = {name: old.read(name) for name in old.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (held | members).items():
            new.writestr(name, content)
    return out.getvalue()


FOOTNOTE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:footnote w:id="2"><w:p><w:r><w:t>The sample text of the note.</w:t></w:r></w:p></w:footnote></w:footnotes>"""
FOOTNOTES_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def word_with_footnote() -> bytes:
    """Make a Word document with one real footnote."""

    def build(document):
        paragraph = document.add_paragraph("We call for sample skills")
        reference = f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'
        paragraph._p.append(parse_xml(reference))
        paragraph.add_run(" in every region of the seven countries.")

    base = word(build)
    with zipfile.ZipFile(io.BytesIO(base)) as old:
        relations = old.read("word/_rels/document.xml.rels").decode()
    link = (
        f'<Relationship Id="rId99" Type="{FOOTNOTES_TYPE}" Target="footnotes.xml"/></Relationships>'
    )
    relations = relations.replace("</Relationships>", link)
    return archive(
        {
            "word/footnotes.xml": FOOTNOTE.encode(),
            "word/_rels/document.xml.rels": relations.encode(),
        },
        base,
    )


def page(body: str, head: str = "", language: str = "en") -> bytes:
    """Make a web page."""
    head = f'<head><meta charset="utf-8">{head}</head>'
    return f'<!doctype html><html lang="{language}">{head}<body>{body}</body></html>'.encode()
