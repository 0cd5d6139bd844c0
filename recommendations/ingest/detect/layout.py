"""The layout of a text: headings, lead-ins of lists, and what each line stands under."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from .languages import Language
from .sentences import Sentence, TextLine, lines, sentences

ASKING, NEUTRAL, OTHER = "asking", "neutral", "other"
_HEADING_WORDS = 14
_NO_HEADING = re.compile(r"[.!?:;,…。、：]['\"”’)]*$")


@dataclass(frozen=True, slots=True)
class Lead:
    """What introduces a list: the place of its words and the look of its items."""

    start: int
    end: int
    look: tuple[int, str]
    own_look: tuple[int, str]  # of the line that introduces, which may itself be an item


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A line that is not a heading, with its sentences, its lead-ins and its section's mood."""

    line: TextLine
    sentences: list[Sentence]
    leads_above: list[Lead]  # the nearest last
    mood: str
    leads: bool  # its last sentence introduces a list
    heading: tuple[int, int] | None = None  # the nearest that asks, where what is under it asks


def blocks(text: str, rules: Language, is_letter: bool) -> Iterator[TextBlock]:
    """Yield the lines of a text that are not headings, each with what it stands under."""
    all_lines = lines(text)
    mood, whole_mood = NEUTRAL, ASKING if is_letter else ""
    leads: list[Lead] = []
    asking: tuple[int, int] | None = None
    for line, following in zip_longest(all_lines, all_lines[1:]):
        words = text[line.start : line.end]
        if is_heading(words, line, following, rules):
            mood, leads = section_mood(words, mood, whole_mood or NEUTRAL, rules), []
            mood = NEUTRAL if mood == OTHER and not whole_mood else mood
            whole_mood = whole_mood or mood
            if rules.asking_headings.search(words):
                asking = line.start, line.end
            if following and following.is_item:
                leads = [Lead(line.start, line.end, _look(following), _look(line))]
            continue
        whole_mood = whole_mood or NEUTRAL
        mood = mood if mood != NEUTRAL else whole_mood
        leads = _still_open(leads, line, bool(rules.actions.search(words)))
        introduces = _introduces(text, line, following, rules)
        found = sentences(text, line.start, line.end, rules)
        heading = asking if mood == ASKING else None
        yield TextBlock(line, found, leads, mood, introduces, heading)
        if introduces:
            leads = [*leads, Lead(found[-1].start, found[-1].end, _look(following), _look(line))]


def is_heading(words: str, line: TextLine, following: TextLine | None, rules: Language) -> bool:
    """Tell a heading: marked as one, or short, without a stop at its end and no item of a list."""
    if line.is_marked_heading:
        return True
    if line.bullet or _NO_HEADING.search(words) or len(words.split()) > _HEADING_WORDS:
        return False
    if following is not None and following.is_item and rules.open_ends.search(words):
        return False
    return not line.number or (following is not None and not following.is_item)


def headings(text: str, rules: Language) -> list[tuple[int, int]]:
    """Return the places of the headings of a text."""
    all_lines = lines(text)
    pairs = zip_longest(all_lines, all_lines[1:])
    return [(a.start, a.end) for a, b in pairs if is_heading(text[a.start : a.end], a, b, rules)]


def section_mood(heading: str, mood: str, whole_mood: str, rules: Language) -> str:
    """Return whether what follows a heading asks."""
    other, asking = rules.other_headings.search(heading), rules.asking_headings.search(heading)
    if other and not (asking and asking.end() > other.end()):
        return OTHER
    if asking:
        return ASKING
    return mood if mood == ASKING else whole_mood


def _introduces(text: str, line: TextLine, following: TextLine | None, rules: Language) -> bool:
    words = text[line.start : line.end]
    if following is None or not (
        words[-1] in ":：" or (following.is_item and rules.open_ends.search(words))
    ):
        return False
    return following.is_item or bool(rules.actions.search(text[following.start : following.end]))


def _look(line: TextLine) -> tuple[int, str]:
    """Return what items of one list have in common."""
    return line.indent, line.bullet or re.sub(r"\w+", "1", line.number)


def _still_open(leads: list[Lead], line: TextLine, acts: bool) -> list[Lead]:
    """Return the lead-ins that a line still stands under; prose ends an unnumbered list."""
    look = _look(line)
    if not line.is_item:
        return [lead for lead in leads if lead.look[1][-1:] in ".)" and (lead.look[1] or acts)]
    beside = [at for at, lead in enumerate(leads) if lead.own_look == look and lead.look != look]
    same = [at + 1 for at, lead in enumerate(leads) if lead.look == look]
    return leads[: beside[0]] if beside else leads[: same[-1]] if same else leads
