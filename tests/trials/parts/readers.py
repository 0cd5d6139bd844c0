"""A reader for each format: it fails where a file is not what its ending says, and tells of what
others would run.
"""

import csv
import io
import json
import re
from collections.abc import Callable

import bibtexparser
import docx
import rispy
from lxml import etree, html
from markdown_it import MarkdownIt
from PIL import Image

FORMULA = tuple("=+-@\t\r")


def of(path: str) -> Callable[[bytes], list[str]]:
    """Return the reader for an address; it returns faults in words, and raises what it stumbles
    over.
    """
    name = path.partition("?")[0]
    return next((reader for ending, reader in READERS.items() if name.endswith(ending)), as_text)


def as_text(body: bytes) -> list[str]:
    body.decode()
    return []


def as_json(body: bytes) -> list[str]:
    """Read JSON, and what in it is meant to be shown as HTML (JSON Feed's `content_html`, oEmbed's
    `html`).
    """
    held = json.loads(body)
    things = [held, *held.get("items", [])] if isinstance(held, dict) else []
    shown = [
        each.get(key, "")
        for each in things
        if isinstance(each, dict)
        for key in ("content_html", "html")
    ]
    return [fault for markup in shown if isinstance(markup, str) for fault in run(markup)]


def as_csv(body: bytes) -> list[str]:
    head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
    found = [f"a row has {len(row)} cells of {len(head)}" for row in rows if len(row) != len(head)]
    return found + [
        f"a formula: {cell[:60]}" for row in rows for cell in row if cell.startswith(FORMULA)
    ]


def as_bibtex(body: bytes) -> list[str]:
    text = body.decode()
    library = bibtexparser.parse_string(text)
    told = len(re.findall(r"^@\w+\{", text, re.MULTILINE))
    faults = [str(block.error) for block in library.failed_blocks]
    return faults + (
        []
        if len(library.entries) == told
        else [f"{len(library.entries)} entries are read of {told}"]
    )


def as_ris(body: bytes) -> list[str]:
    found = rispy.loads(body.decode())
    told = body.decode().count("TY  - ")
    return [] if len(found) == told else [f"{len(found)} records are read of {told}"]


def as_xml(body: bytes) -> list[str]:
    """Read XML, and what in it is meant to be shown as HTML (RFC 4287, section 3.1.1.2; oEmbed,
    `html`).
    """
    root = etree.fromstring(body)
    return [
        fault
        for each in root.iter()
        if "html" in (each.get("type"), each.tag)
        for fault in run(each.text or "")
    ]


def as_svg(body: bytes) -> list[str]:
    root = etree.fromstring(body)
    return [f"an element {each.tag}" for each in root.iter() if "script" in str(each.tag)]


def as_markdown(body: bytes) -> list[str]:
    return run(MarkdownIt("commonmark").render(body.decode()))


def as_word(body: bytes) -> list[str]:
    held = docx.Document(io.BytesIO(body)).part.rels.values()
    links = [each.target_ref for each in held if each.is_external]
    return [
        f"leads to {link[:60]}" for link in links if not link.startswith(("https://", "http://"))
    ]


def as_picture(body: bytes) -> list[str]:
    Image.open(io.BytesIO(body)).verify()
    return []


def run(markup: str) -> list[str]:
    """Return what a reader that shows HTML would run or load of it."""
    found = []
    for each in html.document_fromstring(f"<div>{markup}</div>").iter(etree.Element):
        names = {name.lower(): value for name, value in each.attrib.items()}
        unsafe = (
            str(names.get("href", ""))
            .strip()
            .lower()
            .startswith(("javascript:", "data:", "vbscript:"))
        )
        loads = "hostile.invalid" in str(names.get("src", ""))
        if (
            "planted" in names
            or each.tag == "script"
            or any(name.startswith("on") for name in names)
            or unsafe
            or loads
        ):
            found.append(f"would run {etree.tostring(each)[:100]}")
    return found


READERS = {
    ".csl.json": as_json,
    ".json": as_json,
    ".jsonfeed": as_json,
    "/oembed": as_json,
    "/schema": as_json,
    ".csv": as_csv,
    ".bib": as_bibtex,
    ".ris": as_ris,
    ".atom": as_xml,
    ".xml": as_xml,
    ".svg": as_svg,
    ".md": as_markdown,
    ".docx": as_word,
    ".png": as_picture,
}
