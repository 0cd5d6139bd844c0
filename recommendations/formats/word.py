"""DOCX (ISO/IEC 29500): a briefing to edit, with styles, source notes and links."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor

from .absolute_url import permalink
from .atom import clean
from .citations import one_line

LANGUAGE = "en-GB"  # of the editors' words; a quote has its source's
BLUE = RGBColor(0x1A, 0x5D, 0x9E)


def briefing(gathered) -> bytes:
    """Render a briefing: recommendations, source notes, works cited, and what is missing."""
    document = _blank()
    document.add_heading("Briefing", 0)
    opening = document.add_paragraph("TECH7 Recommendations, quoted word for word: ")
    _link(opening, gathered.link, gathered.link)
    for item in gathered.items:
        _item(document, item)
    if gathered.items:
        document.add_heading("Source notes", 1)
    for item in gathered.items:
        _note(document, item)
    if gathered.works:
        document.add_heading("Works referred to", 1)
    for source, codes in gathered.works:
        _work(document, source, codes)
    if gathered.missing:
        document.add_heading("Not in this briefing", 1)
    for missing in gathered.missing:
        instead = f" Use {missing.final.code} instead." if missing.replace else ""
        document.add_paragraph(_line(missing.why) + instead, "List Bullet")
    return _timeless(document)


def _timeless(document) -> bytes:
    """Return the file without its date, so that the same briefing is the same bytes."""
    made, timeless = BytesIO(), BytesIO()
    document.save(made)
    with ZipFile(made) as parts, ZipFile(timeless, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            archive.writestr(ZipInfo(name), parts.read(name), ZIP_DEFLATED)
    return timeless.getvalue()


def _blank():
    """Return an empty A4 document without the template's own properties."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(25))
    language = next(document.styles.element.iter(qn("w:lang")))
    language.set(qn("w:val"), LANGUAGE)
    about = document.core_properties
    about.title, about.author = "Briefing", "TECH7 Recommendations"
    about.language, about.comments = LANGUAGE, ""
    return document


def _item(document, item) -> None:
    entry = item.entry
    heading = document.add_heading(f"{item.number}. {_line(entry.title)}", 1)
    _link(heading, str(item.number), anchor=f"note{item.number}").font.superscript = True
    where = document.add_paragraph()
    _link(where, entry.code, permalink(entry.get_absolute_url()))
    where.add_run("".join(f" · {_line(theme.label)}" for theme in entry.themes.all()))
    if item.to:
        document.add_paragraph(f"To: {_line(item.to)}")
    for passage in entry.passages:
        quote = document.add_paragraph(style="Quote").add_run(clean(passage.words))
        _set_language(quote, entry.source.language)
        if passage.is_orphan:
            address = permalink(passage.text_address)
            _link(document.add_paragraph("From a former text, corrected since: "), address, address)


def _note(document, item) -> None:
    note = document.add_paragraph()
    note.paragraph_format.left_indent, note.paragraph_format.first_line_indent = Mm(8), Mm(-8)
    for name, attributes in (
        ("w:bookmarkStart", {"w:name": f"note{item.number}"}),
        ("w:bookmarkEnd", {}),
    ):
        mark = OxmlElement(name)
        for key, value in ({"w:id": str(item.number)} | attributes).items():
            mark.set(qn(key), value)
        note.paragraph_format.element.append(mark)
    note.add_run(f"{item.number}.\t{_line(item.note)} ")
    _link(note, item.url, item.url)


def _work(document, source, codes: list[str]) -> None:
    work, title = document.add_paragraph(style="List Bullet"), _line(source.title)
    run = _link(work, title, source.url) if source.url else work.add_run(title)
    _set_language(run, source.language)
    issuers = "".join(f", {_line(issuer.name)}" for issuer in source.issuers.all())
    work.add_run(
        f"{issuers}, {source.issued_on.day} {source.issued_on:%B %Y}. Cited by {', '.join(codes)}."
    )


def _link(paragraph, text: str, url: str = "", anchor: str = ""):
    """Add a link, to an address or to a bookmark of the document; return the run with its words."""
    link, run = OxmlElement("w:hyperlink"), paragraph.add_run(text)
    if url:
        relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), relation)
    else:
        link.set(qn("w:anchor"), anchor)
    run.font.color.rgb, run.font.underline = BLUE, bool(url)
    link.append(run.font.element)
    paragraph.paragraph_format.element.append(link)
    return run


def _set_language(run, language: str) -> None:
    """Set the language of words, for spelling and reading aloud."""
    language_tag = OxmlElement("w:lang")
    for script in ("w:val", "w:eastAsia", "w:bidi"):
        language_tag.set(qn(script), language)
    run.font.element.get_or_add_rPr().append(language_tag)


def _line(text: str) -> str:
    return clean(one_line(text))
