"""Reads PDF files: glyphs -> lines -> columns -> paragraphs."""

from .document import read

__all__ = ["read"]
