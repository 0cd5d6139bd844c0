"""Tells whether one sentence is a recommendation, by its words or by its place."""

import re
from dataclasses import dataclass, field

from .languages import Language, Rule, span
from .layout import ASKING, OTHER, Block, Lead
from .quoted_speech import speaks_for_itself
from .sentences import Sentence

ASK, NEED, ACTION = "ask", "need", "action"
_LEAD_SHOWN = 60  # code points of a lead-in that an explanation quotes
_TITLE_WORDS = 2  # an item that begins with so short a sentence, without a verb, has a title
_OPENING = re.compile(r"[“”\"‘'«(\s]*")


@dataclass(frozen=True, slots=True)
class Text:
    """A text, its mask (see `speakers`), and the rules of its language."""

    plain: str
    spoken: str
    rules: Language
    asking: dict[Lead, bool | None] = field(
        default_factory=dict, compare=False
    )  # what was found of lead-ins


@dataclass(frozen=True, slots=True)
class Sight:
    """What showed that a sentence is a recommendation: an ask, a need, or an action."""

    kind: str
    cue: str
    why: str
    rule: str = ""


def words_of(whole: Text, sentence: Sentence | Lead) -> str:
    """Return the masked words of a sentence without the quotation mark that opens it."""
    spoken = whole.spoken[sentence.start : sentence.end]
    return spoken[_OPENING.match(spoken).end() :]


def by_cue(whole: Text, sentence: Sentence | Lead, before: str = "") -> Sight | None:
    """Return the first cue of a sentence that no veto cancels."""
    return find_cue(whole, sentence, before)[0]


def find_cue(whole: Text, sentence: Sentence | Lead, before: str = "") -> tuple[Sight | None, str]:
    """Return the first cue that no veto cancels, else the name of the first veto that did."""
    words = words_of(whole, sentence)
    offset = sentence.end - len(words)
    taken_back = ""
    for kind, rules in ((ASK, whole.rules.asks), (NEED, whole.rules.needs)):
        for rule in rules:
            for found in rule.matches(words):
                veto = _veto(whole.rules, rule, words, span(found), before)
                if not veto:
                    return _sight(whole, kind, offset, span(found), rule), ""
                taken_back = taken_back or veto
    return _reported(whole, words, offset), taken_back


def _reported(whole: Text, words: str, offset: int) -> Sight | None:
    """Return the ask of a body that the text did not introduce: "Sample Alliance urges …"."""
    found = whole.rules.reported.search(words)
    if (
        found is None
        or words.endswith("?")
        or not speaks_for_itself(words[: found.start()], whole.rules)
    ):
        return None
    return _sight(whole, ASK, offset, span(found), whole.rules.reported)


def _veto(rules: Language, rule: Rule, words: str, cue: tuple[int, int], before: str) -> str:
    """Return the name of the first veto that takes a cue back, or ""."""
    return next(
        (
            veto.name
            for veto in rules.vetoes
            if rule.name not in veto.spares
            for found in veto.matches(before if veto.reach == "previous" else words)
            if _reaches(veto.reach, found.span(), cue)
        ),
        "",
    )


def _reaches(reach: str, veto: tuple[int, int], cue: tuple[int, int]) -> bool:
    if reach == "before":
        return veto[1] <= cue[0]
    if reach == "cue":
        return veto[0] < cue[1] and veto[1] > cue[0]
    return True


def completes(whole: Text, sentence: Sentence, rule: Rule) -> Sight | None:
    """Return what a sentence that follows a recommendation adds to it by a rule of its own."""
    words = words_of(whole, sentence)
    found = rule.search(words)
    return _sight(whole, NEED, sentence.end - len(words), span(found), rule) if found else None


def by_form(whole: Text, block: Block, sentence: Sentence, listed: bool) -> Sight | None:
    """Return an action in a list that asks, or under a heading that asks."""
    words = words_of(whole, sentence)
    lead = asking_lead(whole, block)
    if words.endswith("?") or (block.mood == OTHER and not lead):
        return None
    found = whole.rules.actions.search(words)
    offset = sentence.end - len(words)
    if listed and lead:
        found = found or whole.rules.likely_actions.search(words)
        place = span(found) if found else re.match(r"\S+", words).span()
        counts = found or (_is_open(whole, lead) and not _is_title(block, sentence, words))
        return _under(whole, lead, offset, place) if counts else None
    other = block.leads_above and whole.rules.other_lead_ins.search(
        words_of(whole, block.leads_above[-1])
    )
    if not found or other or not (listed or block.mood == ASKING):
        return None
    return _sight(whole, ACTION, offset, span(found), whole.rules.actions)


def _is_open(whole: Text, lead: Lead) -> bool:
    """Tell a lead-in that needs its list ("We call for:") from a heading ("Recommendations")."""
    words = words_of(whole, lead)
    return words[-1:] in ":：" or whole.rules.open_ends.search(words) is not None


def _is_title(block: Block, sentence: Sentence, words: str) -> bool:
    """Tell the title of an item ("Homes.") from what it asks for."""
    return sentence is not block.sentences[-1] and len(words.split()) <= _TITLE_WORDS


def asking_lead(whole: Text, block: Block) -> Lead | None:
    """Return the nearest lead-in above a line if what it introduces is asked for."""
    for lead in reversed(block.leads_above):
        if lead not in whole.asking:
            whole.asking[lead] = _asks(whole, lead)
        if whole.asking[lead] is not None:
            return lead if whole.asking[lead] else None
    return None


def _asks(whole: Text, lead: Lead) -> bool | None:
    """Tell whether a lead-in asks for its list; None if it does not say."""
    words = words_of(whole, lead)
    if by_cue(whole, lead):
        return True
    if whole.rules.other_lead_ins.search(words) or whole.rules.other_headings.search(words):
        return False
    return (
        bool(whole.rules.lead_ins.search(words) or whole.rules.asking_headings.search(words))
        or None
    )


def _under(whole: Text, lead: Lead, offset: int, place: tuple[int, int]) -> Sight:
    shown = " ".join(whole.plain[lead.start : lead.end].split())
    shown = shown if len(shown) <= _LEAD_SHOWN else "…" + shown[-_LEAD_SHOWN:].partition(" ")[2]
    return Sight(
        ACTION,
        whole.plain[offset + place[0] : offset + place[1]],
        f"an action under “{shown}”",
        "listed action",
    )


def _sight(whole: Text, kind: str, offset: int, place: tuple[int, int], rule: Rule) -> Sight:
    cue = whole.plain[offset + place[0] : offset + place[1]].strip()
    return Sight(kind, cue, f"“{cue}” {rule.says}", rule.name)
