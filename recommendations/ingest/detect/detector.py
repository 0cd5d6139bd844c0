"""Proposes the passages of a text that are recommendations, each with its reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from .languages import LANGUAGES, Language, Rule
from .layout import Block, blocks
from .matcher import (
    ACTION,
    ASK,
    NEED,
    Sight,
    Text,
    asking_lead,
    by_form,
    completes,
    find_cue,
    words_of,
)
from .quoted_speech import is_letter, mask
from .scorer import Weighed, weigh
from .sentences import Sentence
from .stems import stem, stems

_SHORT = 8  # sentences, up to which a text is taken as it is
_FEW, _RARE = (
    3,
    0.12,
)  # fewer needs than this, in number or of all sentences, and no ask: the text only reports
_RUN_IN = 5  # words, up to which an action that begins a paragraph is its title
_OPENS = 30  # code points within which a sentence names the thing it is about


@dataclass(frozen=True)
class Proposed:
    """A proposed recommendation: its span, the words that showed it, why, and its lead-in."""

    start: int
    end: int
    cue: str
    why: str
    lead: tuple[int, int] | None


def propose(text: str, language: str = "en") -> list[Proposed]:
    """Return the proposed recommendations in the order of the text, without overlap.

    There are none in a language (its BCP 47 tag) that has no rules.
    """
    rules = LANGUAGES.get(re.split("[-_]", language.lower())[0])
    if rules is None:
        return []
    whole = Text(text, mask(text, rules), rules)
    return [each for line in _lines(_weighed(whole)) for each in _passages(whole, line)]


def read(text: str, rules: Language) -> list[Weighed]:
    """Return every sentence that could be proposed, with its features and score."""
    return _weighed(Text(text, mask(text, rules), rules))


def _weighed(whole: Text) -> list[Weighed]:
    every = list(blocks(whole.plain, whole.rules, is_letter(whole.plain, whole.rules)))
    found = [each for block in every for each in _judged(whole, block)]
    weigh(whole, found, _asks_at_all([each.sight.kind for each in found if each.sight], len(found)))
    return found


def _lines(weighed: list[Weighed]) -> Iterator[list[Weighed]]:
    return (list(group) for _, group in groupby(weighed, key=lambda each: id(each.block)))


def _asks_at_all(kinds: list[str], read: int) -> bool:
    """Tell a text that asks from one that only reports and has a "must" or two."""
    return (
        any(kind != NEED for kind in kinds)
        or len(kinds) >= max(_FEW, _RARE * read)
        or read <= _SHORT
    )


def _passages(whole: Text, line: list[Weighed]) -> list[Proposed]:
    """Return the proposals of one line, each with the sentences that only make sense with it."""
    lead = asking_lead(whole, line[0].block)
    place = (lead.start, lead.end) if lead else None
    found: list[Proposed] = []
    before, last = None, None
    for sentence, sight in ((each.sentence, each.sight) for each in line):
        if last and _goes_on(whole, sentence, sight, before, last):
            found[-1] = replace(found[-1], end=sentence.end)
            sight = last
        elif sight:
            start = (
                before.start
                if before and not last and _is_about(whole, sentence, before)
                else sentence.start
            )
            found.append(Proposed(start, sentence.end, sight.cue, sight.why, place))
        before, last = sentence, sight
    return found


def _judged(whole: Text, block: Block) -> Iterator[Weighed]:
    """Yield the sentences of a line with what the rules see in them."""
    opening = words_of(whole, block.sentences[0])
    listed = block.line.is_item or bool(block.leads_above and whole.rules.actions.search(opening))
    acting, last, before = listed, None, ""
    for sentence in block.sentences:
        introduces = block.leads and sentence is block.sentences[-1]
        if introduces and not asking_lead(whole, block):
            return
        last, taken_back = _judge(whole, block, sentence, before, last, acting)
        acting = listed and (
            bool(last) or (len(block.sentences) > 1 and sentence is block.sentences[0])
        )
        before = words_of(whole, sentence)
        yield Weighed(block, sentence, last, taken_back)


def _judge(
    whole: Text, block: Block, sentence: Sentence, before: str, last: Sight | None, acting: bool
) -> tuple[Sight | None, str]:
    sight, taken_back = find_cue(whole, sentence, before)
    if sight is None and last:
        sight = completes(whole, sentence, whole.rules.completions)
        if sight is None and last.kind == ASK:
            echo = completes(whole, sentence, whole.rules.echoes)
            sight = replace(echo, kind=ASK) if echo else None
    if sight is None and acting and (sentence is block.sentences[0] or not last):
        sight = by_form(whole, block, sentence, True)
    return sight or _in_prose(whole, block, sentence), taken_back


def _in_prose(whole: Text, block: Block, sentence: Sentence) -> Sight | None:
    """Return an action under a heading that asks."""
    sight = by_form(whole, block, sentence, False)
    is_title = sentence is block.sentences[0] and len(words_of(whole, sentence).split()) <= _RUN_IN
    return sight if sight is None or block.line.is_item or is_title else replace(sight, kind=ASK)


def _goes_on(
    whole: Text, sentence: Sentence, sight: Sight | None, before: Sentence, last: Sight
) -> bool:
    """Tell whether a sentence belongs to the recommendation before it."""
    rules, words = whole.rules, words_of(whole, sentence)
    if rules.follow_ups.search(words):
        return True
    if sight is None or last.kind == ACTION:
        return sight is not None
    if sight.kind == ASK or rules.pronouns.search(words):
        return sight.kind != ASK
    return last.kind != ASK and (
        _matches(rules.completions, words) or _repeats(whole, sentence, sight, before)
    )


def _matches(rule: Rule, words: str) -> bool:
    return rule.search(words) is not None


def _is_about(whole: Text, sentence: Sentence, before: Sentence) -> bool:
    """Tell whether a sentence begins with a thing ("This support …") from the one before."""
    return _shared(
        whole, whole.plain[sentence.start : sentence.end][:_OPENS], before, at_start=True
    )


def _repeats(whole: Text, sentence: Sentence, sight: Sight, before: Sentence) -> bool:
    """Tell whether a sentence names, before its cue, a thing from the one before."""
    words = whole.plain[sentence.start : sentence.end]
    return _shared(whole, words[: max(0, words.find(sight.cue))], before)


def _shared(whole: Text, words: str, before: Sentence, at_start: bool = False) -> bool:
    stemmer = whole.rules.stemmer
    found = [each for each in whole.rules.repeats.matches(words) if not (at_start and each.start())]
    nouns = {stem(each["noun"], stemmer) for each in found}
    return bool(nouns & set(stems(whole.plain[before.start : before.end], stemmer)))
