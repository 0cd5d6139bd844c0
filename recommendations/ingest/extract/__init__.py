"""A file or pasted text of a declaration -> its pieces of text, with the furniture taken off. Pure:
no database.
"""

from .normalize import extract_text
from .piece import Extract, Piece, Unreadable, compose
from .sandbox import extract

__all__ = ["Extract", "Piece", "Unreadable", "compose", "extract", "extract_text"]
