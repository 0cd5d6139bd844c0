"""Entries as lists show them: with the words of a search marked, and why each was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from recommendations.formats import citations, html_meta
from recommendations.formats.absolute_url import permalink
from recommendations.models import Recommendation
from recommendations.operations.release import RELEASE
from recommendations.search import fulltext
from recommendations.search.indexing import document
from recommendations.search.results import fetch

CACHE = "cards"  # in settings
PARTIAL = "recommendations/partials/entry.html"
WHERE = {"quotes": "the quote", "title": "the title", "summary": "the summary"}


@dataclass(frozen=True)
class MarkedPiece:
    """A piece of a quote, escaped and with matches marked; or a footnote sign."""

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
        """The entry as a ContextObject in a span, by which reference managers save it from
        a list.
        """
        address, version = permalink(self.entry.get_absolute_url()), self.entry.latest_number
        return html_meta.coins(citations.csl(self.entry, address, version))


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
    keys: Sequence[int], number: int, query: fulltext.Query | None = None
) -> list[SafeString]:
    """Return the markup of the cards of entries, kept for a content version where no words of a
    search are marked.
    """
    names = {key: f"{RELEASE}-{number}-{key}" for key in keys}
    kept = {} if query else caches[CACHE].get_many(names.values())
    missing = [key for key in keys if names[key] not in kept]
    if missing:
        entries = fetch(missing, Recommendation.objects.for_cards())
        made = {
            names[entry.pk]: render_to_string(PARTIAL, {"card": card(entry, query)})
            for entry in entries
        }
        if not query:
            caches[CACHE].set_many(made)
        kept |= made
    return [mark_safe(kept[names[key]]) for key in keys if names[key] in kept]  # noqa: S308


def why(entry: Recommendation, query: fulltext.Query) -> list[str]:
    """Say in words where an entry has what was searched for, the weightiest place first."""
    found: dict[str, list[str]] = {}
    for reason in fulltext.reasons(document(entry), query):
        found.setdefault(reason.field, []).append(reason.text)
    return [phrase for field, texts in found.items() for phrase in _places(entry, field, texts)]


def _places(entry: Recommendation, field: str, texts: list[str]) -> list[str]:
    """Name the places in one field; a theme is named once, by its own label where that was
    found.
    """
    if field == "tags":
        names = ", ".join(f"“{text}”" for text in texts)
        return [f"the tags {names}" if texts[1:] else f"the tag {names}"]
    if field == "themes":
        names = {
            theme.label: next((name for name in theme.names if name in texts), "")
            for theme in entry.themes.all()
        }
        return [_theme(label, name) for label, name in names.items() if name]
    return [WHERE[field]]


def _theme(label: str, name: str) -> str:
    return f"the theme {label}" if name == label else f"the theme {label} as “{name}”"
