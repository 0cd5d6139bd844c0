"""Which words of a text a query means, and how a page shows them."""

from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from .analysis import words
from .document import FIELDS, Document
from .query import Query


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an entry was found: a string of one of its fields, such as a theme's other name."""

    field: str
    text: str


def spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Return the places of a query's words, in code points, in order, without overlap."""
    found = list(words(text))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(
        place for clause in set(query.positives) for place in clause.places(found)
    ):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def mark(text: str, query: Query) -> SafeString:
    """Return the text as HTML, with a query's words in <mark>; each piece is escaped."""
    pieces, done = [], 0
    for start, end in spans(text, query):
        pieces += [escape(text[done:start]), format_html("<mark>{}</mark>", text[start:end])]
        done = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, escape(text[done:])]))


def reasons(document: Document, query: Query) -> list[Reason]:
    """Return the strings of an entry that match a query, the weightiest field first."""
    return [
        Reason(field, text)
        for field in FIELDS
        for text in document.strings(field)
        if text and spans(text, query)
    ]
