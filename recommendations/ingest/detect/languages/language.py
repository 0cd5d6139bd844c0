"""What a language has to say about recommendations: the shape of its rules, without the rules."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

ADDRESSEE = "\ue001"  # the same for "you" in a letter
SELF = "\ue000"  # stands for each letter of a name by which the author calls itself; private use


@dataclass(frozen=True)
class Rule:
    """Patterns that mean the same, under a name; `says` tells an editor what a match does.

    A group named `cue` narrows the words that are shown.
    """

    name: str
    says: str
    patterns: tuple[str, ...]

    @cached_property
    def expressions(self) -> tuple[re.Pattern, ...]:
        """Return the patterns compiled, without regard to case."""
        return tuple(re.compile(each, re.IGNORECASE) for each in self.patterns)

    def matches(self, words: str) -> Iterator[re.Match]:
        """Yield every match of every pattern, pattern by pattern."""
        return (found for expression in self.expressions for found in expression.finditer(words))

    def search(self, words: str) -> re.Match | None:
        """Return the first match of the first pattern that has one."""
        return next(self.matches(words), None)


def span(found: re.Match) -> tuple[int, int]:
    """Return the place of the words to show: the group named `cue`, or the whole match."""
    return found.span("cue" if "cue" in found.re.groupindex else 0)


@dataclass(frozen=True)
class Veto(Rule):
    """Patterns that take a cue back.

    `reach` is "sentence" (a match anywhere), "before" (a match that ends at or before the cue),
    "cue" (a match that overlaps it) or "previous" (a match in the sentence before). `spares` names
    the rules that the veto leaves alone.
    """

    reach: str = "cue"
    spares: frozenset[str] = frozenset()


def listed(words: str) -> list[str]:
    """Return the words of a list written as running text."""
    return words.split()


NOTHING = Rule("nothing", "", ())  # for what a language has no words for yet


# Where nothing was fitted, the rules decide: what they see is proposed, unless the text only
# reports.
UNFITTED = {
    "always": -1.0,
    "rules: ask": 3.0,
    "rules: need": 3.0,
    "rules: action": 3.0,
    "text: only reports": -3.0,
    "place: need in other section": -6.0,
}


@dataclass(frozen=True)
class Language:
    """Everything the proposing and the labelling know of one language."""

    code: str
    asks: tuple[Rule, ...]  # somebody asks
    needs: tuple[Rule, ...]  # something is said to be needed
    vetoes: tuple[Veto, ...]
    actions: Rule  # how an item that is an action begins
    likely_actions: Rule = NOTHING  # how one begins where a heading lets expect them
    lead_ins: Rule = NOTHING  # a line that asks for what is listed under it
    other_lead_ins: Rule = NOTHING  # a line whose list is something else
    open_ends: Rule = NOTHING  # the end of a line that goes on in the list under it
    asking_headings: Rule = NOTHING
    other_headings: Rule = NOTHING
    follow_ups: Rule = NOTHING  # a sentence that only makes sense with the recommendation before it
    completions: Rule = NOTHING  # joined to a recommendation that is no explicit ask
    pronouns: Rule = NOTHING  # joined to any recommendation before
    echoes: Rule = NOTHING  # asks on behalf of the body named in the recommendation before
    repeats: Rule = (
        NOTHING  # a sentence about a thing (group `noun`) that the sentence before brought up
    )
    bodies: tuple[str, ...] = ()  # patterns that find who speaks (group `body`)
    askers: str = ""  # a subject (group `body`) that asks; one that does so twice is who speaks
    short_name: str = ""  # the beginning of a body's name by which it is called later
    self_names: Rule = NOTHING  # how a body speaks of itself: "our members", "the signatories"
    reported: Rule = NOTHING  # "calls on": an ask if its subject is who speaks
    strangers: Rule = NOTHING  # subjects whose asks are reports
    salutation: Rule = NOTHING  # how a letter begins
    you: str = ""
    addressing: tuple[str, ...] = ()  # patterns whose group `to` holds who is asked
    titles: tuple[
        tuple[str, str], ...
    ] = ()  # patterns and templates that turn a sentence into an action
    title_actors: str = ""  # who may go unnamed in a title (the group `actor` of a pattern)
    title_openings: str = ""  # what a title does without
    verbs: tuple[str, ...] = ()  # regular verbs, whose forms are turned into imperatives
    irregular: tuple[tuple[str, str], ...] = ()  # forms of other verbs, with their imperatives
    families: tuple[str, ...] = ()  # words, space separated, that speak of the same matter
    same_actors: tuple[str, ...] = ()  # names, separated by "|", of the same kind of actor
    empty_words: frozenset[str] = frozenset()  # words that say nothing of a theme
    dangling: frozenset[str] = frozenset()  # words at which a title must not end
    abbreviations: frozenset[str] = frozenset()  # never end a sentence
    number_abbreviations: frozenset[str] = frozenset()  # do not end one before a number
    soft_abbreviations: frozenset[str] = frozenset()  # end one only before a starter
    starters: frozenset[str] = frozenset()
    signs: tuple[Rule, ...] = ()  # what speaks for or against a recommendation without deciding
    sign_words: Mapping[str, str] = field(
        default_factory=dict
    )  # words and phrases, each with the name of its sign
    title_words: Mapping[str, str] = field(
        default_factory=dict
    )  # what a word of a title tells of the text
    weights: Mapping[str, float] = field(default_factory=lambda: UNFITTED)  # of every sign
    stemmer: str = ""  # Snowball's name of the language, "" for none
