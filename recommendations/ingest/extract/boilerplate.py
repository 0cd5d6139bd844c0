"""Takes the furniture off a document, and proposes its title, date and language.

The body reaches from the first sentence of running text to the last; a line inside it goes only if
the whole of it is furniture. Above and below, words and position decide; what is in doubt stays, as
an editor can take it off.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from . import boilerplate_match, dates, language, titles
from .boilerplate_rules import JOBS, Section
from .piece import Extract, Piece
from .raw_document import Draft
from .words import count, ends_sentence, is_prose

SECOND_HALF = 0.5  # of the prose stands above a line that opens furniture to the end
SHORT = 12  # words of a name, a job, a label
HEAD_LINES = 40  # lines above the body in which the document's own date is looked for


@dataclass
class Lines:
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


def clear(draft: Draft) -> Extract:
    """Return the document with a reason on every piece that is no part of the declaration."""
    lines = Lines(list(draft.pieces))
    _take_whole_lines(lines)
    _take_sections(lines)
    prose = lines.prose()
    first = prose[0] if prose else len(lines.pieces)
    title, place = titles.propose(draft, lines.open(), first)
    issued_on = draft.issued_on or _issued_on(lines, first)
    if prose:
        _take_head(lines, first, title, place)
        _take_tail(lines, prose[-1])
    pieces = tuple(
        replace(piece, kept=False, reason=lines.reasons[n]) if n in lines.reasons else piece
        for n, piece in enumerate(lines.pieces)
    )
    tag = language.tell(" ".join(piece.text for piece in pieces if piece.kept), draft.language)
    return Extract(draft.kind, title, issued_on, tag, draft.url, pieces)


def _take_whole_lines(lines: Lines) -> None:
    """Take off the lines that are furniture wherever they stand."""
    for n in lines.open():
        if reason := boilerplate_match.as_line(lines.text(n)):
            lines.reasons[n] = reason


def _take_sections(lines: Lines) -> None:
    """Strike out what follows a line such as "Related news" in the second half."""
    prose = set(lines.prose())
    total = sum(len(lines.text(n)) for n in prose)
    above, left = 0, len(prose)
    for n in lines.open():
        above, left = (above + len(lines.text(n)), left - 1) if n in prose else (above, left)
        section = boilerplate_match.opens(lines.text(n)) if above > SECOND_HALF * total else None
        if section and left <= section.prose:
            _take_section(lines, n, section)
            return


def _take_section(lines: Lines, start: int, section: Section) -> None:
    """Strike out everything from a line on, with the reason of the nearest section above."""
    for n in lines.open():
        if n >= start:
            section = boilerplate_match.opens(lines.text(n)) or section
            lines.reasons[n] = boilerplate_match.at_edge(lines.text(n)) or section.reason


def _issued_on(lines: Lines, first: int) -> date | None:
    """Return the date of a line that says only when, else the first date near the top."""
    head = [piece.text for piece in lines.pieces[max(first - HEAD_LINES, 0) : max(first, 3)]]
    alone = (dates.find(text) for text in head if dates.is_line(text))
    among = (dates.find(text) for text in head if count(text) <= 2 * SHORT)
    opening = (dates.dateline(lines.text(n)) for n in lines.prose()[:1])
    below = (dates.find(piece.text) for piece in lines.pieces[-5:] if dates.is_line(piece.text))
    return next((day for days in (alone, among, opening, below) for day in days if day), None)


def _take_head(lines: Lines, first: int, title: str, place: int) -> None:
    """Take off what stands above the body and is no heading of it."""
    for n in lines.open():
        text = lines.text(n)
        if n < first and dates.is_line(text):
            lines.reasons[n] = "date"
        elif n == place or (n < first and title and titles.same(text, title)):
            lines.reasons[n] = "title"
        elif n < first and (reason := boilerplate_match.at_edge(text)):
            lines.reasons[n] = reason
        elif n < place and not ends_sentence(text) and count(text) <= SHORT:
            lines.reasons[n] = "above the title"


def _take_tail(lines: Lines, last: int) -> None:
    """Strike out known lines below the body, and short ones that follow them."""
    running = ""
    for n in lines.open():
        if n <= last:
            continue
        text = lines.text(n)
        before = lines.reasons.get(n - 1, "")
        running = running or (before if before not in ("", "page number", "footnote") else "")
        reason = boilerplate_match.at_edge(text)
        if not reason and boilerplate_match.dated_link(text) and running:
            reason = "related publications"
        if not reason and running and count(text) <= SHORT and not is_prose(text):
            reason = (
                running if running == boilerplate_match.CONTACT else "below the end of the text"
            )
        if reason:
            lines.reasons[n] = running = reason
            _take_name(lines, n, last)


def _take_name(lines: Lines, number: int, last: int) -> None:
    """Take off the name and the job above an address or a number of a contact."""
    above = [n for n in lines.open() if last < n < number][-3:]
    if lines.reasons[number] == boilerplate_match.CONTACT and any(
        JOBS.search(lines.text(n)) for n in above
    ):
        lines.reasons |= {
            n: boilerplate_match.CONTACT
            for n in above
            if count(lines.text(n)) <= SHORT and lines.pieces[n].kind == "paragraph"
        }
