"""The shape of a language's rules, without the rules."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

SELF = "\ue000"  # stands for each letter of a name by which the author calls itself; private use


class Patterns:
    """Alternative regular expressions, matched without regard to case."""

    def __init__(self, *patterns: str) -> None:
        self.patterns = patterns

    @cached_property
    def expressions(self) -> tuple[re.Pattern[str], ...]:
        """Return the patterns compiled."""
        return tuple(re.compile(each, re.IGNORECASE) for each in self.patterns)

    def matches(self, words: str) -> Iterator[re.Match[str]]:
        """Yield every match of every pattern, pattern by pattern."""
        return (found for expression in self.expressions for found in expression.finditer(words))

    def search(self, words: str) -> re.Match[str] | None:
        """Return the first match of the first pattern that has one."""
        return next(self.matches(words), None)


class Rule(Patterns):
    """Patterns under a name; `says` tells an editor what a match does.

    A group named `cue` narrows the words that are shown.
    """

    def __init__(self, name: str, says: str, *patterns: str) -> None:
        super().__init__(*patterns)
        self.name, self.says = name, says


class Veto(Patterns):
    """Patterns that cancel a cue, except those of the rules named in `spares`.

    `reach` is "sentence" (a match anywhere), "before" (a match that ends at or before the cue),
    "cue" (a match that overlaps it) or "previous" (a match in the sentence before).
    """

    def __init__(
        self, name: str, *patterns: str, reach: str = "cue", spares: tuple[str, ...] = ()
    ) -> None:
        super().__init__(*patterns)
        self.name, self.reach, self.spares = name, reach, spares


def span(found: re.Match[str]) -> tuple[int, int]:
    """Return the place of the words to show: the group named `cue`, or the whole match."""
    return found.span("cue" if "cue" in found.re.groupindex else 0)


def listed(words: str) -> frozenset[str]:
    """Return the words of a list written as running text."""
    return frozenset(words.split())


def entries(text: str) -> tuple[str, ...]:
    """Return the entries of a text, one a line, with indented lines joined to the one above."""
    return tuple(" ".join(each.split()) for each in re.split(r"\n(?=\S)", text.strip()))


NOTHING, NO_RULE = Patterns(), Rule("", "")  # for what a language has no words for yet


@dataclass(frozen=True)
class Language:
    """Everything that detection and labelling know of one language."""

    code: str
    asks: tuple[Rule, ...]  # somebody asks
    needs: tuple[Rule, ...]  # something is said to be needed
    vetoes: tuple[Veto, ...]
    actions: Rule  # how an item that is an action begins
    completions: Rule = NO_RULE  # joined to a recommendation that is no explicit ask
    reported: Rule = NO_RULE  # "calls on": an ask if its subject is who speaks
    lead_ins: Patterns = NOTHING  # a line that asks for what is listed under it
    other_lead_ins: Patterns = NOTHING  # a line whose list is something else
    open_ends: Patterns = NOTHING  # the end of a line that goes on in the list under it
    asking_headings: Patterns = NOTHING
    other_headings: Patterns = NOTHING
    follow_ups: Patterns = NOTHING  # a sentence that only makes sense with the one before it
    pronouns: Patterns = NOTHING  # joined to any recommendation before
    repeats: Patterns = NOTHING  # about a thing (group `noun`) that the sentence before names
    bodies: tuple[str, ...] = ()  # patterns that find who speaks (group `body`)
    self_names: Patterns = NOTHING  # how a body speaks of itself: "the signatories"
    strangers: Patterns = NOTHING  # subjects whose asks are reports
    constituencies: Patterns = NOTHING  # subjects without a name for whom a body speaks
    salutation: Patterns = NOTHING  # how a letter begins
    addressing: tuple[str, ...] = ()  # patterns whose group `to` holds who is asked
    titles: tuple[tuple[str, str], ...] = ()  # patterns and templates that make an action
    title_actors: str = ""  # who may go unnamed in a title (the group `actor` of a pattern)
    title_context: Patterns = NOTHING  # words that a title must not have, since it stands alone
    negation: Patterns = NOTHING  # a title keeps it, or is none
    title_openings: str = ""  # what a title does without
    imperatives: Mapping[str, str] = field(default_factory=dict)  # of "-ing" forms and participles
    families: tuple[str, ...] = ()  # words, space separated, that speak of the same matter
    same_actors: tuple[str, ...] = ()  # names, separated by "|", of the same kind of actor
    empty_words: frozenset[str] = frozenset()  # words that say nothing of a theme
    dangling: frozenset[str] = frozenset()  # words at which a title must not end
    abbreviations: frozenset[str] = frozenset()  # never end a sentence
    number_abbreviations: frozenset[str] = frozenset()  # do not end one before a number
    soft_abbreviations: frozenset[str] = frozenset()  # end one only before a starter
    starters: frozenset[str] = frozenset()
    hints: tuple[Rule, ...] = ()  # what may speak for a recommendation, and does not show it
    stemmer: str = ""  # Snowball's name of the language, "" for none
