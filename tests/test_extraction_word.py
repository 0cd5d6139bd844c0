"""What is read from a Word document, and which archives are refused before anything parses them."""

import re
from datetime import date

import pytest
from extraction_samples import archive, prose, tracked, word, word_with_footnote

from recommendations.ingest.extract import Unreadable, compose, docx_numbering
from recommendations.ingest.extract.readers import read

SAMPLE = word(lambda document: document.add_paragraph(prose(1)))
DOCUMENT = "word/document.xml"


def declaration(document):
    section = document.sections[0]
    section.header.paragraphs[0].text = "Sample header"
    section.footer.paragraphs[0].text = "Sample footer"
    document.add_heading("Sample declaration of associations", 0)
    document.add_paragraph("Rome, 3 June 2026")
    document.add_heading("Skills", 1)
    paragraph = document.add_paragraph("Governments should fund sample training")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(" in every region.")
    document.add_comment(paragraph.runs, text="Sample comment", author="Sample")
    document.add_paragraph("Train teachers.", style="List Bullet")
    document.add_paragraph("First measure.", style="List Number")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Skills", "2030"
    changed = document.add_paragraph("Standards should be ")
    tracked(changed, "closed", "open")
    changed.add_run(" and shared by all of the parties.")


def test_a_word_document_is_read_without_header_footer_comment_and_deleted_words():
    document = read(word(declaration), "sample.docx")
    assert (document.kind, document.title) == ("docx", "Sample declaration of associations")
    assert (document.issued_on, document.language) == (date(2026, 6, 3), "en")
    assert [(piece.kind, piece.text) for piece in document.pieces if piece.kept] == [
        ("heading", "Skills"),
        ("paragraph", "Governments should fund sample training1 in every region."),
        ("bullet", "Train teachers."),
        ("numbered", "1. First measure."),
        ("paragraph", "Skills | 2030"),
        ("paragraph", "Standards should be open and shared by all of the parties."),
    ]
    assert [piece.text for piece in document.pieces if not piece.kept] == [
        document.title,
        "Rome, 3 June 2026",
    ]
    text, [[start, end]] = compose(document.pieces)
    assert text[start - 8 : end] == "training1"


def counted(document):
    for words, style in [
        ("First.", "List Number"),
        ("A point of it.", "List Bullet 2"),
        ("Second.", "List Number"),
        ("Deeper.", "List Number 2"),
    ]:
        document.add_paragraph(words, style=style)
    document.add_heading("A heading between", 1)
    document.add_paragraph("Third.", style="List Number")


def test_numbers_go_on_as_word_shows_them():
    pieces = read(word(counted), "sample.docx").pieces
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("numbered", "1. First."),
        ("bullet", "A point of it."),
        ("numbered", "2. Second."),
        ("numbered", "1. Deeper."),
        ("heading", "A heading between"),
        ("numbered", "3. Third."),
    ]


LEVELS = (
    '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Part '
    '%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText '
    'w:val="(%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText '
    'w:val="%1.%2.%3"/></w:lvl>'
)


def of_list(places: list[tuple[int, int]]) -> list[str]:
    """Return the paragraphs of a document, each at (number of its list, depth), whose lists share
    one definition.
    """
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraphs = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId '
        f'w:val="{number}"/></w:numPr></w:pPr>'
        "<w:r><w:t>Aim</w:t></w:r></w:p>"
        for number, depth in places
    )
    numbering = (
        f'<w:numbering {names}><w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num '
        'w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride '
        'w:val="9"/></w:lvlOverride></w:num></w:numbering>'
    )
    document = f"<w:document {names}><w:body>{paragraphs}</w:body></w:document>"
    members = {DOCUMENT: document.encode(), "word/numbering.xml": numbering.encode()}
    written = docx_numbering.numbered(members)[DOCUMENT].decode()
    return [
        "".join(re.findall(r"<w:t>([^<]*)</w:t>", each)) for each in written.split("</w:p>")[:-1]
    ]


def test_numbers_have_the_signs_and_the_words_of_their_lists():
    assert of_list(
        [(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (2, 0), (1, 0), (7, 0), (1, 8)]
    ) == [
        "Part III. Aim",
        "(a) Aim",
        "(b) Aim",
        "III.b.1 Aim",
        "Part IV. Aim",
        "(a) Aim",
        "Part IX. Aim",
        "Part X. Aim",
        "Aim",
        "Aim",
    ]


def test_a_footnote_is_a_note_and_its_sign_has_no_brackets():
    document = read(word_with_footnote(), "sample.docx")
    assert compose(document.pieces) == (
        "We call for sample skills1 in every region of the seven countries.\n",
        [[25, 26]],
    )
    assert [(piece.kind, piece.text, piece.reason) for piece in document.pieces[1:]] == [
        ("note", "1. The sample text of the note.", "footnote")
    ]


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({DOCUMENT: b"<a>" + b" " * 20_000_000 + b"</a>"}, "unpacks to far more"),
        ({f"word/{n}.xml": b"" for n in range(2_001)}, "unpacks to far more"),
        ({"../outside.xml": b"<a/>"}, "lead out of it"),
        ({"/etc/outside.xml": b"<a/>"}, "lead out of it"),
        ({"word\\..\\outside.xml": b"<a/>"}, "lead out of it"),
        ({DOCUMENT: b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}, "declares entities"),
        ({DOCUMENT: b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'}, "declares entities"),
        (
            {
                "word/footnotes.xml": b"<!DOCTYPE a [<!ENTITY x SYSTEM "
                b'"file:///etc/passwd">]><a>&x;</a>'
            },
            "declares entities",
        ),
        ({DOCUMENT: nested(250)}, "nested too deeply"),
        ({DOCUMENT: b"<a>"}, "damaged"),
        ({DOCUMENT: b"<a/>"}, "damaged"),
        ({DOCUMENT: b""}, "damaged"),
    ],
)
def test_a_hostile_or_broken_archive_is_refused(members, reason):
    with pytest.raises(Unreadable, match=reason):
        read(archive(members, SAMPLE), "sample.docx")


def test_sizes_that_an_archive_lies_about_are_refused():
    honest = archive({"word/more.xml": b" " * 900_000}, SAMPLE)
    lying = honest.replace((900_000).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(Unreadable, match="damaged"):
        read(lying, "sample.docx")


def test_a_document_cut_short_or_without_words_is_refused():
    with pytest.raises(Unreadable, match="damaged"):
        read(SAMPLE[: len(SAMPLE) // 2] + b"word/document.xml", "sample.docx")
    with pytest.raises(Unreadable, match="no text"):
        read(word(lambda document: None), "sample.docx")


def test_another_zip_file_is_refused():
    with pytest.raises(Unreadable, match="no Word document"):
        read(archive({"xl/workbook.xml": b"<a/>"}), "sample.docx")
