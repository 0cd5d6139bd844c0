"""What a reader of one format hands on: its pieces, and what the file says of itself."""

from dataclasses import dataclass
from datetime import date

from .piece import Piece


@dataclass(frozen=True)
class RawDocument:
    """A document before boilerplate is struck out; `titles` in order of trust."""

    kind: str
    pieces: tuple[Piece, ...]
    titles: tuple[str, ...] = ()
    issued_on: date | None = None
    language: str = ""
    url: str = ""
