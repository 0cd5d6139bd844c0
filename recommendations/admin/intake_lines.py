"""The pieces of an intake as its page lists them; long runs left out are folded."""

from dataclasses import dataclass
from itertools import groupby

from recommendations.editorial.piece_edits import KINDS, next_kept
from recommendations.ingest.extract import Piece
from recommendations.text import positions

FOLDED_FROM = 4  # pieces taken off in a row


@dataclass(frozen=True)
class Line:
    """A piece with its number.

    `is_mended` where the page shows what else can be done with it; `is_joinable` where that
    includes joining it with the next kept one, `is_broken` where it ends in a hyphen.
    """

    number: int
    piece: Piece
    is_mended: bool
    is_joinable: bool
    is_broken: bool

    kinds = KINDS

    @property
    def words(self) -> tuple[positions.Fragment, ...]:
        """The text, footnote signs apart."""
        return positions.fragments(self.piece.text, 0, len(self.piece.text), self.piece.markers)


@dataclass(frozen=True)
class Block:
    """Pieces in a row, all kept or all taken off."""

    lines: list[Line]
    is_folded: bool

    @property
    def last(self) -> int:
        """The number of the last one."""
        return self.lines[-1].number

    @property
    def reasons(self) -> list[str]:
        """Why they were taken off, each once."""
        return list(dict.fromkeys(line.piece.reason for line in self.lines))


def line(pieces: list[Piece], number: int, mended: int) -> Line:
    """Return a piece as its page shows it."""
    piece = pieces[number - 1]
    is_mended = number == mended and piece.kept
    is_joinable = is_mended and next_kept(pieces, number) is not None
    return Line(number, piece, is_mended, is_joinable, is_joinable and piece.text.endswith("-"))


def blocks(pieces: list[Piece], mended: int) -> list[Block]:
    """Return the pieces in order, kept and taken off in turns."""
    lines = [line(pieces, number, mended) for number in range(1, len(pieces) + 1)]
    groups = [(kept, list(group)) for kept, group in groupby(lines, lambda line: line.piece.kept)]
    return [Block(group, not kept and len(group) >= FOLDED_FROM) for kept, group in groups]


def counts(pieces: list[Piece]) -> tuple[int, int]:
    """Return how many pieces are kept, and how many taken off."""
    kept = sum(piece.kept for piece in pieces)
    return kept, len(pieces) - kept
