"""Every address of the site that an answer holds, whatever its format; and the bits of a test
client for them.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from itertools import groupby
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

import segno
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils.module_loading import import_string
from lxml import etree, html
from PIL import Image

ATTRIBUTES = ("href", "src", "cite", "content", "action", "data")
OURS = re.compile(r"""https?://[^\s"'<>{}|\\^`]+""")
LINK = re.compile(r"<([^>]*)>")
QUIET = 4  # modules of white around a QR code
NO_SUCH_CODE = "/the-qr-code-says-something-else"
NOT_FOR_READERS = ("/admin/", "/accounts/", "/static/", "/appearance")

Modules = list[list[bool]]  # of a QR code, row by row: whether each is dark


def part(path: str) -> object:
    """Return something of the site by its path below `recommendations`, which is known only once
    Django is set up.
    """
    return import_string(f"recommendations.{path}")


def stranger() -> Client:
    """Return a client without a cookie that turns an exception into the 500 that readers
    would see.
    """
    return Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")


def body(answer: HttpResponse) -> bytes:
    """Return the whole body, also of an answer that comes in parts."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def local(address: str, base: str = "/") -> str:
    """Return path, query and fragment of an address of the site, as seen on a page; "" for every
    other address.
    """
    whole = urljoin(settings.SITE_URL + base, address.strip())
    if not whole.startswith(settings.SITE_URL):
        return ""
    place = whole.removeprefix(settings.SITE_URL)
    if place and place[0] not in "/?#":
        return ""
    place = place if place.startswith("/") else f"/{place}"
    return "" if place.startswith(NOT_FOR_READERS) else place


def emitted(path: str, answer: HttpResponse, content: bytes) -> set[str]:
    """Return the addresses of the site that an answer holds, in its head and in its body."""
    told = [
        each for name in ("Link", "Location", "Content-Location") for each in _in_head(name, answer)
    ]
    kind = answer.get("Content-Type", "").partition(";")[0]
    read = next((reader for name, reader in READERS.items() if name in kind), in_text)
    found = {local(each, path) for each in (*told, *read(content, path))}
    return {each for each in found if each}


def _in_head(name: str, answer: HttpResponse) -> list[str]:
    value = answer.get(name, "")
    return LINK.findall(value) if name == "Link" else [value] * bool(value)


def in_html(content: bytes, path: str = "/") -> Iterator[str]:
    """Yield the addresses of a page: links, frames, forms that are asked with, and what stands in
    words and data.
    """
    root = html.document_fromstring(content or b"<p>")
    for each in root.iter(etree.Element):
        for name in ATTRIBUTES:
            value = each.get(name, "")
            if name == "content" or value.startswith(("mailto:", "data:")):
                yield from in_words(unquote(value))
            elif value and each.tag != "form":
                yield value
        if each.tag == "script" and each.get("type") == "application/ld+json":
            yield from in_json((each.text or "").encode(), path)
        if each.tag == "svg" and each.get("class") == "qr":
            yield in_qr(_drawn(each), path)
    yield from in_words(root.text_content())
    for form in root.forms:
        if (form.method or "GET").upper() == "GET":
            sent = [(name, value) for name, value in form.form_values() if value]
            place = urlsplit(form.action or path)
            yield place._replace(query=urlencode(sent) or place.query).geturl()


def in_words(words: str) -> Iterator[str]:
    """Yield the absolute addresses in words, without the signs that end a sentence."""
    for found in OURS.findall(words):
        yield found.rstrip(".,;:!?)]")


def in_text(content: bytes, path: str = "/") -> Iterator[str]:
    """Yield the absolute addresses in text of any kind."""
    yield from in_words(content.decode(errors="replace"))


def in_csv(content: bytes, path: str = "/") -> Iterator[str]:
    """Yield the addresses in the cells of a table."""
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        for cell in row:
            yield from in_words(cell)


def in_json(content: bytes, path: str = "/") -> Iterator[str]:
    """Yield the addresses in JSON: absolute ones anywhere, other ones where a member is called an
    address.
    """
    yield from _in_value(json.loads(content), "")


def _in_value(value: object, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _in_value(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _in_value(each, name)
    elif isinstance(value, str):
        is_address = (
            name in ("url", "@id", "next", "self", "page")
            and value.startswith("/")
            and " " not in value
        )
        yield from (
            [value] if is_address else in_html(value.encode()) if "<" in value else in_words(value)
        )


def in_xml(content: bytes, path: str = "/") -> Iterator[str]:
    """Yield the addresses in XML: attributes, text, and the pages that text holds."""
    for each in etree.fromstring(content).iter(etree.Element):
        text = unescape(each.text or "")
        yield from in_html(text.encode()) if "<" in text else in_words(text)
        for name, value in each.attrib.items():
            yield from [value] if name in ("href", "src") else in_words(value)


def in_word(content: bytes, path: str = "/") -> Iterator[str]:
    """Yield the addresses in a Word file: its words, and what its links lead to."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                yield from in_xml(packed.read(name))


def in_qr(seen: Modules, path: str) -> str:
    """Return what the QR code of an entry says: the entry's address, where its code in one of the
    eight masks is it.
    """
    address = settings.SITE_URL + path.removesuffix(".qr.png").removesuffix(".qr.svg")
    codes = (segno.make(address, error="m", micro=False, mask=mask).matrix for mask in range(8))
    return (
        address
        if seen in [[list(map(bool, row)) for row in code] for code in codes]
        else NO_SUCH_CODE
    )


def in_png(content: bytes, path: str = "/") -> Iterator[str]:
    """Yield what a picture says, where it is a QR code."""
    if path.endswith(".qr.png"):
        picture = Image.open(io.BytesIO(content)).convert("L")
        dark = picture.point(lambda shade: 255 * (shade < 128)).getbbox()
        scale = (dark[0] or 1) // QUIET
        places = [
            place * scale + scale // 2 for place in range(QUIET, picture.width // scale - QUIET)
        ]
        yield in_qr([[picture.getpixel((x, y)) < 128 for x in places] for y in places], path)


def in_svg(content: bytes, path: str = "/") -> Iterator[str]:
    """Yield what a drawing says, where it is a QR code, and the addresses in its words."""
    yield from in_xml(content, path)
    if path.endswith(".qr.svg"):
        yield in_qr(_drawn(etree.fromstring(content)), path)


def _drawn(drawing: etree.Element) -> Modules:
    """Return which modules of a QR code are dark: those that a stroke of SVG runs over (SVG 2,
    section 9.3).
    """
    (path,) = (each.get("d") for each in drawing.iter("{*}path") if each.get("stroke"))
    x = y = 0.0
    dark = set()
    for command, numbers in re.findall(r"([MmhH])([^a-zA-Z]*)", path):
        given = [float(number) for number in re.findall(r"-?[0-9]*\.?[0-9]+", numbers)]
        if command == "M":
            x, y = given
        elif command == "m":
            x, y = x + given[0], y + given[1]
        else:
            end = given[0] + (x if command == "h" else 0)
            dark |= {(column, int(y)) for column in range(int(x), int(end))}
            x = end
    side = max(row for _column, row in dark) + 1
    return [[(column, row) in dark for column in range(QUIET, side)] for row in range(QUIET, side)]


READERS: dict[str, Callable[[bytes, str], Iterable[str]]] = {
    "text/html": in_html,
    "text/csv": in_csv,
    "json": in_json,
    "wordprocessingml": in_word,
    "image/svg+xml": in_svg,
    "xml": in_xml,
    "image/png": in_png,
}


def kind(address: str) -> str:
    """Return an address with what differs between entries left out, so that those of one kind can
    be told.
    """
    parts = urlsplit(address)
    path = re.sub(r"[A-Z][A-Z0-9-]*-[0-9]{4}", "CODE", parts.path)
    path = re.sub(r"(?<=/themes/)[^/.]+", "theme", re.sub(r"CODE-[0-9]+", "ENTRY", path))
    names = sorted(dict(parse_qsl(parts.query, keep_blank_values=True)))
    asked = names[0] if len(names) == 1 else "several" if names else ""
    return f"{re.sub('[0-9]+', 'n', path)}?{asked}{'#' if parts.fragment else ''}"


def one_of_each(addresses: Iterable[str]) -> list[str]:
    """Return addresses in an order in which every kind comes before any comes again, and so on."""
    groups = [list(group) for _kind, group in groupby(sorted(addresses, key=kind), key=kind)]
    rows = [
        group[place : place + 1]
        for place in range(max(map(len, groups), default=0))
        for group in groups
    ]
    return [each for row in rows for each in row]
