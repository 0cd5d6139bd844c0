"""Whether words that somebody attributes to a text stand in it, letter for letter. Pure.

Nothing but white space and the shape of quotation marks is overlooked.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .positions import SENTENCE

STRAIGHT = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'"))
PIECE = re.compile(r"[^\s\0]+|\s+")  # a note marker is blanked with NUL, which no text holds
OUTER = "\"'"  # marks around what somebody pastes, after folding
# In scripts without spaces each character is a word.
SPACELESS = "\u3040-\u30ff\u3400-\u9fff"
WORD = re.compile(rf"[{SPACELESS}]|[^\W_{SPACELESS}]+(?:['‐‑-][^\W_{SPACELESS}]+)*")
ENOUGH = 0.6  # how much of the words of a claim and of a passage is the same, for an altered quote


@dataclass(frozen=True)
class Folded:
    """A text with white space and quotation marks folded; `places` leads each character back."""

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the text itself."""
        return self.places[start], self.places[end - 1] + 1


@dataclass(frozen=True)
class Nearest:
    """The passage most like a claim, and how much of the words of both is the same, from 0 to 1."""

    start: int
    end: int
    likeness: float


def fold(text: str, markers: Iterable[tuple[int, int]] = ()) -> Folded:
    """Return a text without note markers, with single spaces and straight quotation marks."""
    bare = text
    for start, end in markers:
        bare = bare[:start] + "\0" * (end - start) + bare[end:]
    parts: list[str] = []
    places: list[int] = []
    for found in PIECE.finditer(bare):
        if not found[0].isspace():
            parts.append(found[0].translate(STRAIGHT))
            places.extend(range(*found.span()))
        elif parts and parts[-1] != " ":
            parts.append(" ")
            places.append(found.start())
    return Folded("".join(parts), places)


def claim_of(pasted: str) -> str:
    """Return pasted words folded, without quotation marks around the whole."""
    claim = fold(pasted).text.strip()
    is_quoted = len(claim) > 1 and claim[0] == claim[-1] and claim[0] in OUTER
    return claim[1:-1].strip() if is_quoted and claim[0] not in claim[1:-1] else claim


def words(text: str) -> list[str]:
    """Return the words of a folded text."""
    return WORD.findall(text)


def places_of(claim: str, folded: Folded) -> Iterator[tuple[int, int]]:
    """Yield each span of the text where a claim stands verbatim, from word to word."""
    start = folded.text.find(claim) if claim else -1
    while start >= 0:
        end = start + len(claim)
        if not (_cuts_word(folded.text, start) or _cuts_word(folded.text, end)):
            yield folded.span(start, end)
        start = folded.text.find(claim, start + 1)


def _cuts_word(text: str, place: int) -> bool:
    """Tell whether a place lies inside a word."""
    left, right = text.rfind(" ", 0, place) + 1, text.find(" ", place)
    around = WORD.finditer(text, left, right if right >= 0 else len(text))
    return any(word.start() < place < word.end() for word in around)


def is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a span of a text begins and ends with sentences, but for a last full stop."""
    sentences = list(SENTENCE.finditer(text))
    ends = {found.end() for found in sentences}
    return start in {found.start() for found in sentences} and bool({end, end + 1} & ends)


def nearest(claim: str, folded: Folded) -> Nearest | None:
    """Return the passage whose words are most like a claim's, in order, or None if few are."""
    found = list(WORD.finditer(folded.text))
    wanted, given = words(claim.casefold()), [word[0].casefold() for word in found]
    if not wanted:
        return None
    at = _densest(Counter(wanted), given, len(wanted))
    first, last = max(0, at - len(wanted)), at + 2 * len(wanted)
    matcher = SequenceMatcher(None, wanted, given[first:last], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    same = sum(block.size for block in blocks)
    if not same:
        return None
    begin = max(0, first + blocks[0].b - blocks[0].a)
    after = len(wanted) - blocks[-1].a - blocks[-1].size
    end = min(first + blocks[-1].b + blocks[-1].size + after, len(given))
    likeness = 2 * same / (len(wanted) + end - begin)
    if likeness < ENOUGH:
        return None
    return Nearest(*folded.span(found[begin].start(), found[end - 1].end()), likeness)


def _densest(wanted: Counter[str], given: Sequence[str], length: int) -> int:
    """Return the start of the stretch of so many words that has most of the wanted ones."""
    have: Counter[str] = Counter()
    score = best = at = 0
    for place, word in enumerate(given):
        have[word] += 1
        score += have[word] <= wanted[word]
        if place >= length:
            gone = given[place - length]
            score -= have[gone] <= wanted[gone]
            have[gone] -= 1
        if score > best:
            best, at = score, max(0, place - length + 1)
    return at
