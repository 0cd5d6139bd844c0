"""Tells which boilerplate rule a line meets."""

import re

from . import dates
from .boilerplate_rules import EDGES, LINES, SECTIONS, Section
from .words import count

LONGEST_LINE = 20  # words of a line that can be boilerplate as a whole
LONGEST_OPENER = 9  # words of a line that can open a section
WHOLE = {reason: re.compile(words, re.IGNORECASE | re.VERBOSE) for reason, words in LINES.items()}
SEARCHED = tuple((edge, re.compile(edge.words, re.IGNORECASE)) for edge in EDGES)
OPENERS = tuple(
    (section, re.compile(section.opener, re.IGNORECASE | re.VERBOSE)) for section in SECTIONS
)
CONTACT = "contact"


def as_line(text: str) -> str:
    """Return the reason for which a whole line is boilerplate wherever it stands, or ""."""
    if len(text) > 300 or count(text) > LONGEST_LINE:
        return ""
    bare = text.strip(" .:…!→›»↑↓|")
    return next((reason for reason, words in WHOLE.items() if words.fullmatch(bare)), "")


def at_edge(text: str) -> str:
    """Return the reason for which a line is boilerplate above or below the body, or ""."""
    words = count(text)
    return next(
        (
            edge.reason
            for edge, pattern in SEARCHED
            if words <= edge.longest and pattern.search(text[:1000])
        ),
        "",
    )


def opens(text: str) -> Section | None:
    """Return the section of boilerplate that a line opens, or None."""
    if len(text) > 150 or count(text) > LONGEST_OPENER:
        return None
    bare = text.strip(" .:…!→")
    return next((section for section, words in OPENERS if words.fullmatch(bare)), None)


def dated_link(text: str) -> bool:
    """Tell whether a line is a date and a title, as in a list of publications."""
    return dates.leads(text) and count(text) <= LONGEST_LINE
