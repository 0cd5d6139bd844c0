"""What is read from a file: pieces of text, kept or not, and the stored text they make."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self

BULLET_LEAD = "  • "  # the lead of a point in a stored text


class Unreadable(ValueError):
    """A file that cannot be read; the message tells an editor why and what to do."""


@dataclass(frozen=True)
class Piece:
    """One line of the document.

    `kind` is "heading", "paragraph", "bullet", "numbered" or "note"; `markers` are the spans
    of note markers in `text`, in code points; `page` counts from 1 in a PDF; `tight` means no
    blank line before it, as after a `<br>`.
    """

    text: str
    kind: str
    kept: bool
    reason: str = ""
    markers: tuple[tuple[int, int], ...] = ()
    page: int = 0
    tight: bool = False

    def as_dict(self) -> dict:
        """Return what JSON can hold."""
        return {**asdict(self), "markers": [list(span) for span in self.markers]}

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        """Undo `as_dict`."""
        return cls(
            **{
                **values,
                "markers": tuple((start, end) for start, end in values.get("markers", ())),
            }
        )


@dataclass(frozen=True)
class Extract:
    """A document as it was read; title, date, language and address are proposals for an editor."""

    kind: str
    title: str
    issued_on: date | None
    language: str
    url: str
    pieces: tuple[Piece, ...]

    def as_dict(self) -> dict:
        """Return what JSON can hold."""
        issued_on = self.issued_on.isoformat() if self.issued_on else ""
        return {
            **vars(self),
            "issued_on": issued_on,
            "pieces": [piece.as_dict() for piece in self.pieces],
        }

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        """Undo `as_dict`."""
        issued_on = date.fromisoformat(values["issued_on"]) if values["issued_on"] else None
        pieces = tuple(map(Piece.from_dict, values["pieces"]))
        return cls(**{**values, "issued_on": issued_on, "pieces": pieces})


def compose(pieces: Iterable[Piece]) -> tuple[str, list[list[int]]]:
    """Return the stored text of the kept pieces, and [start, end] of each note marker in it.

    Pieces stand apart by a blank line; points on consecutive lines, with a lead; a tight line right
    under the one before it. The text ends with one newline, and is empty where nothing is kept.
    """
    parts, markers, length, above, before = [], [], 0, None, None
    for piece in pieces:
        if piece.kept:
            lead = _gap(above, piece, piece.tight and above is before) + (
                BULLET_LEAD if piece.kind == "bullet" else ""
            )
            parts += [lead, piece.text]
            length += len(lead)
            markers += [[length + start, length + end] for start, end in piece.markers]
            length += len(piece.text)
            above = piece
        before = piece
    return "".join([*parts, "\n"] if parts else []), markers


def _gap(above: Piece | None, piece: Piece, tight: bool) -> str:
    """Return what stands between a kept piece and the kept one above it."""
    if above is None:
        return ""
    return "\n" if tight or above.kind == piece.kind == "bullet" else "\n\n"
