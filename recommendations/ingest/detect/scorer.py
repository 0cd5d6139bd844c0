"""Weighs everything that speaks for and against each sentence: its words, its place, and the
sentences around it.

The signs are data of the language, and so are their weights, which were fitted offline by logistic
regression; the score of a sentence is their sum, and it is proposed above 0.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from .languages import UNFITTED, Language, span
from .layout import OTHER, Block
from .matcher import ACTION, ASK, NEED, Sight, Text, asking_lead, words_of
from .sentences import Sentence

_TOKEN = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*|%")
_PHRASE = 3  # words in the longest phrase of the signs
_AROUND = 6  # sentences on either side whose share of asks is told
_LONG, _SHORT = 35, 6  # words
_TINY = 3  # sentences, up to which there is nothing to weigh against, and the rules decide
_TELLING = {"form: began", "form: has happened"}
_ACTIONS = {
    "form: imperative",
    "form: imperative after label",
    "form: doing",
    "form: to be done",
    "form: nothing more",
}  # fmt: skip
_OPENING, _TITLE_LINES = 500, 3  # code points and lines that tell what kind of text it is
Signs = dict[str, tuple[float, str]]


@dataclass(slots=True)
class Weighed:
    """A sentence with its block, its match, and the amount and words of each feature."""

    block: Block
    sentence: Sentence
    sight: Sight | None
    taken_back: str
    signs: Signs = field(default_factory=dict)
    score: float = 0.0


def weigh(whole: Text, found: list[Weighed], asks_at_all: bool) -> None:
    """Give each sentence its features and score, and confirm or cancel its match."""
    titled = _titled(whole)
    for each in found:
        each.signs = _placed(whole, each, asks_at_all) | titled
        if whole.rules.signs:
            each.signs |= _said(whole, words_of(whole, each.sentence), each.sentence.end)
    _compare(found)
    weights = whole.rules.weights if len(found) > _TINY else UNFITTED
    for each in found:
        worth = (amount * weights.get(name, 0.0) for name, (amount, _) in each.signs.items())
        each.score = weights["always"] + sum(worth)
        each.sight = _decide(each, whole.rules) if each.score > 0 else None


def _decide(each: Weighed, rules: Language) -> Sight:
    """Return what the rules saw, or else the strongest sign that has words to quote."""
    if each.sight:
        return each.sight
    worth = {
        name: rules.weights.get(name, 0.0) * amount
        for name, (amount, words) in each.signs.items()
        if words
    }
    name = max(worth, key=worth.get, default="")
    cue = each.signs[name][1] if name else ""
    says = next(
        (rule.says for rule in rules.signs if f"form: {rule.name}" == name), "speaks for an ask"
    )
    kind = ACTION if each.block.line.is_item and each.block.leads_above else NEED
    return Sight(kind, cue, f"“{cue}” {says}" if cue else "its place speaks for an ask", name)


def _said(whole: Text, words: str, end: int) -> Signs:
    """Return the features in the masked words of a sentence that ends at `end`."""
    rules, plain = whole.rules, whole.plain[end - len(words) : end]
    matches = {rule.name: found for rule in rules.signs if (found := rule.search(words))}
    signs = {
        f"form: {name}": (1.0, plain[slice(*span(found))].strip())
        for name, found in matches.items()
    }
    tokens = _TOKEN.findall(words.replace("’", "'"))
    for size in range(1, _PHRASE + 1):
        for at in range(len(tokens) - size + 1):
            phrase = " ".join(tokens[at : at + size])
            if name := rules.sign_words.get(phrase.lower()):
                signs.setdefault(f"word: {name}", (1.0, phrase))
    return signs | _lengths(len(tokens))


def _lengths(count: int) -> Signs:
    signs: Signs = {"form: length": (min(count, 60) / 30, "")}
    if not _SHORT <= count <= _LONG:
        signs["form: long" if count > _LONG else "form: short"] = (1.0, "")
    return signs


def _placed(whole: Text, each: Weighed, asks_at_all: bool) -> Signs:
    """Return what the rules and the place of a sentence say."""
    block, sight = each.block, each.sight
    names = [f"place: {block.mood} section"]
    if sight:
        names += [f"rules: {sight.kind}", f"rule: {sight.rule}"]
    elif each.taken_back:
        names += [f"veto: {each.taken_back}"]
    if sight and sight.kind == NEED and block.mood == OTHER:
        names += ["place: need in other section"]
    if not asks_at_all:
        names += ["text: only reports"]
    names += [f"place: {name}" for name in _place(whole, block, each.sentence)]
    return dict.fromkeys(names, (1.0, ""))


def _titled(whole: Text) -> Signs:
    """Return what the first lines tell of a text."""
    opening = [line for line in whole.plain[:_OPENING].splitlines() if line.strip()][:_TITLE_LINES]
    words = {token.lower() for line in opening for token in _TOKEN.findall(line)}
    return {
        f"text: {whole.rules.title_words[word]}": (1.0, "")
        for word in words & whole.rules.title_words.keys()
    }


def _place(whole: Text, block: Block, sentence: Sentence) -> list[str]:
    first, last = sentence is block.sentences[0], sentence is block.sentences[-1]
    item, lead = block.line.is_item, _lead(whole, block)
    parts = [
        ("item", item),
        ("first of item", item and first),
        ("later in item", item and not first),
    ]
    parts += [
        (f"{'item' if item else 'line'} under {lead}", bool(lead)),
        ("numbered", bool(block.line.number)),
    ]
    parts += [("first of item under " + lead, item and first and bool(lead))]
    size, acts = (
        len(words_of(whole, sentence).split()),
        bool(whole.rules.actions.search(words_of(whole, sentence))),
    )
    opens = item and first and not last and size < _SHORT
    parts += [("title of item", opens and not acts), ("action as title of item", opens and acts)]
    parts += [
        ("introduces", block.leads and last),
        ("first", first),
        ("last", last),
        ("alone", first and last),
    ]
    return [name for name, is_so in parts if is_so]


def _lead(whole: Text, block: Block) -> str:
    """Return what kind of lead-in a line stands under."""
    if not block.leads_above:
        return ""
    if asking_lead(whole, block):
        return "an asking lead-in"
    return "another lead-in" if whole.asking[block.leads_above[-1]] is False else "an open lead-in"


def _compare(found: list[Weighed]) -> None:
    """Add what the sentences around each one say."""
    seen = [each.sight is not None for each in found]
    asks = [each.sight is not None and each.sight.kind == ASK for each in found]
    told = [not _TELLING.isdisjoint(each.signs) for each in found]
    lists = _lists(found)
    everywhere = {
        "near: share of the text": min(1.0, 2 * _share(seen)),
        "near: explicit asks": min(1.0, 4 * _share(asks)),
    }
    for line in _line_places(found):
        for at in line:
            others = [i for i in line if i != at]
            amounts = everywhere | {
                "near: around": _share(
                    seen[max(0, at - _AROUND) : at] + seen[at + 1 : at + 1 + _AROUND]
                ),
                "near: list of actions": lists.get(_list_of(found[at]), 0.0),
                "near: line": _share([seen[i] for i in others]),
                "near: line tells": _share([told[i] for i in others]),
                f"near: before{'' if at > line[0] else ', other line'}": float(
                    at > 0 and seen[at - 1]
                ),
                f"near: after{'' if at < line[-1] else ', other line'}": float(
                    at + 1 < len(seen) and seen[at + 1]
                ),
            }
            found[at].signs |= {name: (amount, "") for name, amount in amounts.items() if amount}


def _share(those: list[bool]) -> float:
    return sum(those) / len(those) if those else 0.0


def _line_places(found: list[Weighed]) -> list[range]:
    """Return the places of the sentences of each line."""
    cuts = [at for at, each in enumerate(found) if not at or each.block is not found[at - 1].block]
    return [range(start, end) for start, end in pairwise([*cuts, len(found)])]


def _list_of(each: Weighed) -> int | None:
    """Return the place of the lead-in of a sentence that begins an item, or None."""
    first = each.block.line.is_item and each.sentence is each.block.sentences[0]
    return each.block.leads_above[-1].start if first and each.block.leads_above else None


def _lists(found: list[Weighed]) -> dict[int, float]:
    """Return for each list the share of its items that look like actions."""
    looks = defaultdict(list)
    for each in found:
        looks[_list_of(each)].append(_looks_like_action(each))
    return {place: _share(every) for place, every in looks.items() if place is not None}


def _looks_like_action(each: Weighed) -> bool:
    return not _ACTIONS.isdisjoint(each.signs)
