"""Finds whom a recommendation addresses, among the actors the editors know."""

import re
from collections.abc import Sequence

from .languages import Language
from .vocabulary import Concept, Term, full_stems

ASKED, NAMED = 2.0, 1.0  # beside an asking verb; elsewhere in the passage


def addressees(passage: str, lead: str, actors: Sequence[Concept], rules: Language) -> list[str]:
    """Return the keys of the actors that are asked, best first."""
    asked = [_normal(each, rules) for words in (passage, lead) for each in _asked(words, rules)]
    scores = {actor.key: _score(_names(actor, rules), asked) for actor in actors}
    return sorted((key for key, score in scores.items() if score), key=lambda key: -scores[key])


def _asked(words: str, rules: Language) -> list[str]:
    """Return the stretches of a passage that name who is asked."""
    return [
        found["to"]
        for pattern in rules.addressing
        for found in re.finditer(pattern, words, re.IGNORECASE)
    ]


def _normal(words: str, rules: Language) -> str:
    return f" {' '.join(full_stems(words, rules))} "


def _names(actor: Concept, rules: Language) -> list[tuple[Term, float]]:
    """Return an actor's labels, which count most, and the obvious equivalents of each."""
    labels = {full_stems(label, rules) for label in actor.labels}
    kinds = [{full_stems(name, rules) for name in kind.split("|")} for kind in rules.same_actors]
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
