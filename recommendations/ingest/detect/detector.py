"""Proposes the passages of a text that are recommendations, each with its reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from .languages import LANGUAGES
from .layout import OTHER, TextBlock, blocks
from .matcher import (
    ACTION,
    ASK,
    NEED,
    MaskedText,
    Match,
    asking_lead,
    by_cue,
    by_form,
    completes,
    hint,
    words_of,
)
from .quoted_speech import is_letter, mask
from .sentences import Sentence
from .stems import stem, stems

_SHORT = 8  # sentences, up to which a text is taken as it is
_FEW, _RARE = 3, 0.12  # needs, in number or of all sentences, below which a text only reports


@dataclass(slots=True)
class Candidate:
    """A sentence with what shows that it is a recommendation, or what only hints at it."""

    block: TextBlock
    sentence: Sentence
    match: Match | None
    hint: Match | None = None


@dataclass(frozen=True)
class Proposed:
    """A proposed recommendation: its span, the words that showed it, why, and its lead-in.

    What is only `possible` is offered in a list of its own.
    """

    start: int
    end: int
    cue: str
    why: str
    lead: tuple[int, int] | None
    possible: bool = False


def propose(text: str, language: str = "en") -> list[Proposed]:
    """Return the proposed recommendations in the order of the text, without overlap.

    There are none in a language (its BCP 47 tag) that has no rules.
    """
    return [each for each in find(text, language) if not each.possible]


def find(text: str, language: str = "en") -> list[Proposed]:
    """Return the proposed recommendations and, flagged, the sentences that are possibly some."""
    rules = LANGUAGES.get(re.split("[-_]", language.lower())[0])
    if rules is None:
        return []
    masked = MaskedText(text, mask(text, rules), rules)
    lines = groupby(_candidates(masked), key=lambda each: id(each.block))
    return [each for _, line in lines for each in _passages(masked, list(line))]


def _candidates(text: MaskedText) -> list[Candidate]:
    every = blocks(text.plain, text.rules, is_letter(text.plain, text.rules))
    found = [each for block in every for each in _matched(text, block)]
    asks_at_all = _asks_at_all([each.match.kind for each in found if each.match], len(found))
    for each in found:
        is_aside = each.match and each.match.kind == NEED and each.block.mood == OTHER
        if each.match and (is_aside or not asks_at_all):
            each.hint, each.match = each.match, None
        elif not each.match:
            each.hint = hint(text, each.sentence)
    return found


def _asks_at_all(kinds: list[str], read: int) -> bool:
    """Tell a text that asks from one that only reports and has a "must" or two."""
    is_frequent = len(kinds) >= max(_FEW, _RARE * read)
    return any(kind != NEED for kind in kinds) or is_frequent or read <= _SHORT


def _passages(text: MaskedText, line: list[Candidate]) -> list[Proposed]:
    """Return the proposals of one line, each with the sentences that only make sense with it."""
    lead = asking_lead(text, line[0].block)
    place = (lead.start, lead.end) if lead else None
    found: list[Proposed] = []
    before = line[0].sentence
    last: Match | None = None
    for sentence, match, hinted in ((each.sentence, each.match, each.hint) for each in line):
        if last and _goes_on(text, sentence, match, before, last):
            found[-1] = replace(found[-1], end=sentence.end)
            match = last
        elif match:
            start = sentence.start
            if not last and _needs_before(text, sentence, before):
                start = before.start
                found = [each for each in found if each.start != start]
            found.append(Proposed(start, sentence.end, match.cue, match.why, place))
        elif hinted:
            why = hinted.why
            found.append(Proposed(sentence.start, sentence.end, hinted.cue, why, place, True))
        before, last = sentence, match
    return found


def _matched(text: MaskedText, block: TextBlock) -> Iterator[Candidate]:
    """Yield the sentences of a line with what the rules see in them."""
    first = block.sentences[0]
    is_action = text.rules.actions.search(words_of(text, first))
    listed = block.line.is_item or bool(block.leads_above and is_action)
    acting, last = listed, None
    for sentence in block.sentences:
        introduces = block.leads and sentence is block.sentences[-1]
        if introduces and not asking_lead(text, block):
            return
        last = _match(text, block, sentence, last, acting)
        acting = listed and (bool(last) or (len(block.sentences) > 1 and sentence is first))
        yield Candidate(block, sentence, last)


def _match(
    text: MaskedText, block: TextBlock, sentence: Sentence, last: Match | None, acting: bool
) -> Match | None:
    match = by_cue(text, sentence) or (completes(text, sentence) if last else None)
    if match is None and acting and (sentence is block.sentences[0] or not last):
        match = by_form(text, block, sentence, True)
    return match or by_form(text, block, sentence, False)


def _goes_on(
    text: MaskedText, sentence: Sentence, match: Match | None, before: Sentence, last: Match
) -> bool:
    """Tell whether a sentence belongs to the recommendation before it."""
    rules, words = text.rules, words_of(text, sentence)
    if rules.follow_ups.search(words):
        return True
    if match is None or last.kind == ACTION:
        return match is not None
    if match.kind == ASK or rules.pronouns.search(words):
        return match.kind != ASK
    if last.kind == ASK:
        return False
    plain = text.plain[sentence.start : sentence.end]
    opening = plain[: max(0, plain.find(match.cue))]
    return bool(rules.completions.search(words)) or _repeats(text, opening, before)


def _needs_before(text: MaskedText, sentence: Sentence, before: Sentence) -> bool:
    """Tell whether a sentence opens with a thing ("This support") that the one before names."""
    opening = text.rules.repeats.search(words_of(text, sentence))
    return (
        before is not sentence
        and opening is not None
        and opening.start() == 0
        and _repeats(text, opening[0], before)
    )


def _repeats(text: MaskedText, words: str, before: Sentence) -> bool:
    """Tell whether words name a thing ("this support") from the sentence before."""
    stemmer = text.rules.stemmer
    nouns = {stem(each["noun"], stemmer) for each in text.rules.repeats.matches(words)}
    return not nouns.isdisjoint(stems(text.plain[before.start : before.end], stemmer))
