"""Text into words: the one analyser behind indexing, queries and marking."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer

MAX_LEXEME = 100  # characters; far below PostgreSQL's 2,046 bytes, far above any word
_MAX_RAW = 1000  # characters of a raw word that count: more could only be combining marks

# Scripts written without spaces: there every character is a word, so that 本 finds 日本 and
# 日本 is a phrase.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    # kana and Chinese characters
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    # Hangul, compatibility and rarer Chinese characters
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
APOSTROPHES = "'’ʼ"
_SUPERSCRIPTS = "¹²³⁰⁴-⁹"  # note markers, not letters
_INVISIBLE = "\u00ad\u200c\u200d\u2060\ufeff"  # soft hyphen, joiners: parts of a word
MARKS = _INVISIBLE + "".join(
    chr(c) for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M"
)
LETTER = rf"[^\W_{APOSTROPHES}{_SUPERSCRIPTS}]"
_SPACED = rf"[^\W_{APOSTROPHES}{_SUPERSCRIPTS}{SPACELESS}]"
_WORD = re.compile(
    rf"(?={LETTER})[{SPACELESS}][{MARKS}]*+"
    # An elided article or prefix (d'Ivoire, l'IA, O'Brien) is a word of its own.
    rf"|{_SPACED}[{MARKS}]*+(?=[{APOSTROPHES}]{_SPACED}[{MARKS}]*+{_SPACED})"
    rf"|{_SPACED}(?:{_SPACED}|[{MARKS}])*+(?:[{APOSTROPHES}]{_SPACED}(?:{_SPACED}|[{MARKS}])*+)*+"
)

# Letters that neither decomposition nor case folding turns into a-z.
_SPELLED = "æ=ae œ=oe ø=o ł=l đ=d ð=d þ=th ħ=h ı=i ŧ=t"
_LETTERS: dict[int, str | None] = {ord(pair[0]): pair[2:] for pair in _SPELLED.split()}
# Dropped: tatweel, grapheme joiner, variation selectors.
_LETTERS |= dict.fromkeys([0x640, 0x34F, *range(0xFE00, 0xFE10)])
# Canonical combining classes of marks that are not accents: vowel signs, nukta, kana voicing,
# virama (UAX #44).
_NOT_ACCENTS = {0, 7, 8, 9}
_POSSESSIVE = re.compile(rf"[{APOSTROPHES}][sS]$")
_PLAIN = re.compile(r"[a-z0-9]*")
_NO_PLURAL = {"news"}
# British words that are spelled otherwise in America, besides those in -ise and -yse.
_SPELLINGS = """
    defence=defense offence=offense licence=license programme=program programmes=programs
    labour=labor centre=center centres=centers behaviour=behavior favour=favor harbour=harbor
    neighbour=neighbor honour=honor catalogue=catalog dialogue=dialog cheque=check fulfil=fulfill
    enrol=enroll skilful=skillful travelled=traveled modelling=modeling labelling=labeling
"""
_AMERICAN = dict(pair.split("=") for pair in _SPELLINGS.split())
_BRITISH = re.compile(r"(?<=[a-z]{3})(is|ys)(?=(?:e[ds]?|ing|ers?|ations?|ational)$)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its place in code points, its stem, and its form without stemming."""

    start: int
    end: int
    stem: str
    form: str


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text in order, lazily, because a query is cut long before its end."""
    for match in _WORD.finditer(text):
        stem, form = _reduce(match[0][:_MAX_RAW])
        if form:
            yield Word(match.start(), match.end(), stem, form)


@lru_cache(maxsize=2**16)
def _reduce(raw: str) -> tuple[str, str]:
    """Return a raw word's stem and form."""
    folded = _fold(_POSSESSIVE.sub("", raw))
    if not _PLAIN.fullmatch(folded):
        form = "".join(map(_encode, folded))[:MAX_LEXEME]
        return form, form
    form = folded[:MAX_LEXEME]
    return _stem(form), form


def _fold(raw: str) -> str:
    """Drop case, accents and ligatures, which must not decide what is found."""
    if raw.isascii():
        return raw.lower().replace("'", "")
    bare = _without_accents(raw).casefold().translate(_LETTERS)
    return "".join(
        c for c in _without_accents(bare) if c.isalnum() or unicodedata.category(c)[0] == "M"
    )


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.combining(c) in _NOT_ACCENTS)


def _encode(character: str) -> str:
    """Write a character of another script as [a-z0-9], which both engines treat alike."""
    if _PLAIN.fullmatch(character):
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return f"u{ord(character):x}"


def _stem(form: str) -> str:
    """Return the Snowball stem, with American spelling and no plural s (SMEs, LLMs, GPUs)."""
    form = _AMERICAN.get(form, form)
    form = _BRITISH.sub(lambda found: found[0][0] + "z", form)  # organisation, standardise, analyse
    stem = EnglishStemmer().stemWord(form)  # one for each call, as it is not safe in threads
    if len(stem) <= 3 or not stem.endswith("s") or stem.endswith("ss") or stem in _NO_PLURAL:
        return stem
    is_latin = stem.endswith("us") and re.search("[aeiouy]", stem[:-2])  # virus, but not GPUs
    return stem if is_latin else stem[:-1]
