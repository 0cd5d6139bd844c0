"""Entries as lists show them: with the words of a search marked, and why each was found."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from recommendations.formats import html_meta, records
from recommendations.models import Recommendation
from recommendations.operations.release import RELEASE
from recommendations.search import fulltext
from recommendations.search.indexing import document
from recommendations.search.results import fetch

CACHE = "cards"  # in settings
PARTIAL = "recommendations/partials/entry.html"
WHERE = {"quotes": "the quote", "title": "the title", "summary": "the summary"}
NAMED = {"addressees": "its addressees", "works": "a cited work", "source": "its declaration"}


@dataclass(frozen=True)
class MarkedPiece:
    """A piece of a quote, escaped and with matches marked, or a note marker."""

    text: SafeString
    is_note_marker: bool


@dataclass(frozen=True)
class Card:
    """One entry in a list."""

    entry: Recommendation
    title: SafeString
    passages: list[tuple[list[MarkedPiece], str]]  # each with the address of the text that holds it
    summary: SafeString
    why: list[str]

    @property
    def coins(self) -> str:
        """The entry as a COinS, by which reference managers save it from a list."""
        return html_meta.coins(records.citation(self.entry))


def card(entry: Recommendation, query: fulltext.Query | None = None) -> Card:
    """Prepare an entry for a list; with a query its words are marked."""
    query = query or fulltext.Query()
    passages = [
        (
            [
                MarkedPiece(fulltext.mark(piece.text, query), piece.is_note_marker)
                for piece in passage.pieces
            ],
            passage.text_address,
        )
        for passage in entry.passages
    ]
    title, summary = fulltext.mark(entry.title, query), fulltext.mark(entry.summary, query)
    return Card(entry, title, passages, summary, why(entry, query) if query else [])


def rendered(
    keys: Iterable[int], content_version: int, query: fulltext.Query | None = None
) -> SafeString:
    """Return the cards of entries as markup, cached unless the words of a query are marked."""
    names = {key: f"{RELEASE}-{content_version}-{key}" for key in keys}
    markup = {} if query else caches[CACHE].get_many(names.values())
    missing = [key for key, name in names.items() if name not in markup]
    if missing:
        made = {
            names[entry.pk]: render_to_string(PARTIAL, {"card": card(entry, query)})
            for entry in fetch(missing, Recommendation.objects.for_cards())
        }
        if not query:
            caches[CACHE].set_many(made)
        markup |= made
    return SafeString("\n".join(markup[name] for name in names.values() if name in markup))


def why(entry: Recommendation, query: fulltext.Query) -> list[str]:
    """Say where an entry matches a query, the weightiest field first."""
    found: dict[str, list[str]] = {}
    for reason in fulltext.reasons(document(entry), query):
        found.setdefault(reason.field, []).append(reason.text)
    return [phrase for field, texts in found.items() for phrase in _places(entry, field, texts)]


def _places(entry: Recommendation, field: str, texts: list[str]) -> list[str]:
    """Name the places in one field; a theme only once, if possible by its own label."""
    if field == "tags":
        names = ", ".join(f"“{text}”" for text in texts)
        return [f"the tags {names}" if texts[1:] else f"the tag {names}"]
    if field == "themes":
        found = {
            theme.label: next((name for name in theme.names if name in texts), "")
            for theme in entry.themes.all()
        }
        return [_theme(label, name) for label, name in found.items() if name]
    if field in NAMED:
        return [f"{NAMED[field]} ({', '.join(texts)})"]
    return [WHERE[field]]


def _theme(label: str, name: str) -> str:
    return f"the theme {label}" if name == label else f"the theme {label} as “{name}”"
