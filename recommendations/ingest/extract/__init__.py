"""A file or pasted text -> its pieces of text, boilerplate struck out. Pure: no database."""

from .normalize import extract_text
from .piece import Extract, Piece, Unreadable, compose
from .sandbox import extract

__all__ = ["Extract", "Piece", "Unreadable", "compose", "extract", "extract_text"]
