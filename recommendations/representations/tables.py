"""CSV (RFC 4180): a selection as a table, safe and legible in a spreadsheet."""

import csv
from collections.abc import Iterator
from itertools import batched, chain
from types import SimpleNamespace

from .records import address, entries, latest, plain

BOM = "\ufeff"  # without it spreadsheets take UTF-8 for their own code page
ROWS = 100  # to a part of the answer
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet runs (OWASP, CSV Injection)
COLUMNS = (
    *("code", "url", "version", "title", "quote", "summary", "paragraphs", "themes", "tags", "addressees"),
    *("source", "source_title", "source_url", "issued_on", "issuers", "language", "refers_to", "echoed_in"),
    *("published_at", "updated_at"),
)


def csv_of_many(selection) -> Iterator[str]:
    """Render a selection as CSV with a header; several values of a cell stand apart by "; "."""
    writer = csv.writer(SimpleNamespace(write=str))  # hands each line back instead of keeping it
    lines = (writer.writerow(map(cell, row(entry))) for entry in entries(selection))
    return map("".join, batched(chain([BOM + writer.writerow(COLUMNS)], lines), ROWS))


def cell(value: object) -> str:
    """Return a value as a spreadsheet may see it: an apostrophe stops what it would run as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def row(entry) -> list:
    """Return an entry's cells, in the order of the columns."""
    source, version = entry.source, latest(entry)
    return [
        *(entry.code, address(entry), version.number if version else None, entry.title, entry.quote, entry.summary),
        _several(passage.paragraph for passage in entry.passages),
        _several(theme.label for theme in entry.themes.all()),
        _several(sorted(tag.name for tag in entry.tags.all())),
        _several(actor.name for actor in entry.addressees.all()),
        *(source.code, source.title, source.url, plain(source.issued_on)),
        _several(actor.name for actor in source.issuers.all()),
        source.language,
        _several(work.source.title for work in entry.works),
        _several(echo.source.title for echo in entry.echoes),
        plain(entry.published_at) if entry.published_at else None,
        plain(version.published_at) if version else None,
    ]


def _several(values) -> str:
    return "; ".join(map(str, values))
