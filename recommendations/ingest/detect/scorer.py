"""Scores each sentence by its words, its place, and the sentences around it.

Features and weights are data of the language; the weights were fitted by logistic regression. A
score is the sum of the weights, and a sentence is proposed if it is above 0.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from .languages import UNFITTED, Language, span
from .layout import OTHER, TextBlock
from .matcher import ACTION, ASK, NEED, MaskedText, Match, asking_lead, words_of
from .sentences import Sentence

_TOKEN = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*|%")
_PHRASE = 3  # words in the longest phrase with a feature
_SHORT = 6  # words
_TINY = 3  # sentences, up to which there is nothing to compare with, and the rules decide
_ACTIONS = {"form: imperative", "form: imperative after label", "form: to be done", "form: doing"}
_OPENING, _TITLE_LINES = 500, 3  # code points and lines that tell what kind of text it is
Features = dict[str, tuple[float, str]]


@dataclass(slots=True)
class Candidate:
    """A sentence with its block, its match, and the amount and words of each feature."""

    block: TextBlock
    sentence: Sentence
    match: Match | None
    features: Features = field(default_factory=dict)
    score: float = 0.0


def score(text: MaskedText, found: list[Candidate], asks_at_all: bool) -> None:
    """Give each sentence its features and score, and confirm or cancel its match."""
    titled = _title_features(text)
    for each in found:
        each.features = _place_features(text, each, asks_at_all) | titled
        if text.rules.features:
            each.features |= _word_features(text, each.sentence)
    _compare(found)
    weights = text.rules.weights if len(found) > _TINY else UNFITTED
    for each in found:
        worth = (amount * weights.get(name, 0.0) for name, (amount, _) in each.features.items())
        each.score = weights["text: any"] + sum(worth)
        each.match = _decide(each, text.rules) if each.score > 0 else None


def _decide(each: Candidate, rules: Language) -> Match:
    """Return the match of the rules, or else the strongest feature that has words to quote."""
    if each.match:
        return each.match
    worth = {
        name: rules.weights.get(name, 0.0) * amount
        for name, (amount, words) in each.features.items()
        if words
    }
    name = max(worth, key=lambda each: worth[each], default="")
    cue = each.features[name][1] if name else ""
    known = (rule.says for rule in rules.features if f"form: {rule.name}" == name)
    says = f"“{cue}” {next(known, 'speaks for an ask')}" if cue else "its place speaks for an ask"
    kind = ACTION if each.block.line.is_item and each.block.leads_above else NEED
    return Match(kind, cue, says, name)


def _word_features(text: MaskedText, sentence: Sentence) -> Features:
    """Return the features in the words of a sentence, quoted as they stand in the text."""
    rules, words = text.rules, words_of(text, sentence)
    plain = text.plain[sentence.end - len(words) : sentence.end]
    features = {
        f"form: {rule.name}": (1.0, plain[slice(*span(found))].strip())
        for rule in rules.features
        if (found := rule.search(words))
    }
    tokens = _TOKEN.findall(words.replace("’", "'"))
    for size in range(1, _PHRASE + 1):
        for at in range(len(tokens) - size + 1):
            phrase = " ".join(tokens[at : at + size])
            if name := rules.word_features.get(phrase.lower()):
                features.setdefault(f"word: {name}", (1.0, phrase))
    features["form: length"] = (min(len(tokens), 60) / 30, "")
    return features | ({} if len(tokens) >= _SHORT else {"form: short": (1.0, "")})


def _place_features(text: MaskedText, each: Candidate, asks_at_all: bool) -> Features:
    """Return what the match and the place of a sentence say."""
    block = each.block
    kind, rule = (each.match.kind, each.match.rule) if each.match else ("", "")
    first, last = each.sentence is block.sentences[0], each.sentence is block.sentences[-1]
    lead, item = _lead(text, block), block.line.is_item
    is_short = len(words_of(text, each.sentence).split()) < _SHORT
    amounts = {
        f"place: {block.mood} section": True,
        f"rules: {kind}": bool(kind),
        f"rule: {rule}": bool(rule),
        "place: need in other section": kind == NEED and block.mood == OTHER,
        "text: only reports": not asks_at_all,
        "place: item": item,
        "place: first of item": item and first,
        f"place: {'item' if item else 'line'} under {lead}": bool(lead),
        f"place: first of item under {lead}": item and first and bool(lead),
        "place: title of item": item and first and not last and is_short,
        "place: numbered": bool(block.line.number),
        "place: last": last,
        "place: alone": first and last,
    }
    return {name: (1.0, "") for name, is_so in amounts.items() if is_so}


def _title_features(text: MaskedText) -> Features:
    """Return what the first lines tell of a text."""
    opening = [line for line in text.plain[:_OPENING].splitlines() if line.strip()][:_TITLE_LINES]
    words = {token.lower() for line in opening for token in _TOKEN.findall(line)}
    known = text.rules.title_features
    return {f"text: {known[word]}": (1.0, "") for word in words & known.keys()}


def _lead(text: MaskedText, block: TextBlock) -> str:
    """Return what kind of lead-in a line stands under."""
    if not block.leads_above:
        return ""
    if asking_lead(text, block):
        return "an asking lead-in"
    return "another lead-in" if text.asking[block.leads_above[-1]] is False else "an open lead-in"


def _compare(found: list[Candidate]) -> None:
    """Add the features that the sentences around each one give."""
    matched = [each.match is not None for each in found]
    asks = [each.match is not None and each.match.kind == ASK for each in found]
    lists = _lists(found)
    for line in _lines(found):
        for at in line:
            before = matched[at - 1] if at > line.start else False
            after = matched[at + 1] if at + 1 < line.stop else False
            amounts = {
                "near: share of the text": min(1.0, 2 * _share(matched)),
                "near: explicit asks": min(1.0, 4 * _share(asks)),
                "near: list of actions": lists.get(_list_of(found[at]), 0.0),
                "near: line": _share([matched[each] for each in line if each != at]),
                "near: before": float(before),
                "near: after": float(after),
            }
            found[at].features |= {name: (each, "") for name, each in amounts.items() if each}


def _share(those: list[bool]) -> float:
    return sum(those) / len(those) if those else 0.0


def _lines(found: list[Candidate]) -> list[range]:
    """Return the places of the sentences of each line."""
    cuts = [at for at, each in enumerate(found) if not at or each.block is not found[at - 1].block]
    return [range(start, end) for start, end in pairwise([*cuts, len(found)])]


def _list_of(each: Candidate) -> int | None:
    """Return the place of the lead-in of a sentence that begins an item, or None."""
    first = each.block.line.is_item and each.sentence is each.block.sentences[0]
    return each.block.leads_above[-1].start if first and each.block.leads_above else None


def _lists(found: list[Candidate]) -> dict[int | None, float]:
    """Return for each list the share of its items that look like actions."""
    looks = defaultdict(list)
    for each in found:
        looks[_list_of(each)].append(not _ACTIONS.isdisjoint(each.features))
    return {place: _share(every) for place, every in looks.items() if place is not None}
