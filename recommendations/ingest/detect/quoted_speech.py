"""Who speaks in a text, so that a body's own asks are told from those of others."""

import re

from .languages import LANGUAGES, SELF, Language

_ASIDE = re.compile(r",[^,;:]*,|\([^)]*\)|[–—][^–—]*[–—]")
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]+|\b[A-Z]{2,}\w*")
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|when|if|as|because|despite|after|while|where|to|of its)\b", re.IGNORECASE
)
_SALUTED = 800  # code points at the start of a text, where a letter greets
_LONGEST_SUBJECT = 9  # words


def mask(text: str, rules: Language) -> str:
    """Return the text with SELF for each letter of the names of its author."""
    names = sorted({name for name, _place in _named(text, rules)}, key=len, reverse=True)
    masked = text
    if names:
        masked = re.sub(
            "|".join(rf"(?:\b[Tt]he )?\b{re.escape(each)}\b" for each in names), _blank, text
        )
    for expression in rules.self_names.expressions:
        masked = expression.sub(_blank, masked)
    return masked


def _blank(found: re.Match[str]) -> str:
    return SELF * len(found[0])


def is_letter(text: str, rules: Language) -> bool:
    """Tell whether a text speaks to somebody: one of its first lines is a salutation."""
    return any(rules.salutation.search(line) for line in text[:_SALUTED].splitlines())


def speakers(text: str, language: str) -> list[tuple[str, int]]:
    """Return the names of those who speak, each with the place where the text says so."""
    rules = LANGUAGES.get(re.split("[-_]", language.lower())[0])
    return _named(text, rules) if rules else []


def _named(text: str, rules: Language) -> list[tuple[str, int]]:
    found = (
        (each["body"].strip(), each.start("body"))
        for pattern in rules.bodies
        for each in re.finditer(pattern, text, re.MULTILINE)
    )
    return [(name, place) for name, place in found if len(name) > 2]


def speaks_for_itself(subject: str, rules: Language) -> bool:
    """Tell whether the words before "calls on" name a body that may be the author."""
    bare = _ASIDE.sub(" ", subject).strip().rpartition(", ")[2]  # without an introductory clause
    head = re.split(r" (?:for|of|on) ", bare)[0]
    if rules.strangers.search(head) or _SUBORDINATE.search(bare):
        return False
    return len(bare.split()) <= _LONGEST_SUBJECT and bool(
        _NAME.search(f"the {bare}") or rules.constituencies.search(bare)
    )
