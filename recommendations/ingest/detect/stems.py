"""Words and their stems, for comparing what two passages speak of."""

import re
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:[-'’&][^\W_]+)*")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2,}")
_POSSESSIVE = re.compile(r"['’]s?$")
_BRITISH = re.compile(r"(?<=[a-z]{3})(is|ys)(?=(?:e[ds]?|ing|ers?|ations?)$)")
_ACRONYM = re.compile(r"[A-Z0-9&]{2,}s?")


@lru_cache(maxsize=2**15)
def stem(word: str, stemmer: str) -> str:
    """Return what is left of a word without case, possessive, British spelling and ending."""
    if _ACRONYM.fullmatch(word) and not word.isdigit():
        return word.rstrip("s").lower()
    low = _POSSESSIVE.sub("", word).lower().replace("’", "'")
    if not stemmer:
        return low
    # A stemmer has state: one a call is what makes this safe in threads.
    return snowballstemmer.stemmer(stemmer).stemWord(
        _BRITISH.sub(lambda found: found[0][0] + "z", low)
    )


@lru_cache(maxsize=2**13)
def stems(text: str, stemmer: str) -> tuple[str, ...]:
    """Return the stems of a text in order; hyphenated words and CJK runs are split."""
    return tuple(stem(part, stemmer) for found in _WORD.finditer(text) for part in _parts(found[0]))


def _parts(word: str) -> list[str]:
    spaceless = _SPACELESS.findall(word)
    if spaceless:
        return [run[at : at + 2] for run in spaceless for at in range(len(run) - 1)]
    return word.split("-")
