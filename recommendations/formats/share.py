"""What a page offers for sharing: links, QR code, social card, metadata."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote, urlencode

import segno
from django.utils.safestring import SafeString

from . import citations, html_meta, social_card
from .absolute_url import permalink
from .citations import Record

WHOLE = 300  # characters; of a longer quote a text fragment names only how it begins and ends
ENDS = 5  # words of each of these
QUIET = 4  # modules of white that a QR code needs around it (ISO/IEC 18004)
MASK = 2  # of the eight patterns that part dark and light modules; each code tells its own
# as Django's json_script
NOT_IN_SCRIPT = {ord(each): f"\\u{ord(each):04X}" for each in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class QRCode:
    """A QR code as SVG path data; `side` counts modules, the quiet zone included."""

    side: int
    path: str


@dataclass(frozen=True)
class Sharing:
    """What the page of an entry offers for sharing."""

    link: str
    picture: str  # the address of the social card
    alt: str
    original: str  # into the publication elsewhere, at the words; "" where it has no address
    mail: str
    qr: QRCode
    tags: html_meta.Tags
    data: SafeString  # JSON-LD, ready for a <script> that is not run
    oembed: list[tuple[str, str]]  # (media type, address)


def sharing(entry, record: Record) -> Sharing:
    """Return what an entry's page offers for sharing."""
    link, path = permalink(entry.get_absolute_url()), entry.get_absolute_url()
    words = " … ".join(f"“{passage.words}”" for passage in entry.passages)
    of_entry = {key: value for key, value in record.items() if key != "version"} | {"URL": link}
    mail = {
        "subject": f"{entry.code}: {entry.title}",
        "body": f"{words}\n\n{citations.sentence(of_entry)}\n",
    }
    asked = [("application/json+oembed", "json"), ("text/xml+oembed", "xml")]
    return Sharing(
        link=link,
        picture=permalink(f"{path}.png?v={social_card.key(card(entry))}"),
        alt=f"The words of {entry.code} under a yellow highlighter, with theme and source",
        original=at_words(entry.source.url, entry.passages) if entry.source.url else "",
        mail=f"mailto:?{urlencode(mail, quote_via=quote)}",
        qr=qr_code(link),
        tags=html_meta.tags(record),
        data=embedded(html_meta.quotation(entry, record, permalink)),
        oembed=[
            (kind, f"{permalink('/oembed')}?{urlencode({'url': link, 'format': name})}")
            for kind, name in asked
        ],
    )


def card(entry) -> social_card.Card:
    """Say what is drawn on an entry's social card."""
    source, day = entry.source, entry.source.issued_on
    dated = f"{day.day} {citations.MONTHS[day.month - 1]} {day.year}"
    where = citations.in_words(citations.paragraphs_of(entry))
    return social_card.Card(
        code=entry.code,
        quotes=tuple(passage.words for passage in entry.passages),
        themes=tuple((theme.sign, theme.label) for theme in entry.themes.all()),
        issuers=", ".join(issuer.name for issuer in source.issuers.all()),
        source=", ".join(filter(None, [source.short_title, dated, where])),
        remark="From a former text" if any(passage.is_orphan for passage in entry.passages) else "",
    )


def at_words(url: str, passages: Sequence) -> str:
    """Return an address that leads a browser to the words (URL Fragment Text Directives, WICG).

    It includes the words before and after a passage in the same paragraph: whole words, as the
    directive demands, and no bullet, which is no text on most pages.
    """
    before, _, fragment = url.partition("#")
    directives = "&".join(f"text={_directive(passage)}" for passage in passages)
    return f"{before}#{fragment}:~:{directives}" if directives else url


def qr_code(link: str) -> QRCode:
    """Draw the QR code of an address, for a page."""
    runs = []
    for y, row in enumerate(_qr(link).matrix):
        x = QUIET
        for is_dark, group in groupby(row):
            width = len(list(group))
            if is_dark:
                runs.append(f"M{x} {y + QUIET}.5h{width}")
            x += width
    return QRCode(y + 1 + 2 * QUIET, "".join(runs))


def qr_file(link: str, kind: str) -> bytes:
    """Return the QR code of an address as a file, "svg" or "png", of some 600 pixels a side."""
    extras = {"svgclass": None, "lineclass": None, "title": link} if kind == "svg" else {}
    out = io.BytesIO()
    _qr(link).save(out, kind=kind, scale=16, border=QUIET, light="#fff", **extras)
    return out.getvalue()


def _qr(link: str) -> segno.QRCode:
    """Encode an address; the mask is fixed, since trying all eight takes long."""
    return segno.make(link, error="m", micro=False, mask=MASK)


def embedded(data: dict) -> SafeString:
    """Return data as JSON that cannot end the <script> in which it stands."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return SafeString(written.translate(NOT_IN_SCRIPT))


def _directive(passage) -> str:
    words, text = passage.quote.split(), " ".join(passage.quote.split())
    is_long = len(text) > WHOLE or "\n" in passage.quote
    named = [text]
    if is_long and len(words) > 2 * ENDS:
        named = [" ".join(words[:ENDS]), " ".join(words[-ENDS:])]
    before, after = passage.prefix.rpartition("\n")[2], passage.suffix.partition("\n")[0]
    prefix, suffix = _whole_words(before.partition(" ")[2]), _whole_words(after.rpartition(" ")[0])
    parts = [*([f"{_encoded(prefix)}-"] if prefix else []), *map(_encoded, named)]
    return ",".join([*parts, *([f"-{_encoded(suffix)}"] if suffix else [])])


def _whole_words(text: str) -> str:
    """Leave out what holds no word, such as a bullet."""
    return " ".join(text.split()) if any(map(str.isalnum, text)) else ""


def _encoded(text: str) -> str:
    """Percent-encode for a text directive, in which "-", "," and "&" have a meaning."""
    return quote(text, safe="").replace("-", "%2D")
