"""Strikes boilerplate out of a document, and proposes its title, date and language.

The body reaches from the first sentence of running text to the last; a line inside it is struck out
only if all of it is boilerplate. Above and below, words and position decide; doubtful lines stay.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from . import boilerplate_match, dates, language, titles
from .boilerplate_rules import JOBS, Section
from .piece import Extract, Piece
from .raw_document import RawDocument
from .words import count, ends_sentence, is_prose

SECOND_HALF = 0.5  # of the prose stands above a line that opens boilerplate to the end
SHORT = 12  # words of a name, a job, a label
HEAD_LINES = 40  # lines above the body in which the document's own date is looked for


@dataclass
class Strikeouts:
    """The pieces that are not off yet, with the reasons found for some of them."""

    pieces: list[Piece]
    reasons: dict[int, str] = field(default_factory=dict)

    def open(self) -> list[int]:
        """Return the pieces without a reason so far."""
        return [n for n, piece in enumerate(self.pieces) if piece.kept and n not in self.reasons]

    def prose(self) -> list[int]:
        """Return the pieces that are running text, and no rule would take them at the edge."""
        return [
            n
            for n in self.open()
            if is_prose(self.pieces[n].text) and not boilerplate_match.at_edge(self.pieces[n].text)
        ]

    def text(self, number: int) -> str:
        return self.pieces[number].text


def clear(draft: RawDocument) -> Extract:
    """Return the document with a reason on every piece that is no part of the declaration."""
    found = Strikeouts(list(draft.pieces))
    _take_whole_lines(found)
    _take_sections(found)
    prose = found.prose()
    first = prose[0] if prose else len(found.pieces)
    title, place = titles.propose(draft, found.open(), first)
    issued_on = draft.issued_on or _issued_on(found, first)
    if prose:
        _take_head(found, first, title, place)
        _take_tail(found, prose[-1])
    pieces = tuple(
        replace(piece, kept=False, reason=found.reasons[n]) if n in found.reasons else piece
        for n, piece in enumerate(found.pieces)
    )
    tag = language.tell(" ".join(piece.text for piece in pieces if piece.kept), draft.language)
    return Extract(draft.kind, title, issued_on, tag, draft.url, pieces)


def _take_whole_lines(found: Strikeouts) -> None:
    """Strike out the lines that are boilerplate wherever they stand."""
    for n in found.open():
        if reason := boilerplate_match.as_line(found.text(n)):
            found.reasons[n] = reason


def _take_sections(found: Strikeouts) -> None:
    """Strike out what follows a line such as "Related news" in the second half."""
    prose = set(found.prose())
    total = sum(len(found.text(n)) for n in prose)
    above, left = 0, len(prose)
    for n in found.open():
        above, left = (above + len(found.text(n)), left - 1) if n in prose else (above, left)
        section = boilerplate_match.opens(found.text(n)) if above > SECOND_HALF * total else None
        if section and left <= section.prose:
            _take_section(found, n, section)
            return


def _take_section(found: Strikeouts, start: int, section: Section) -> None:
    """Strike out everything from a line on, with the reason of the nearest section above."""
    for n in found.open():
        if n >= start:
            section = boilerplate_match.opens(found.text(n)) or section
            found.reasons[n] = boilerplate_match.at_edge(found.text(n)) or section.reason


def _issued_on(found: Strikeouts, first: int) -> date | None:
    """Return the date of a line that says only when, else the first date near the top."""
    head = [piece.text for piece in found.pieces[max(first - HEAD_LINES, 0) : max(first, 3)]]
    alone = (dates.find(text) for text in head if dates.is_line(text))
    among = (dates.find(text) for text in head if count(text) <= 2 * SHORT)
    opening = (dates.dateline(found.text(n)) for n in found.prose()[:1])
    below = (dates.find(piece.text) for piece in found.pieces[-5:] if dates.is_line(piece.text))
    return next((day for days in (alone, among, opening, below) for day in days if day), None)


def _take_head(found: Strikeouts, first: int, title: str, place: int) -> None:
    """Strike out what stands above the body and is no heading of it."""
    for n in found.open():
        text = found.text(n)
        if n < first and dates.is_line(text):
            found.reasons[n] = "date"
        elif n == place or (n < first and title and titles.same(text, title)):
            found.reasons[n] = "title"
        elif n < first and (reason := boilerplate_match.at_edge(text)):
            found.reasons[n] = reason
        elif n < place and not ends_sentence(text) and count(text) <= SHORT:
            found.reasons[n] = "above the title"


def _take_tail(found: Strikeouts, last: int) -> None:
    """Strike out known lines below the body, and short ones that follow them."""
    running = ""
    for n in found.open():
        if n <= last:
            continue
        text = found.text(n)
        before = found.reasons.get(n - 1, "")
        running = running or (before if before not in ("", "page number", "footnote") else "")
        reason = boilerplate_match.at_edge(text)
        if not reason and boilerplate_match.dated_link(text) and running:
            reason = "related publications"
        if not reason and running and count(text) <= SHORT and not is_prose(text):
            reason = (
                running if running == boilerplate_match.CONTACT else "below the end of the text"
            )
        if reason:
            found.reasons[n] = running = reason
            _take_name(found, n, last)


def _take_name(found: Strikeouts, number: int, last: int) -> None:
    """Strike out the name and the job above an address or a number of a contact."""
    above = [n for n in found.open() if last < n < number][-3:]
    if found.reasons[number] == boilerplate_match.CONTACT and any(
        JOBS.search(found.text(n)) for n in above
    ):
        found.reasons |= {
            n: boilerplate_match.CONTACT
            for n in above
            if count(found.text(n)) <= SHORT and found.pieces[n].kind == "paragraph"
        }
