"""Proposes title, themes, tags and addressees from the editors' own vocabulary."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .addressees import addressees
from .detector import Proposed
from .languages import LANGUAGES, Language
from .layout import headings
from .titles import title
from .vocabulary import Term, Vocabulary, full_stems

# How much a term counts, by where it stands.
PASSAGE, LINE, LEAD, HEADING, BEFORE, AFTER, TITLE = 1.0, 1.2, 1.4, 0.4, 0.2, 0.1, 0.5
WHOLE = 0.75  # what the whole text adds to a theme of which alone it speaks
ENOUGH = 0.6  # the score from which a theme is suggested
CERTAIN = 1.5  # what the passage and its lead-in themselves must say for it to be proposed
EVIDENCE = 1.4  # what the passage itself must say of a second one
_OPENING = 2  # lines at the start of a text that tell what it is about
NEAR_BEST = 0.35  # of the best theme's score, for a second one


@dataclass(frozen=True)
class Labels:
    """A title, keys of themes and actors, and names of tags; best first.

    Themes that only the words around the passage speak of are suggested.
    """

    title: str
    themes: list[str]
    suggested_themes: list[str]
    tags: list[str]
    addressees: list[str]


def label(text: str, proposed: Proposed, vocabulary: Vocabulary, language: str = "en") -> Labels:
    """Return the labels for a recommendation; a language without rules uses English."""
    code = re.split("[-_]", language.lower())[0]
    rules = LANGUAGES.get(code, LANGUAGES["en"])
    passage = text[proposed.start : proposed.end]
    lead = text[slice(*proposed.lead)] if proposed.lead else ""
    zones = _zones(text, proposed, passage, lead, code)
    shares = vocabulary.shares(text, rules, lambda: _shares(text, vocabulary, rules))
    return Labels(
        title(passage, rules, proposed.cue),
        *_themes(zones, shares, vocabulary, rules),
        _tags(passage, vocabulary, rules),
        addressees(passage, lead, vocabulary.actors, rules),
    )


def _zones(
    text: str, proposed: Proposed, passage: str, lead: str, code: str
) -> list[tuple[str, float]]:
    """Return the words that may tell the theme, with what they count."""
    start = text.rfind("\n", 0, proposed.start) + 1
    end = text.find("\n", proposed.end)
    end = end if end >= 0 else len(text)
    line = text[start : proposed.start] + "\n" + text[proposed.end : end]
    above = [text[a:b] for a, b in _headings(text, code) if b <= proposed.start]
    opening = "\n".join(
        [each for each in text[: proposed.start].splitlines() if each.strip()][:_OPENING]
    )
    zones = (
        (passage, PASSAGE),
        (line, LINE),
        (lead, LEAD),
        (above[-1] if above else "", HEADING),
        (text[:start].rstrip().rpartition("\n")[2], BEFORE),
        (text[end:].lstrip().partition("\n")[0], AFTER),
        (opening, TITLE),
    )
    return [(words, counts) for words, counts in zones if words.strip()]


@lru_cache(maxsize=8)
def _headings(text: str, code: str) -> list[tuple[int, int]]:
    """Return the places of a text's headings, kept because every passage of it asks."""
    return headings(text, LANGUAGES.get(code, LANGUAGES["en"]))


@lru_cache(maxsize=8)
def _read_lines(text: str, code: str) -> list["_Read"]:
    """Return the words of each line of a text, kept for the same reason."""
    rules = LANGUAGES.get(code, LANGUAGES["en"])
    return [_Read.of(full_stems(line, rules)) for line in text.splitlines() if line.strip()]


def _shares(text: str, vocabulary: Vocabulary, rules: Language) -> dict[str, float]:
    """Return the share of each theme in what the whole text speaks of."""
    lines = _read_lines(text, rules.code)
    sums = {
        key: sum(_score([(line, 1.0)], terms) for line in lines)
        for key, terms in vocabulary.weights(rules).items()
    }
    total = sum(sums.values()) or 1.0
    return {key: each / total for key, each in sums.items()}


def _themes(
    zones: list[tuple[str, float]],
    shares: dict[str, float],
    vocabulary: Vocabulary,
    rules: Language,
) -> tuple[list[str], list[str]]:
    """Return the themes that the passage speaks of, and those that its surroundings suggest."""
    read = [(_Read.of(full_stems(words, rules)), counts) for words, counts in zones]
    own = [(words, counts) for words, counts in read if counts in (PASSAGE, LEAD)]
    weights = vocabulary.weights(rules)
    certain = {key: _score(own, terms) for key, terms in weights.items()}
    scores = {key: _score(read, terms) + WHOLE * shares[key] for key, terms in weights.items()}
    passage = {key: _score(read[:1], terms) for key, terms in weights.items()}
    proposed = _best(certain, CERTAIN, passage)
    return proposed, [key for key in _best(scores, ENOUGH, passage) if key not in proposed]


def _best(scores: dict[str, float], least: float, passage: dict[str, float]) -> list[str]:
    """Return the themes of enough score, best first; a second one needs evidence of its own."""
    best = max(scores.values(), default=0.0)
    order = sorted(scores, key=lambda key: -scores[key])
    enough = [key for key in order if scores[key] >= max(least, NEAR_BEST * best)]
    return enough[:1] + [key for key in enough[1:] if passage[key] >= EVIDENCE]


@dataclass(frozen=True)
class _Read:
    """Stems of some words, for looking up words and phrases."""

    single: frozenset[str]
    joined: str

    @classmethod
    def of(cls, words: Term) -> "_Read":
        return cls(frozenset(words), f" {' '.join(words)} ")

    def has(self, term: Term) -> bool:
        return term[0] in self.single and (len(term) == 1 or f" {' '.join(term)} " in self.joined)


def _score(read: list[tuple[_Read, float]], terms: dict[Term, float]) -> float:
    """Return the sum of a theme's terms that occur, each where it counts most."""
    return sum(
        weight * max((counts for words, counts in read if words.has(term)), default=0.0)
        for term, weight in terms.items()
    )


def _tags(passage: str, vocabulary: Vocabulary, rules: Language) -> list[str]:
    """Return the tags in use whose words stand in the passage, in its order."""
    words = _Read.of(full_stems(passage, rules))
    terms = {tag: full_stems(tag, rules) for tag in vocabulary.tags}
    found = {tag: words.joined.find(f" {' '.join(term)} ") for tag, term in terms.items() if term}
    return sorted(
        (tag for tag, place in found.items() if place >= 0), key=lambda tag: (found[tag], tag)
    )
