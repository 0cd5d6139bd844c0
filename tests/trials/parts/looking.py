"""Looks through pages as a browser parses them, for words that became an element, an attribute or
an address.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from types import SimpleNamespace
from urllib.parse import urlsplit

from lxml import etree, html

from ..queries import running
from .addresses import part
from .desk import Answer, Desk
from .markup import ELEMENT

ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "poster",
    "cite",
    "data",
    "background",
    "srcset",
}
RUNS = re.compile(r"[\x00-\x20]*(javascript|vbscript):", re.IGNORECASE)
LEADS = re.compile(r"[\x00-\x20]*(data:|(https?:)?[/\\]{2}hostile\.invalid)", re.IGNORECASE)
TOLD = 6  # faults of one answer
DATA = ("application/json", "application/ld+json")  # scripts that are none
FORMULAS = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(1)",
    "\uff1d1+1",
    "\t=1",
    "\u200b=1",
    "Sample; =1+1",
    "Sample\n=1+1",
)


def became(text: str) -> Iterator[str]:
    """Yield what on a page words have become, or why it cannot be read."""
    for each in ELEMENT.finditer(text):
        yield f"not escaped: {text[max(each.start() - 60, 0) : each.end() + 20]!r}"
    try:
        page = html.document_fromstring(text)
    except etree.ParserError as error:
        yield f"is no page: {error}"
        return
    for each in page.iter(etree.Element):
        names = {name.lower(): value for name, value in each.attrib.items()}
        yield from (f"an attribute {each.tag} {fault}" for fault in attributes(names))
        if each.tag == "base" or names.get("http-equiv", "").lower() == "refresh":
            yield f"an element {html.tostring(each)[:120]}"
        if each.tag == "script" and "src" not in names:
            yield from script(names.get("type", ""), each.text or "")


def attributes(names: dict[str, str]) -> Iterator[str]:
    """Yield the attributes that words have become, or that would run or load them."""
    for name, value in names.items():
        if (
            "planted" in name
            or name.startswith("on")
            or not re.fullmatch(r"[@:\w.-]+", name, re.ASCII)
        ):
            yield f"{name}={value[:80]}"
        if name in ADDRESSES and (RUNS.match(value) or LEADS.match(value)):
            yield f"{name}={value[:80]}"


def script(kind: str, words: str) -> Iterator[str]:
    """Yield what a script in a page is, unless it holds data and nothing else."""
    if kind not in DATA:
        yield f"a script in the page: {words[:80]}"
        return
    try:
        json.loads(words)
    except ValueError as error:
        yield f"{kind} cannot be read: {error}"


def faults_of(answer: Answer, own: str) -> Iterator[str]:
    """Yield what words have become of an answer: of its page, its headers and where it leads."""
    if answer.headers.get("content-type", "").startswith("text/html") and answer.body:
        yield from became(answer.text)
    if "planted=" in answer.headers.get("set-cookie", ""):
        yield "sets a cookie of an editor's words"
    address = answer.headers.get("location", answer.headers.get("hx-redirect", "/"))
    if re.match(r"[/\\]{2}|[^/?#]*:", address) and urlsplit(address)[:2] != urlsplit(own)[:2]:
        yield f"leads away to {address[:80]}"


class Looking(Desk):
    """Somebody at the site who looks through every answer, to whatever they sent."""

    def __init__(self, port: int, name: str = "", faults: list[str] | None = None):
        self.faults, self.looked = [] if faults is None else faults, 0
        super().__init__(port, name)

    def request(
        self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str
    ) -> Answer:
        """Send one request, and look through its answer."""
        answer = super().request(method, path, body, kind, **headers)
        self.looked += 1
        if answer.status >= 500:
            self.faults.append(f"{method} {path} answers {answer.status}")
        found = islice(faults_of(answer, f"http://127.0.0.1:{self.port}"), TOLD)
        self.faults += [f"{method} {path} ({answer.status}): {fault}" for fault in found]
        return answer


def formulas(body: bytes) -> list[str]:
    """Return the cells of a table that a spreadsheet would run."""
    rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    return [
        f"a formula: {cell[:60]!r}"
        for row in rows
        for line in map(written, row)
        for cell in running(line)
    ]


def written(cell: str) -> str:
    """Return a cell alone, as a file has it."""
    line = io.StringIO(newline="")
    csv.writer(line).writerow([cell])
    return line.getvalue()


def columns() -> Iterator[str]:
    """Yield the columns of the table of entries that would run what stands in them."""
    made, day = part("formats.tables.csv_of_many"), datetime(2025, 5, 12, tzinfo=UTC)
    for words in FORMULAS:
        several = [words, words]
        texts = words, words, words, day.date(), words, words, words, several
        source = part("search.rows.RowSource")(*texts)
        row = part("search.rows.Row")(
            code=words,
            version=words,
            title=words,
            quote=words,
            summary=words,
            paragraphs=several,
            themes=several,
            tags=several,
            addressees=several,
            source=source,
            works=several,
            published_at=day,
            updated_at=day,
        )
        selection = SimpleNamespace(rows=lambda row=row: [row])
        table = "".join(made(selection))
        yield from (f"the table of entries: {fault}" for fault in formulas(table.encode()))
