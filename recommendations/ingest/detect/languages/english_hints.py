"""What may speak for an English recommendation: it is offered to the editor and not proposed."""

from . import english_words as words
from .english_phrases import ADJECTIVE, ASKS
from .language import Rule

HINTS = (
    Rule(
        "that it be done",
        "asks in the subjunctive",
        r"\bthat (?:[^,.;:]{2,90}?|[^.;:]{2,140}, )(?:not )?be \w+",
    ),
    Rule(
        "to be done",
        "names what is to be done",
        r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!has )(?<!have )(?<!had )(?<!need )"
        r"(?<!needs )\bto be (?:\w+ly )?\w+(?:ed|en|wn|de|pt|ld|ut|et|ught|nt)\b",
    ),
    Rule(
        "may not",
        "forbids",
        r"\b(?:may|must|should|shall|can) (?:not|never|only|no longer)\b|\b(?:nobody|no one|no"
        r"|none|neither)\b[^,.;]{0,70}? (?:may|must|should|shall)\b",
    ),
    Rule(
        "imperative",
        "is an action",
        rf"^[“\"]?(?:{words.IMPERATIVES})\b(?!-|’|'|,| (?:is|are|was|were|has|have|will|can|of)\b)",
    ),
    Rule(
        "imperative after label",
        "is an action",
        rf"(?:: |; | [–—-] )(?:{words.IMPERATIVES})\b (?:the|a|an|all|every|each|it|them|no|what"
        rf"|only|by|to|in|\w+s)\b",
    ),
    Rule(
        "well before all",
        "weighs what matters",
        rf"\b(?:is|are|remains?|becomes?|be) (?:\w+ )?{ADJECTIVE}",
    ),
    Rule("another asks", "asks", rf"^(?:[\w’'-]+ ){{1,7}}?(?:also |further |\w+ly )*(?:{ASKS})"),
    Rule(
        "a role must",
        "says what somebody in a role must do",
        r"^(?:a|an|any|each) (?:[\w-]+ ){1,3}?(?:must|should|needs? to|has to|may)\b",
    ),
)
