"""Turns a recommendation into a short imperative title, for an editor to improve."""

import re

from .languages import Language
from .sentences import sentences

MAX_TITLE = 120  # code points
_COMFORTABLE = 85  # a longer title is cut where a clause ends
_CLAUSE = re.compile(
    r", | – | — |; |: | \(|(?= (?:so that|in order to|which|while|because|unless|to ensure"
    r"|as well as|and to|through)\b)"
)
_END = re.compile(r"[\s.,;:!?…。、；：“”\"‘’'»」]+$")
_BREAK = re.compile(
    r"(?<=.{8}); |(?<=.{8}), (?:and|but|so|for) (?=(?:we|they|it|I|you|he|she|this)\b)"
)
_AND = re.compile(r"[;,] (?:and|or|et|ou|und|oder|e|o)$")
_SPACE = re.compile(r"\s+")
_OPEN = re.compile(r"\([^)]*$")


def title(passage: str, rules: Language, cue: str = "") -> str:
    """Return a title of at most MAX_TITLE code points from a passage's own words."""
    words = _SPACE.sub(" ", _telling_sentence(passage, rules, cue)).strip()
    if rules.title_openings:
        words = re.sub(rules.title_openings, "", words, flags=re.IGNORECASE) or words
    made = _finish(_action(words, rules) or words, rules)
    return made or _SPACE.sub(" ", passage).strip()[:MAX_TITLE]


def _telling_sentence(passage: str, rules: Language, cue: str) -> str:
    """Return the sentence that holds the cue, or the first."""
    every = [passage[each.start : each.end] for each in sentences(passage, 0, len(passage), rules)]
    return next((each for each in every if cue and cue in each), every[0] if every else passage)


def _action(words: str, rules: Language) -> str:
    """Return the action that a sentence asks for, by the first pattern that finds one."""
    action = rules.actions.search(words)
    if action and not words.lower().startswith(("please ", "let us ", "let’s ", "let's ")):
        return words[action.start("cue") if "cue" in action.groupdict() else 0 :]
    for pattern, template in rules.titles:
        found = re.search(pattern, words, re.IGNORECASE)
        filled = _fill(template, found.groupdict(), rules) if found else ""
        if filled:
            return filled
    return ""


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
    if len(words) <= _COMFORTABLE:
        return words
    ends = [found.start() for found in _CLAUSE.finditer(words) if 25 <= found.start() <= MAX_TITLE]
    fitting = [end for end in ends if end <= _COMFORTABLE] or ends
    if fitting:
        return _OPEN.sub("", words[: fitting[-1]])
    if len(words) > MAX_TITLE:
        words = words[:MAX_TITLE].rpartition(" ")[0] or words[:MAX_TITLE]
    return _OPEN.sub("", words)
