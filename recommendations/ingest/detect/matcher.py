"""Tells whether one sentence is a recommendation, by its words or by its place."""

import re
from dataclasses import dataclass, field

from .languages import Language, Rule, span
from .layout import ASKING, OTHER, Lead, TextBlock
from .quoted_speech import speaks_for_itself
from .sentences import Sentence

ASK, NEED, ACTION = "ask", "need", "action"
_LEAD_SHOWN = 60  # code points of a lead-in that an explanation quotes
_TITLE_WORDS = 2  # an item that begins with so short a sentence, without a verb, has a title
_OPENING = re.compile(r"\A[“”\"‘'«(\s]+")


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text, the same with its author's names masked, and the rules of its language."""

    plain: str
    masked: str
    rules: Language
    asking: dict[Lead, bool | None] = field(default_factory=dict, compare=False)  # cache


@dataclass(frozen=True, slots=True)
class Match:
    """What showed that a sentence is a recommendation: an ask, a need, or an action."""

    kind: str
    cue: str
    why: str
    rule: str = ""


def words_of(text: MaskedText, sentence: Sentence | Lead) -> str:
    """Return the masked words of a sentence without the quotation mark that opens it."""
    return _OPENING.sub("", text.masked[sentence.start : sentence.end])


def by_cue(text: MaskedText, sentence: Sentence | Lead) -> Match | None:
    """Return the first cue of a sentence that no veto cancels."""
    words = words_of(text, sentence)
    for kind, rules in ((ASK, text.rules.asks), (NEED, text.rules.needs)):
        for rule in rules:
            for found in rule.matches(words):
                if not _is_vetoed(text.rules, rule, words, span(found)):
                    return _match(text, kind, sentence.end, words, found, rule)
    return _reported(text, words, sentence.end)


def hint(text: MaskedText, sentence: Sentence) -> Match | None:
    """Return what may speak for a sentence: a cue that was taken back, a form, or an action."""
    words, rules = words_of(text, sentence), text.rules
    if words.endswith("?"):
        return None
    for rule in (*rules.asks, *rules.needs, *rules.hints, rules.actions):
        if found := rule.search(words):
            return _match(text, NEED, sentence.end, words, found, rule)
    return None


def _reported(text: MaskedText, words: str, end: int) -> Match | None:
    """Return the ask of a body that the text did not introduce: "Sample Alliance urges …"."""
    rules = text.rules
    found = rules.reported.search(words)
    if not found or words.endswith("?") or not speaks_for_itself(words[: found.start()], rules):
        return None
    return _match(text, ASK, end, words, found, rules.reported)


def _is_vetoed(rules: Language, rule: Rule, words: str, cue: tuple[int, int]) -> bool:
    return any(
        _reaches(veto.reach, found.span(), cue)
        for veto in rules.vetoes
        if rule.name not in veto.spares
        for found in veto.matches(words)
    )


def _reaches(reach: str, veto: tuple[int, int], cue: tuple[int, int]) -> bool:
    if reach == "before":
        return veto[1] <= cue[0]
    if reach == "cue":
        return veto[0] < cue[1] and veto[1] > cue[0]
    return True


def completes(text: MaskedText, sentence: Sentence) -> Match | None:
    """Return what a sentence that follows a recommendation requires for it."""
    rule, words = text.rules.completions, words_of(text, sentence)
    found = rule.search(words)
    return _match(text, NEED, sentence.end, words, found, rule) if found else None


def by_form(text: MaskedText, block: TextBlock, sentence: Sentence, listed: bool) -> Match | None:
    """Return an action in a list that asks, or under a heading that asks."""
    words, rules = words_of(text, sentence), text.rules
    lead = asking_lead(text, block)
    if words.endswith("?") or (block.mood == OTHER and not lead):
        return None
    found = rules.actions.search(words)
    if listed and lead:
        is_item = _is_open(text, lead) and not _is_title(block, sentence, words)
        first = re.match(r"\S+", words)
        found = found or (first if is_item else None)
        return _under(text, lead, sentence.end - len(words), span(found)) if found else None
    if block.heading and block.line.is_item and sentence is block.sentences[0]:
        if found:
            return _match(text, ACTION, sentence.end, words, found, rules.actions)
        return _listed(text, block.heading)
    above = words_of(text, block.leads_above[-1]) if block.leads_above else ""
    if not found or rules.other_lead_ins.search(above) or not (listed or block.mood == ASKING):
        return None
    return _match(text, ACTION, sentence.end, words, found, rules.actions)


def _is_open(text: MaskedText, lead: Lead) -> bool:
    """Tell a lead-in that needs its list ("We call for:") from a heading ("Recommendations")."""
    words = words_of(text, lead)
    return words[-1:] in ":：" or text.rules.open_ends.search(words) is not None


def _is_title(block: TextBlock, sentence: Sentence, words: str) -> bool:
    """Tell the title of an item ("Homes.") from what it asks for."""
    return sentence is not block.sentences[-1] and len(words.split()) <= _TITLE_WORDS


def asking_lead(text: MaskedText, block: TextBlock) -> Lead | None:
    """Return the nearest lead-in above a line if what it introduces is asked for."""
    for lead in reversed(block.leads_above):
        if lead not in text.asking:
            text.asking[lead] = _asks(text, lead)
        if text.asking[lead] is not None:
            return lead if text.asking[lead] else None
    return None


def _asks(text: MaskedText, lead: Lead) -> bool | None:
    """Tell whether a lead-in asks for its list; None if it does not say."""
    words, rules = words_of(text, lead), text.rules
    if by_cue(text, lead):
        return True
    if rules.other_lead_ins.search(words) or rules.other_headings.search(words):
        return False
    return bool(rules.lead_ins.search(words) or rules.asking_headings.search(words)) or None


def _under(text: MaskedText, lead: Lead, offset: int, place: tuple[int, int]) -> Match:
    shown = " ".join(text.plain[lead.start : lead.end].split())
    shown = shown if len(shown) <= _LEAD_SHOWN else "…" + shown[-_LEAD_SHOWN:].partition(" ")[2]
    cue = text.plain[offset + place[0] : offset + place[1]]
    return Match(ACTION, cue, f"an action under “{shown}”", "listed action")


def _listed(text: MaskedText, heading: tuple[int, int]) -> Match:
    """Return the match of an item under a heading that asks: its words are the reason."""
    cue = text.plain[slice(*heading)]
    return Match(ACTION, cue, f"an item under “{cue[:_LEAD_SHOWN]}”", "listed action")


def _match(
    text: MaskedText, kind: str, end: int, words: str, found: re.Match[str], rule: Rule
) -> Match:
    """Return the match of a rule in the words of a sentence that ends at `end`."""
    first, last = span(found)
    offset = end - len(words)
    cue = text.plain[offset + first : offset + last].strip()
    return Match(kind, cue, f"“{cue}” {rule.says}", rule.name)
