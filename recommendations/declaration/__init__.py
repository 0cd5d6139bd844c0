"""A declaration's text: its paragraphs, its passages, and what it asks for. Pure: no database, no framework."""

from .spans import (
    CONTEXT,
    Paragraph,
    Passage,
    Piece,
    QuoteAmbiguous,
    QuoteError,
    QuoteNotFound,
    Run,
    context,
    locate,
    nearest,
    paragraph_at,
    paragraphs,
    pieces,
    runs,
    sha256,
)

__all__ = [
    "CONTEXT",
    "Paragraph",
    "Passage",
    "Piece",
    "QuoteAmbiguous",
    "QuoteError",
    "QuoteNotFound",
    "Run",
    "context",
    "locate",
    "nearest",
    "paragraph_at",
    "paragraphs",
    "pieces",
    "runs",
    "sha256",
]
