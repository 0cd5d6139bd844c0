"""The last steps for every document: limits, then boilerplate; and pasted text."""

from dataclasses import replace

from . import limits, plain_text
from .boilerplate import clear
from .piece import Extract, Unreadable
from .raw_document import RawDocument


def extract_text(text: str) -> Extract:
    """Return the document in a pasted text; raise Unreadable for an empty or too long one."""
    if len(text) > limits.CHARACTERS:
        raise Unreadable(
            f"The text is longer than {limits.CHARACTERS:,} characters. Paste the declaration "
            "alone."
        )
    return finish(plain_text.read(text))


def finish(draft: RawDocument) -> Extract:
    """Refuse what holds no words or far too many, and strike boilerplate out of the rest."""
    pieces = tuple(
        piece
        for piece in draft.pieces
        if any(map(str.isalnum, piece.text)) or piece.text.strip("#* -") == ""
    )
    if not any(char.isalnum() for piece in pieces for char in piece.text):
        raise Unreadable("There is no text in it.")
    if len(pieces) > limits.PIECES:
        raise Unreadable(
            f"The document has more than {limits.PIECES:,} lines. Give the declaration alone."
        )
    if sum(len(piece.text) for piece in pieces) > limits.CHARACTERS:
        raise Unreadable(
            f"The document is longer than {limits.CHARACTERS:,} characters. Give the declaration "
            "alone."
        )
    return clear(replace(draft, pieces=pieces))
