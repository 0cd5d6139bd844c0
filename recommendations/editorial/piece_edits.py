"""What an editor may do with the pieces of an intake. The words stay as they were read."""

from dataclasses import replace

from recommendations.ingest.extract import Piece

from .errors import Refused

BY_HAND = "taken off by an editor"
OUTSIDE = {"begins-here": "above its beginning", "ends-here": "below its end"}
KINDS = ("heading", "paragraph", "bullet", "numbered")
JOINS = ("join", "join-closely", "join-at-hyphen")
ACTS = ("keep", "take-off", *KINDS, *JOINS, *OUTSIDE)
WIDE = (*JOINS, *OUTSIDE)  # acts on more than one piece


def mended(pieces: list[Piece], number: int, act: str) -> list[Piece]:
    """Return the pieces after one of `ACTS` on a piece, numbered from 1; raises Refused."""
    if act not in ACTS or not 1 <= number <= len(pieces):
        raise Refused(
            "There is no such piece, or nothing of the kind to do with it. Nothing was changed."
        )
    if act in JOINS:
        return _joined(pieces, number, act)
    if act in OUTSIDE:
        return [_bounded(piece, place - number, act) for place, piece in enumerate(pieces, start=1)]
    piece = pieces[number - 1]
    changed = {
        "keep": {"kept": True, "reason": ""},
        "take-off": {"kept": False, "reason": BY_HAND},
    }.get(act, {"kind": act})
    return [*pieces[: number - 1], replace(piece, **changed), *pieces[number:]]


def _bounded(piece: Piece, distance: int, act: str) -> Piece:
    """Leave out a piece outside the declaration, or restore it if only the old boundary cut it."""
    reason = OUTSIDE[act]
    if distance < 0 if act == "begins-here" else distance > 0:
        return replace(piece, kept=False, reason=reason) if piece.kept else piece
    return replace(piece, kept=True, reason="") if piece.reason == reason else piece


def next_kept(pieces: list[Piece], number: int) -> int | None:
    """Return the number of the next kept piece, or None; page headers may lie between."""
    return next(
        (later for later in range(number + 1, len(pieces) + 1) if pieces[later - 1].kept), None
    )


def _joined(pieces: list[Piece], number: int, act: str) -> list[Piece]:
    """Join a piece with the next kept one: with a space, without, or at a line-end hyphen."""
    piece, after = pieces[number - 1], next_kept(pieces, number)
    if not piece.kept or after is None:
        raise Refused("There is no kept piece after this one to join it with. Nothing was changed.")
    following = pieces[after - 1]
    stem = piece.text.removesuffix("-") if act == "join-at-hyphen" else piece.text
    start = stem + (" " if act == "join" else "")
    markers = [span for span in piece.markers if span[1] <= len(stem)]
    markers += [(first + len(start), last + len(start)) for first, last in following.markers]
    whole = replace(piece, text=start + following.text, markers=tuple(markers))
    return [*pieces[: number - 1], whole, *pieces[number : after - 1], *pieces[after:]]
