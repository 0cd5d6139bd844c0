"""What a reader typed into the search box, as clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from .analysis import APOSTROPHES, LETTER, MARKS, Word, words

MAX_TERMS = 64  # words of one query that count; the rest is left out and Query.cut says so
MAX_PREFIXES = 8  # of those that end in a star, since each stands for many words
SHORTEST = 3  # letters of a last word that also stands for the words it begins
# Ignored unless a query has nothing else. Not "it", "us" and "who": IT, the US and the WHO.
_SMALL_WORDS = """
    a an and are as at be by for from in is of on that the this to was were will with
"""
STOP_WORDS = frozenset(_SMALL_WORDS.split())

_QUOTES = '"“”„«»'
# between two letters they join two words: public-private, AI/ML, R&D
_JOINERS = "-‐‑–/.&_@+"
_RUN = rf"{LETTER}(?:{LETTER}|[{MARKS}{APOSTROPHES}])*+"
_ITEM = re.compile(
    rf"(?P<minus>(?<![^\s(])-)?+"
    rf"(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*+)(?:[{_QUOTES}](?P<phrase_star>\*)?)?"
    rf"|(?P<chunk>{_RUN}(?:[{_JOINERS}]{_RUN})*+)(?P<star>\*(?!{LETTER}))?)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One word or phrase: stems, or with `prefix` forms of which the last is a beginning.

    The last word of a search, which may not be typed to its end, is also a `beginning`.
    """

    terms: tuple[str, ...]
    prefix: bool = False
    negative: bool = False
    beginning: str = ""

    def places(self, text: list[Word]) -> Iterator[tuple[int, int]]:
        """Yield start and end of every place in a text's words where this clause occurs."""
        keys = tuple(word.form if self.prefix else word.stem for word in text)
        last = len(self.terms) - 1
        for at in range(len(keys) - last):
            end = keys[at + last]
            fits = end.startswith(self.terms[last]) if self.prefix else end == self.terms[last]
            if self.beginning and text[at].form.startswith(self.beginning):
                fits = True
            if fits and keys[at : at + last] == self.terms[:last]:
                yield text[at].start, text[at + last].end


@dataclass(frozen=True, slots=True)
class Query:
    """Groups joined by OR, their clauses joined by AND; false without any word."""

    groups: tuple[tuple[Clause, ...], ...] = ()
    cut: bool = False
    most = MAX_TERMS

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def positives(self) -> tuple[Clause, ...]:
        """The clauses that say what to find, without those that say what not to find."""
        return tuple(clause for group in self.groups for clause in group if not clause.negative)


def parse(text: str) -> Query:
    """Read words, "phrases", -exclusions, prefixes* and or; no text is an error."""
    return _read(text, STOP_WORDS) or _read(text, frozenset())


def _read(text: str, skip: frozenset[str]) -> Query:
    groups: list[list[Clause]] = [[]]
    room, stars, cut = MAX_TERMS, 0, False
    items = list(_ITEM.finditer(text))
    for item in items:
        if _is_or(item):
            groups.append([])
        elif clause := _clause(item, skip):
            stars += clause.prefix
            cut = len(clause.terms) > room or stars > MAX_PREFIXES
            room = 0 if stars > MAX_PREFIXES else room
            if cut and (clause.negative or not room):
                break  # half a phrase to leave out would leave out too much
            groups[-1].append(
                Clause(clause.terms[:room], clause.prefix and not cut, clause.negative)
            )
            room -= len(groups[-1][-1].terms)
            if cut:
                break
            if item is items[-1]:
                groups[-1][-1] = replace(clause, beginning=_beginning(item))
    return Query(tuple(tuple(group) for group in groups if group), cut)


def _is_or(item: re.Match) -> bool:
    return (item["chunk"] or "").casefold() == "or" and not item["minus"] and not item["star"]


def _beginning(item: re.Match) -> str:
    """Return the form of a last word that is long enough to begin others, or ""."""
    if item["minus"] or item["star"] or not item["chunk"]:
        return ""
    found = list(islice(words(item["chunk"]), 2))
    return found[0].form if len(found) == 1 and len(found[0].form) >= SHORTEST else ""


def _clause(item: re.Match, skip: frozenset[str]) -> Clause | None:
    """Return what one item of the query asks for, if it holds a word at all."""
    text = item["chunk"] or item["phrase"]
    found = list(islice(words(text), MAX_TERMS + 1))
    starred = item["star"] or item["phrase_star"] or (item["phrase"] or "").rstrip().endswith("*")
    prefix = bool(starred) and len(found) <= MAX_TERMS
    ignored = item["chunk"] and not prefix and len(found) == 1 and found[0].form in skip
    if not found or ignored:
        return None
    terms = tuple(word.form if prefix else word.stem for word in found)
    return Clause(terms, prefix, bool(item["minus"]))
