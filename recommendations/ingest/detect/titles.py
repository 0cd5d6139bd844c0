"""Turns a recommendation into a short imperative title, for an editor to improve."""

import re
from collections.abc import Iterator

from .languages import Language
from .sentences import sentences

MAX_TITLE = 120  # code points
FEWEST_WORDS = 2
# Where a clause ends, and no list goes on.
_CLAUSE = re.compile(
    r" – | — |; | \((?=[^)]*\))"
    r"|,? (?=(?:so that|in order to|which|while|because|unless|without|including|such as|through"
    r"|afin)\b)"
)
_PAIRS = ("()", "“”", "„“", "«»", '""')
_END = re.compile(r"[\s.,;:!?…。、；：“”\"‘’'»」]+$")
_BREAK = re.compile(
    r"(?<=.{8}); |(?<=.{8}), (?:and|but|so|for) (?=(?:we|they|it|I|you|he|she|this)\b)"
)
_AND = re.compile(r"[;,] (?:and|or|et|ou|und|oder|e|o)$")
_SPACE = re.compile(r"\s+")


def title(passage: str, rules: Language, cue: str = "") -> str:
    """Return the clause that asks, as an imperative of at most MAX_TITLE code points.

    It is "" where no clause can be turned safely: an editor writes a better one than a broken one.
    """
    words = _SPACE.sub(" ", _telling_sentence(passage, rules, cue)).strip()
    if rules.title_openings:
        words = re.sub(rules.title_openings, "", words, flags=re.IGNORECASE) or words
    is_negative = rules.negation.search(words)
    for action in _actions(words, rules):
        made = _finish(action, rules)
        is_turned = is_negative and not rules.negation.search(made)
        if _is_sound(made, rules) and not is_turned:
            return made
    return ""


def _is_sound(made: str, rules: Language) -> bool:
    """Tell whether a title begins with its verb, stands alone, and is whole."""
    found = None if re.match(r"\S+,", made) else rules.actions.search(made)
    opening = made[: found.start("cue")] if found else made
    return (
        found is not None
        and (not opening or opening.endswith("ly "))
        and len(made.split()) >= FEWEST_WORDS
        and not rules.title_context.search(made)
        and all(_is_closed(made, *pair) for pair in _PAIRS)
    )


def _is_closed(words: str, first: str, last: str) -> bool:
    if first == last:
        return words.count(first) % 2 == 0
    return words.count(first) == words.count(last)


def _telling_sentence(passage: str, rules: Language, cue: str) -> str:
    """Return the sentence that holds the cue, or the first."""
    every = [passage[each.start : each.end] for each in sentences(passage, 0, len(passage), rules)]
    return next((each for each in every if cue and cue in each), every[0] if every else passage)


def _actions(words: str, rules: Language) -> Iterator[str]:
    """Yield the actions that a sentence asks for, by each pattern that finds one."""
    action = rules.actions.search(words)
    if action and not words.lower().startswith(("please ", "let us ", "let’s ", "let's ")):
        yield words[action.start("cue") if "cue" in action.groupdict() else 0 :]
    for pattern, template in rules.titles:
        for found in re.finditer(pattern, words, re.IGNORECASE):
            if filled := _fill(template, found.groupdict(), rules):
                yield filled


def _fill(template: str, groups: dict[str, str], rules: Language) -> str:
    """Return a template with its words, or "" if the form of a verb is not sure."""
    actor = groups.get("actor")
    if actor and rules.title_actors and not re.search(rules.title_actors, actor, re.IGNORECASE):
        return ""
    form = groups.get("ing") or groups.get("done")
    verb = rules.imperatives.get(form.lower(), "") if form else groups.get("do", "")
    if "{do}" in template and not verb:
        return ""
    it, thing = (_uncapitalised((groups.get(name) or "").strip()) for name in ("it", "thing"))
    return template.format(do=verb, it=it, rest=groups.get("rest") or "", thing=thing).replace(
        " and to ", " and "
    )


def _uncapitalised(words: str) -> str:
    """Return words without a sentence's capital, unless a name or an acronym begins them."""
    first, second = words[:1], words.split(" ")[1:2]
    is_name = (not words[1:2].islower() and first != "A") or (second and second[0][:1].isupper())
    return words if is_name else first.lower() + words[1:]


def _finish(words: str, rules: Language) -> str:
    """Return words cut to length where a clause or a word ends, as a title is written."""
    whole = _AND.sub("", _END.sub("", _BREAK.split(words)[0]))
    short = _END.sub("", _shorten(whole))
    while short != whole and short.rpartition(" ")[2].lower() in rules.dangling and " " in short:
        short = _END.sub("", short.rpartition(" ")[0])
    return short[:1].upper() + short[1:]


def _shorten(words: str) -> str:
    """Return words that are too long cut where a clause ends, or "" where none does."""
    if len(words) <= MAX_TITLE:
        return words
    ends = [found.start() for found in _CLAUSE.finditer(words) if 25 <= found.start() <= MAX_TITLE]
    return words[: ends[-1]] if ends else ""
