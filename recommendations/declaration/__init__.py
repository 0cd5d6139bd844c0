"""A declaration's text: its paragraphs, its passages, and what it asks for. Pure: no database, no
framework.
"""

from .labelling import Labels, label
from .proposing import Proposed, propose
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
from .vocabulary import Concept, Vocabulary

__all__ = [
    "CONTEXT",
    "Concept",
    "Labels",
    "Paragraph",
    "Passage",
    "Piece",
    "Proposed",
    "QuoteAmbiguous",
    "QuoteError",
    "QuoteNotFound",
    "Run",
    "Vocabulary",
    "context",
    "label",
    "locate",
    "nearest",
    "paragraph_at",
    "paragraphs",
    "pieces",
    "propose",
    "runs",
    "sha256",
]
