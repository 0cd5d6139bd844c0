"""Who speaks in a text, so that a body's own asks are told from those of others."""

import re
from collections import Counter

from .languages import ADDRESSEE, SELF, Language

_ASIDE = re.compile(r",[^,;:]*,|\([^)]*\)|[–—][^–—]*[–—]")
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]+|\b[A-Z]{2,}\w*")
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|when|if|as|because|despite|after|while|where|to|of its)\b", re.IGNORECASE
)
_SALUTED = 800  # code points at the start of a text, where a letter greets
_ARTICLE = r"(?:\b[Tt]he )?"


def mask(text: str, rules: Language) -> str:
    """Return the text with SELF for each letter of the names of its author."""
    names = sorted(bodies(text, rules), key=len, reverse=True)
    own = [rf"{_ARTICLE}\b{re.escape(name)}\b" for name in names]
    spoken = re.sub("|".join(own), _blank, text) if own else text
    for expression in rules.self_names.expressions:
        spoken = expression.sub(_blank, spoken)
    return (
        re.sub(rules.you, ADDRESSEE * 3, spoken) if rules.you and is_letter(text, rules) else spoken
    )


def _blank(found: re.Match) -> str:
    return SELF * len(found[0])


def is_letter(text: str, rules: Language) -> bool:
    """Tell whether a text speaks to somebody: one of its first lines is a salutation."""
    return any(rules.salutation.search(line) for line in text[:_SALUTED].splitlines())


def bodies(text: str, rules: Language) -> set[str]:
    """Return the names of those who speak, as far as the text says so."""
    found = {
        each["body"].strip()
        for pattern in rules.bodies
        for each in re.finditer(pattern, text, re.MULTILINE)
    }
    found |= (
        {short[0] for name in found if (short := re.match(rules.short_name, name))}
        if rules.short_name
        else set()
    )
    return {name for name in found | _askers(text, rules) if len(name) > 2}


def _askers(text: str, rules: Language) -> set[str]:
    """Return the subjects that ask more than once; a text reports the asks of others singly."""
    found = (
        Counter(each["body"] for each in re.finditer(rules.askers, text, re.MULTILINE))
        if rules.askers
        else {}
    )
    return {name for name, times in found.items() if times > 1 and not rules.strangers.search(name)}


def speaks_for_itself(subject: str, rules: Language) -> bool:
    """Tell whether the words before "calls on" name a body that may be the author."""
    bare = _ASIDE.sub(" ", subject).strip()
    head = re.split(r" (?:for|of|on) ", bare)[0]
    if rules.strangers.search(head) or _SUBORDINATE.search(bare) or len(bare.split()) > 9:
        return False
    return bool(_NAME.search(bare))
