"""A file or pasted text of a declaration -> its pieces of text, with the furniture taken off. Pure:
no database.
"""

from .child import extract
from .finishing import extract_text
from .piece import Extract, Piece, Unreadable, compose

__all__ = ["Extract", "Piece", "Unreadable", "compose", "extract", "extract_text"]
