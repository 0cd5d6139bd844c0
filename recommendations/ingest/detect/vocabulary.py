"""The editors' themes, tags and actors, and what their words weigh."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .languages import LANGUAGES, Language
from .stems import stem, stems

PHRASE, SIGNAL_PHRASE, SIGNAL = 3.0, 2.5, 1.8
WHOLE_NAME, NAME_WORD, OTHER_NAME_WORD, DEFINITION_WORD = 3.0, 2.0, 1.2, 0.6
KIN, DISTANT_KIN = 1.2, 0.3
_PARTS = re.compile(r"\s*(?:&|,|/|;|\band\b|\bet\b|\bund\b|\be\b)\s*")
Term = tuple[str, ...]


@dataclass(frozen=True)
class Concept:
    """A theme or an actor: key, labels (the preferred first), definition and signals."""

    key: str
    labels: Sequence[str]
    definition: str = ""
    signals: Sequence[str] = ()  # kept by editors; exported as hidden labels of SKOS


@dataclass(frozen=True)
class Vocabulary:
    """What passages may be labelled with; what is prepared for a language is kept."""

    themes: Sequence[Concept]
    tags: Sequence[str] = ()
    actors: Sequence[Concept] = ()
    _weights: dict = field(default_factory=dict, compare=False, repr=False)
    _shares: dict = field(default_factory=dict, compare=False, repr=False)

    def weights(self, rules: Language) -> dict[str, dict[Term, float]]:
        """Return what each term weighs for each theme; terms of many themes weigh less."""
        if rules.code not in self._weights:
            self._weights[rules.code] = _weigh(self.themes, rules)
        return self._weights[rules.code]

    def shares(
        self, text: str, rules: Language, measure: Callable[[], dict[str, float]]
    ) -> dict[str, float]:
        """Return the share of each theme in a text, measured once for one text at a time."""
        if (rules.code, text) not in self._shares:
            self._shares.clear()
            self._shares[rules.code, text] = measure()
        return self._shares[rules.code, text]


def _weigh(themes: Sequence[Concept], rules: Language) -> dict[str, dict[Term, float]]:
    raw = {theme.key: _raw_weights(theme, rules) for theme in themes}
    in_themes = Counter(term for terms in raw.values() for term in terms)
    rarity = {term: _rarity(count, len(themes)) for term, count in in_themes.items()}
    return {
        key: {term: weight * rarity[term] for term, weight in terms.items()}
        for key, terms in raw.items()
    }


def _rarity(count: int, themes: int) -> float:
    """Return 1 for a term of one theme, and less the more themes have it, 0 if several all do."""
    return 1.0 if count == 1 else 1 - math.log(count) / math.log(max(themes, 2))


def _raw_weights(theme: Concept, rules: Language) -> dict[Term, float]:
    """Return the weights of a theme's phrases, words and kin, each the highest of its reasons."""
    found: dict[Term, float] = {}
    for term, weight in _reasons(theme, rules):
        found[term] = max(found.get(term, 0.0), weight)
    return found


def _reasons(theme: Concept, rules: Language) -> Iterator[tuple[Term, float]]:
    for at, label in enumerate(theme.labels):
        for phrase in {label, *_PARTS.split(label)}:
            words = full_stems(phrase, rules)
            telling = [word for word in words if _tells(word, rules)]
            if len(words) > 1 and telling:
                yield words, PHRASE
            weight = NAME_WORD if not at else OTHER_NAME_WORD
            yield from (((word,), WHOLE_NAME if len(words) == 1 else weight) for word in telling)
    for signal in theme.signals:
        words = full_stems(signal, rules)
        if any(_tells(word, rules) for word in words):
            yield words, SIGNAL_PHRASE if len(words) > 1 else SIGNAL
    named = {
        word for label in theme.labels for word in full_stems(label, rules) if _tells(word, rules)
    }
    defined = {word for word in full_stems(theme.definition, rules) if _tells(word, rules)}
    yield from (((word,), DEFINITION_WORD) for word in defined)
    for family in families(rules.code):
        kin = {term[0] for term in family if len(term) == 1}
        is_named, is_shared = bool(named & kin), len((named | defined) & kin) > 1
        if is_named or is_shared:
            weight = KIN if is_named and is_shared else DISTANT_KIN
            yield from ((term, weight) for term in family)


def full_stems(text: str, rules: Language) -> Term:
    """Return the stems of a phrase, for comparing with those of a passage."""
    return stems(text, rules.stemmer)


@lru_cache(maxsize=16)
def families(code: str) -> list[frozenset[Term]]:
    """Return the families of a language, each word or phrase ("small_firm") as its stems."""
    rules = LANGUAGES[code]
    return [
        frozenset(full_stems(each.replace("_", " "), rules) for each in line.split())
        for line in rules.families
    ]


@lru_cache(maxsize=16)
def empty(code: str) -> frozenset[str]:
    """Return the stems of the words that say nothing of a theme."""
    rules = LANGUAGES[code]
    return frozenset(stem(word, rules.stemmer) for word in rules.empty_words)


def _tells(word: str, rules: Language) -> bool:
    return len(word) > 1 and word not in empty(rules.code)
