"""DOCX (ISO/IEC 29500): a briefing to edit, with styles, footnotes and links."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, RGBColor
from docx.text.paragraph import Paragraph

from .absolute_url import permalink
from .atom import clean
from .citations import one_line

LANGUAGE = "en-GB"  # of the editors' words; a quote has its source's
BLUE = RGBColor(0x1A, 0x5D, 0x9E)


# the two lines that a word processor draws above footnotes
FOOTNOTES = f"""<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0">
<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
</w:footnotes>"""


def briefing(gathered) -> bytes:
    """Render a briefing: recommendations with footnotes, documents cited, and what is missing."""
    document = _blank()
    document.add_heading("Briefing", 0)
    opening = document.add_paragraph("TECH7 Recommendations, quoted word for word")
    if gathered.as_of:
        about = document.core_properties
        about.created = about.modified = gathered.as_of
        opening.add_run(f", as of {gathered.as_of.day} {gathered.as_of:%B %Y}")
    opening.add_run(": ")
    _link(opening, gathered.link, gathered.link)
    footnotes = XmlPart(
        PackURI("/word/footnotes.xml"),
        CONTENT_TYPE.WML_FOOTNOTES,
        parse_xml(FOOTNOTES),
        document.part.package,
    )
    document.part.relate_to(footnotes, RELATIONSHIP_TYPE.FOOTNOTES)
    for item in gathered.items:
        _footnote(footnotes, _item(document, item), item)
    if gathered.works:
        document.add_heading("Documents cited", 1)
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


def _item(document, item):
    """Add a recommendation; return the paragraph that its footnote belongs to."""
    entry = item.entry
    document.add_heading(f"{item.number}. {_line(entry.title)}", 1)
    where = document.add_paragraph()
    where.paragraph_format.keep_with_next = True
    _link(where, entry.code, permalink(entry.get_absolute_url()))
    where.add_run("".join(f" · {_line(theme.label)}" for theme in entry.themes.all()))
    if item.to:
        addressed = document.add_paragraph(f"To: {_line(item.to)}")
        addressed.paragraph_format.keep_with_next = True
    noted = where
    for passage in entry.passages:
        noted = document.add_paragraph(style="Quote")
        _set_language(noted.add_run(clean(passage.words)), entry.source.language)
        if passage.is_orphan:
            address = permalink(passage.text_address)
            _link(document.add_paragraph("From a former text, corrected since: "), address, address)
    return noted


def _footnote(footnotes: XmlPart, noted, item) -> None:
    """Add a footnote with the citation, and its number at the end of a paragraph."""
    number = {qn("w:id"): str(item.number)}
    footnote = OxmlElement("w:footnote", attrs=number)
    footnotes.element.append(footnote)
    words = OxmlElement("w:p")
    footnote.append(words)
    note = Paragraph(words, footnotes)
    note.paragraph_format.keep_together = True
    for paragraph, mark in (
        (noted, OxmlElement("w:footnoteReference", attrs=number)),
        (note, OxmlElement("w:footnoteRef")),
    ):
        run = paragraph.add_run()
        run.font.superscript = True
        run.font.element.append(mark)
    note.add_run(f" {_line(item.note)} ")
    _link(note, item.url, item.url)


def _work(document, source, codes: list[str]) -> None:
    work, title = document.add_paragraph(style="List Bullet"), _line(source.title)
    run = _link(work, title, source.url) if source.url else work.add_run(title)
    _set_language(run, source.language)
    issuers = "".join(f", {_line(issuer.name)}" for issuer in source.issuers.all())
    work.add_run(
        f"{issuers}, {source.issued_on.day} {source.issued_on:%B %Y}. Cited by {', '.join(codes)}."
    )


def _link(paragraph, text: str, url: str):
    """Add a link to an address; return the run with its words."""
    link, run = OxmlElement("w:hyperlink"), paragraph.add_run(text)
    relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), relation)
    run.font.color.rgb, run.font.underline = BLUE, True
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
