"""What a reader of one format hands on: its pieces, and what the file says of itself."""

from dataclasses import dataclass
from datetime import date

from .piece import Piece


@dataclass(frozen=True)
class Draft:
    """A document before its furniture is taken off; `titles` in order of trust, "" for what is
    unknown.
    """

    kind: str
    pieces: tuple[Piece, ...]
    titles: tuple[str, ...] = ()
    issued_on: date | None = None
    language: str = ""
    url: str = ""
