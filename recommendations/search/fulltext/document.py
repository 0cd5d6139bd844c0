"""An entry as the engines see it: lexemes, each with a field and a place."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from .analysis import words

FIELDS = ("title", "quotes", "tags", "themes", "summary", "addressees", "works", "source")
NAMES = ("tags", "themes")

# Lexemes are of three kinds that cannot be taken for one another: stems in [a-z0-9]; forms behind
# one underscore, for prefixes only; and this one, which every entry has, so that a search made of
# exclusions has a whole to take from.
EVERY = "__all"

# PostgreSQL's limits on a tsvector (manual, section 12.11), kept on SQLite as well so that both
# find the same.
_MAX_PLACE = 16_000  # of 16,383
_MAX_PLACES = 255  # of one lexeme
_MAX_BYTES = 900_000  # of 1,048,575, without the places


@dataclass(frozen=True)
class Document:
    """The searchable text of one entry; no phrase is found across two strings or two fields."""

    pk: int
    title: str | Iterable[str] = ()
    quotes: str | Iterable[str] = ()
    summary: str | Iterable[str] = ()
    tags: str | Iterable[str] = ()
    themes: str | Iterable[str] = ()
    addressees: str | Iterable[str] = ()
    works: str | Iterable[str] = ()
    source: str | Iterable[str] = ()

    def strings(self, field: str) -> tuple[str, ...]:
        """Return a field's strings, also when it was given as one string."""
        value = getattr(self, field)
        return (value,) if isinstance(value, str) else tuple(value)

    def lexemes(self) -> Iterator[tuple[str, int, str]]:
        """Yield field, place and lexeme within the engines' limits; a gap keeps phrases apart."""
        seen: Counter[str] = Counter()
        room = _MAX_BYTES
        for field, place, lexeme in self._placed():
            if lexeme not in seen:
                room -= len(lexeme) + 4
            if room < 0 or place > _MAX_PLACE:
                return
            seen[lexeme] += 1
            if seen[lexeme] <= _MAX_PLACES:
                yield field, place, lexeme

    def _placed(self) -> Iterator[tuple[str, int, str]]:
        """Yield every word twice, as stem and as form, in the same place."""
        place = 0
        for field in FIELDS:
            for string in self.strings(field):
                place += 1
                for stem, form in _named(string) if field in NAMES else _lexemes(string):
                    place += 1
                    yield field, place, stem
                    yield field, place, form


def _lexemes(string: str) -> Iterator[tuple[str, str]]:
    """Yield stem and form of each word of a string."""
    return ((word.stem, f"_{word.form}") for word in words(string))


@lru_cache(maxsize=2**12)
def _named(name: str) -> tuple[tuple[str, str], ...]:
    """Return stem and form of each word of a name, which many entries have."""
    return tuple(_lexemes(name))
