"""Files made to harm whoever reads them; every one is built here, and holds sample text or
nothing.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.extraction_samples import archive, locked_pdf, long_pdf, page, pdf, prose, word, wrapped

MEGABYTE = 1024**2
SAMPLE = prose(1)
PDF = pdf([wrapped(SAMPLE, 72, 700)])
WORD = word(lambda document: document.add_paragraph(SAMPLE))
PAGE = page(f"<p>{SAMPLE}</p>")
OPENING = b'<?xml version="1.0"?>'
BODY = (
    "<w:document "
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    "%s</w:t></w:r></w:p></w:body></w:document>"
)
ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
LAUGHS = f"<!DOCTYPE a [<!ENTITY a0 'ha'>{ENTITIES}]>"
LONG = f"<!DOCTYPE a [<!ENTITY a '{'a' * 100_000}'>]>"
THIEF = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
CALLER = '<!DOCTYPE a [<!ENTITY % a SYSTEM "http://127.0.0.1:9/sample.dtd"> %a;]>'


def files() -> Iterator[tuple[str, str, bytes]]:
    """Yield each file with a word on what it is, and the name that it comes under."""
    for kind, made in (("docx", words()), ("html", pages()), ("pdf", pdfs())):
        for what, data in made:
            yield f"{kind}: {what}", f"sample.{kind}", data


def words() -> Iterator[tuple[str, bytes]]:
    """Yield Word files."""
    yield "200 MB of zeros", document(b"\0" * (200 * MEGABYTE))
    yield "200 MB of spaces", document(OPENING + b" " * (200 * MEGABYTE))
    yield "archives in archives", nested()
    yield "a thousand members that overlap", overlapping()
    yield "a member that lies about its size", lying(10)
    yield "a member that claims 4 GB", lying(0xFFFFFFF0)
    yield "a million laughs", document(OPENING + (LAUGHS + BODY % "&a11;").encode())
    yield "quadratic growth", document(OPENING + (LONG + BODY % ("&a;" * 50_000)).encode())
    yield "an entity of a file", document(OPENING + (THIEF + BODY % "&a;").encode())
    yield "an entity of a server", document(OPENING + (CALLER + BODY % "Sample").encode())
    yield (
        "100,000 nested tags",
        document(("<w:p>" * 100_000 + "</w:p>" * 100_000).join(BODY.split("%s")).encode()),
    )
    tables = "<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000
    yield (
        "tables in tables",
        document((BODY % f"</w:t></w:r></w:p>{tables}<w:p><w:r><w:t>").encode()),
    )
    yield "a huge attribute", document((BODY % f'</w:t><w:t x="{"a" * 9 * MEGABYTE}">').encode())
    yield (
        "members that lead out of it",
        archive({"../../../tmp/sample": b"Sample", "/tmp/sample": b"Sample"}, WORD),
    )
    yield "a page before it", PAGE + WORD
    yield "a PDF before it", PDF + WORD
    yield "an empty archive", archive({})
    yield "100,000 members", archive({f"word/{n}.xml": b"" for n in range(100_000)}, WORD)


def pages() -> Iterator[tuple[str, bytes]]:
    """Yield web pages."""
    yield "100,000 nested tags", page("<div>" * 100_000 + SAMPLE)
    yield "100,000 nested words in bold", page(f"<p>{'<b>' * 100_000}{SAMPLE}</p>")
    yield "50,000 nested lists", page("<ul><li>Sample" * 50_000)
    yield "tables in tables", page("<table><tr><td>" * 20_000 + SAMPLE)
    yield "a huge attribute", page(f'<p title="{"a" * 9 * MEGABYTE}">{SAMPLE}</p>')
    yield (
        "100,000 attributes",
        page(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>{SAMPLE}</p>"),
    )
    yield "a million paragraphs", page("<p>a" * 1_000_000)
    yield "a million laughs", (LAUGHS + f"<p>&a11;</p><p>{SAMPLE}</p>").encode()
    yield "an entity of a file", (THIEF + f"<html><body><p>&a;</p><p>{SAMPLE}</p>").encode()
    yield "an encoding that is none", b'<html><meta charset="sample-7"><p>' + SAMPLE.encode()
    yield "UTF-7", b'<html><meta charset="utf-7"><p>+ADw-script+AD4-' + SAMPLE.encode()
    yield "a comment without end", page(f"<p>{SAMPLE}</p><!--" + "-" * MEGABYTE)
    yield "a tag without end", page(f"<p>{SAMPLE}</p><a " + "<" * MEGABYTE)
    yield "a Word document behind it", PAGE + WORD
    yield "half a surrogate pair", page(f"<p>&#xD800;&#xDFFF;&#0;&#x110000; {SAMPLE}</p>")


def pdfs() -> Iterator[tuple[str, bytes]]:
    """Yield PDF files."""
    catalogue = b"<</Type/Catalog/Pages 2 0 R%s>>"
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R%s>>"
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    yield "10,000 pages", pdf([[(72, 700, 11, "Sample")] for _ in range(10_000)])
    yield "pages that claim to be 2,000,000,000", PDF.replace(b"/Count 1", b"/Count 2000000000")
    yield "300 full pages", long_pdf(300)
    yield (
        "a tree of pages that holds itself",
        objects(catalogue % b"", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"),
    )
    yield "a page that is its own content", objects(catalogue % b"", tree, leaf % b"", b"4 0 R")
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>"
    resources = b"/Resources<</XObject<</A 4 0 R>>>>"
    yield (
        "a drawing that draws itself",
        objects(catalogue % b"", tree, leaf % resources, stream(b"/A Do " * 50, form)),
    )
    script = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);while\\(true\\){})>>"
    yield "a script", objects(catalogue % script, tree, leaf % b"", stream(b"BT ET"))
    launch = b"/OpenAction<</S/Launch/F(/bin/sh)>>"
    yield "a program to launch", objects(catalogue % launch, tree, leaf % b"", stream(b"BT ET"))
    zeros = zlib.compress(b" " * (300 * MEGABYTE), 9)
    yield (
        "300 MB of spaces",
        objects(catalogue % b"", tree, leaf % b"", stream(zeros, b"<</Filter/FlateDecode")),
    )
    twice = stream(zlib.compress(zeros, 9), b"<</Filter[/FlateDecode/FlateDecode]")
    yield "packed twice", objects(catalogue % b"", tree, leaf % b"", twice)
    yield "a password", locked_pdf()
    yield (
        "an array 100,000 deep",
        objects(catalogue % (b"/A " + b"[" * 100_000 + b"]" * 100_000), tree, leaf % b""),
    )
    yield (
        "a table of objects that points at itself",
        PDF.replace(b"/Root 1 0 R", b"/Prev 9/Root 1 0 R"),
    )
    yield "objects that refer to each other", objects(b"2 0 R", b"1 0 R")
    yield "a Word document behind it", PDF + WORD
    yield "a page before it", PAGE + PDF
    yield "a header and nothing else", b"%PDF-1.7\n" + b"%" * MEGABYTE
    yield "9 MB of letters", pdf([[(0, 700, 0.1, "a" * 90_000)] for _ in range(100)])


def texts() -> Iterator[tuple[str, str, bytes]]:
    """Yield texts that are long in one way, to be made declarations: nothing may lose itself in
    them.
    """
    made = {
        "one long word": "a" * 500_000,
        "one long line": "We call on governments to act and " * 30_000,
        "brackets": "(" * 200_000 + "We call on governments to act.",
        "full stops": "." * 300_000,
        "spaces": f"We call{' ' * 400_000}on governments.",
        "line ends": "\n" * 500_000 + "We call on governments to act.",
        "numbers": "1.1." * 100_000,
        "bullets": "• We urge companies to act on sample matters.\n" * 20_000,
        "quotation marks": "“" * 200_000,
        "capitals": "A. " * 150_000,
        "hyphens": "sample-" * 100_000,
        "marks upon one letter": "e" + "\u0301" * 300_000,
        "joined signs": "\U0001f468\u200d" * 100_000,
        "right to left": "\u202e\u05d0\u05d1 " * 100_000,
        "commas": "governments, " * 60_000 + "should act.",
        "Japanese": "政府は行動すべきである。" * 30_000,
    }
    for what, text in made.items():
        yield f"txt: {what}", "sample.txt", text.encode()


def document(content: bytes) -> bytes:
    """Make a Word file of another main part."""
    return archive({"word/document.xml": content}, WORD)


def nested() -> bytes:
    """Make an archive of archives of archives, each of ten, with a main part that is one too."""
    inner = archive({"zeros": b"\0" * MEGABYTE})
    for _ in range(5):
        inner = archive({f"{n}.zip": inner for n in range(10)})
    return archive({"word/document.xml": inner, "word/embeddings/sample.zip": inner}, WORD)


def overlapping() -> bytes:
    """Make an archive whose directory names the same packed megabytes a thousand times."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b" " * (20 * MEGABYTE)
    data = packed.compress(plain) + packed.flush()
    sums = struct.pack("<III", zlib.crc32(plain), len(data), len(plain))
    name = b"word/document.xml"
    whole = (
        b"PK\3\4"
        + struct.pack("<HHHHH", 20, 0, 8, 0, 33)
        + sums
        + struct.pack("<HH", len(name), 0)
        + name
        + data
    )
    directory = b""
    for number in range(1000):
        each = name if number == 0 else b"word/header%d.xml" % number
        head = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sums
        directory += head + struct.pack("<HHHHHII", len(each), 0, 0, 0, 0, 0, 0) + each
    end = struct.pack("<HHHHIIH", 0, 0, 1000, 1000, len(directory), len(whole), 0)
    return whole + directory + b"PK\5\6" + end


def lying(claimed: int) -> bytes:
    """Make a Word file that says of its main part that it is of another size."""
    whole = bytearray(WORD)
    with zipfile.ZipFile(io.BytesIO(WORD)) as packed:
        member = packed.getinfo("word/document.xml")
    for mark, place in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        at = whole.find(mark)
        while at >= 0:
            if whole[at + place : at + place + 4] == struct.pack("<I", member.file_size):
                whole[at + place : at + place + 4] = struct.pack("<I", claimed)
            at = whole.find(mark, at + 4)
    return bytes(whole)


def stream(data: bytes, head: bytes = b"<<") -> bytes:
    """Write a PDF's stream object; `head` is the beginning of its dictionary."""
    return head + b"/Length %d>>\nstream\n%s\nendstream" % (len(data), data)


def objects(*contents: bytes) -> bytes:
    """Write a PDF of numbered objects, the first of them its catalogue (PDF 1.7, 7.5)."""
    whole, places = b"%PDF-1.7\n", []
    for number, content in enumerate(contents, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(contents) + 1, len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return whole + b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
