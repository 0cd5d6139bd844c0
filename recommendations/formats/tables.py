"""CSV (RFC 4180): a selection as a table, safe and legible in a spreadsheet."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import batched, chain
from types import SimpleNamespace

from recommendations.search.rows import Row

from .absolute_url import permalink
from .plain_text import ROWS
from .records import plain

BOM = "\ufeff"  # without it spreadsheets take UTF-8 for their own code page
CONTROLS = ("\t", "\r", "\n")
# Characters that a formula starts with, in every width (OWASP, CSV Injection).
SIGNS = "=⁼₌﹦＝+⁺₊﬩﹢＋−﹣－@﹫＠-"
UNSEEN = (  # space, controls and what is ignored by default (Unicode, DerivedCoreProperties)
    r"\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff"
)
# At the start of a cell, and after whatever a spreadsheet may take for the end of one.
STARTS = re.compile(rf"((?:^|[;\t\r\n])[{UNSEEN}]*+)([{SIGNS}]?)")


def _several(values: Iterable[object]) -> str:
    return "; ".join(map(str, values))


# Their order and names are a promise; new ones go to the end.
COLUMNS: dict[str, Callable[[Row], object]] = {
    "code": lambda row: row.code,
    "url": lambda row: permalink(f"/{row.code}"),
    "version": lambda row: row.version,
    "title": lambda row: row.title,
    "quote": lambda row: row.quote,
    "summary": lambda row: row.summary,
    "paragraphs": lambda row: _several(row.paragraphs),
    "themes": lambda row: _several(row.themes),
    "tags": lambda row: _several(row.tags),
    "addressees": lambda row: _several(row.addressees),
    "source": lambda row: row.source.code,
    "source_title": lambda row: row.source.title,
    "source_url": lambda row: row.source.url,
    "issued_on": lambda row: plain(row.source.issued_on),
    "issuers": lambda row: _several(row.source.issuers),
    "language": lambda row: row.source.language,
    "refers_to": lambda row: _several(row.works),
    "published_at": lambda row: plain(row.published_at),
    "updated_at": lambda row: plain(row.updated_at),
}


def csv_of_many(selection) -> Iterator[str]:
    """Render a selection as CSV with a header; several values of a cell are separated by "; "."""
    writer = csv.writer(SimpleNamespace(write=str))  # hands each line back instead of keeping it
    rows = ([column(row) for column in COLUMNS.values()] for row in selection.rows())
    lines = (writer.writerow(map(cell, values)) for values in rows)
    return map("".join, batched(chain([BOM + writer.writerow(COLUMNS)], lines), ROWS))


def cell(value: object) -> str:
    """Return a value as a spreadsheet may see it: an apostrophe stops what may be a formula."""
    text = "" if value is None else str(value)
    safe = STARTS.sub(lambda found: f"{found[1]}'{found[2]}" if found[2] else found[0], text)
    return f"'{safe}" if safe.startswith(CONTROLS) else safe
