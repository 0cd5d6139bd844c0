"""CSV (RFC 4180): a selection as a table, safe and legible in a spreadsheet."""

import csv
import re
from collections.abc import Iterator
from itertools import batched, chain
from types import SimpleNamespace

from .absolute_url import permalink
from .records import plain

BOM = "\ufeff"  # without it spreadsheets take UTF-8 for their own code page
ROWS = 100  # to a part of the answer
CONTROLS = ("\t", "\r", "\n")
# Characters that a formula starts with, in every width (OWASP, CSV Injection).
SIGNS = "=⁼₌﹦＝+⁺₊﬩﹢＋−﹣－@﹫＠-"
UNSEEN = (  # space, controls and what is ignored by default (Unicode, DerivedCoreProperties)
    r"\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff"
)
# At the start of a cell, and after whatever a spreadsheet may take for the end of one.
STARTS = re.compile(rf"((?:^|[;\t\r\n])[{UNSEEN}]*+)([{SIGNS}]?)")
COLUMNS = (
    *(
        "code",
        "url",
        "version",
        "title",
        "quote",
        "summary",
        "paragraphs",
        "themes",
        "tags",
        "addressees",
    ),
    *(
        "source",
        "source_title",
        "source_url",
        "issued_on",
        "issuers",
        "language",
        "refers_to",
    ),
    *("published_at", "updated_at"),
)


def csv_of_many(selection) -> Iterator[str]:
    """Render a selection as CSV with a header; several values of a cell stand apart by "; "."""
    writer = csv.writer(SimpleNamespace(write=str))  # hands each line back instead of keeping it
    lines = (writer.writerow(map(cell, row(line))) for line in selection.lines())
    return map("".join, batched(chain([BOM + writer.writerow(COLUMNS)], lines), ROWS))


def cell(value: object) -> str:
    """Return a value as a spreadsheet may see it: an apostrophe stops what it would run as a
    formula.
    """
    text = "" if value is None else str(value)
    safe = STARTS.sub(lambda found: f"{found[1]}'{found[2]}" if found[2] else found[0], text)
    return f"'{safe}" if safe.startswith(CONTROLS) else safe


def row(line) -> list:
    """Return an entry's cells, in the order of the columns."""
    source = line.source
    return [
        *(
            line.code,
            permalink(f"/{line.code}"),
            line.version,
            line.title,
            line.quote,
            line.summary,
        ),
        *map(_several, (line.paragraphs, line.themes, line.tags, line.addressees)),
        *(
            source.code,
            source.title,
            source.url,
            plain(source.issued_on),
            _several(source.issuers),
            source.language,
        ),
        _several(line.works),
        *(plain(line.published_at), plain(line.updated_at)),
    ]


def _several(values) -> str:
    return "; ".join(map(str, values))
