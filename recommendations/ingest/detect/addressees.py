"""Finds whom a recommendation addresses, among the actors the editors know."""

import re
from collections.abc import Sequence

from .languages import Language
from .vocabulary import Concept, Term

_WORD = re.compile(r"[^\W_]+")
ASKED, NAMED = 2.0, 1.0  # beside an asking verb; elsewhere in the passage


def addressees(passage: str, lead: str, actors: Sequence[Concept], rules: Language) -> list[str]:
    """Return the keys of the actors that are asked, best first."""
    asked = [
        f" {' '.join(_forms(each))} " for words in (passage, lead) for each in _asked(words, rules)
    ]
    scores = {actor.key: _score(_names(actor, rules), asked) for actor in actors}
    return sorted((key for key, score in scores.items() if score), key=lambda key: -scores[key])


def _asked(words: str, rules: Language) -> list[str]:
    """Return the stretches of a passage that name who is asked."""
    return [
        found["to"]
        for pattern in rules.addressing
        for found in re.finditer(pattern, words, re.IGNORECASE)
    ]


def _forms(words: str) -> Term:
    """Return the words of a name in small letters and without a plural's "s", not their stems:
    "AI development" is no "AI developer".
    """
    return tuple(word.removesuffix("s") for word in _WORD.findall(words.lower()))


def _names(actor: Concept, rules: Language) -> list[tuple[Term, float]]:
    """Return an actor's labels, which count most, and the obvious equivalents of each."""
    labels = {_forms(label) for label in actor.labels}
    kinds = [{_forms(name) for name in kind.split("|")} for kind in rules.same_actors]
    equal = {name for kind in kinds if labels & kind for name in kind}
    return [(name, ASKED) for name in labels if name] + [(name, NAMED) for name in equal - labels]


def _score(names: list[tuple[Term, float]], asked: list[str]) -> float:
    return max(
        (
            weight + len(name) / 10
            for name, weight in names
            for words in asked
            if f" {' '.join(name)} " in words
        ),
        default=0.0,
    )
