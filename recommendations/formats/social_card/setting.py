"""Words set in lines, as large as fits; what does not fit ends at a sentence and says so."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from .fonts import SERIF, drawable, width

SIZES = (60, 56, 52, 48, 44, 40, 37, 34, 31, 28, 26, 24)
LEADING = 1.42
SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")  # between two
IDEOGRAPH = "[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
# Without spaces a line may end after any character but an opening one, not before a closing one.
TOKEN = re.compile(
    rf"\s+|[“‘「『（【]*{IDEOGRAPH}[、。，．」』）】！？”’…]*|(?:(?!{IDEOGRAPH})\S)+"
)


@dataclass(frozen=True)
class Block:
    """Lines of one size, in pixels."""

    size: int
    lines: list[str]

    @property
    def leading(self) -> int:
        """The distance from one baseline to the next."""
        return round(self.size * LEADING)


def quoted(quotes: Iterable[str]) -> str:
    """Quote each passage, with an ellipsis between them."""
    return " … ".join(f"“{drawable(quote)}”" for quote in quotes)


def set_quote(quotes: Iterable[str], room: tuple[int, int]) -> Block:
    """Set passages into a room of (width, height), whole sentences and as large as they fit."""
    quotes = list(quotes)
    block = fitted(quoted(quotes), room)
    if block:
        return block
    sentences = [each for each in SENTENCE.split(" ".join(quotes)) if each.strip()]
    most = room[0] * room[1] // (SIZES[-1] * 5)  # characters, more than ever fit
    kept, length = 0, 0
    while kept < len(sentences) and length + len(sentences[kept]) < most:
        length += len(sentences[kept])
        kept += 1
    for number in range(min(kept, len(sentences) - 1), 0, -1):
        rest = len(sentences) - number
        shown = f"{quoted([' '.join(sentences[:number])])} and {rest} more sentence"
        if block := fitted(shown + ("s" if rest > 1 else ""), room):
            return block
    return Block(SIZES[0], ["Read the quote on its page."])


def fitted(text: str, room: tuple[int, int], face: str = SERIF) -> Block | None:
    """Set a text into a room in the largest size in which all of it fits, or return None."""
    for size in SIZES:
        count = room[1] // round(size * LEADING)
        # one line more than fits tells that the text does not
        found = list(islice(lines(text, size, room[0], face), count + 1))
        if len(found) <= count:
            return Block(size, found)
    return None


def lines(text: str, size: int, limit: int, face: str = SERIF) -> Iterator[str]:
    """Break a text into lines no wider than a limit."""
    line = ""
    for token in pieces(text, size, limit, face):
        if line.strip() and width((line + token).rstrip(), face, size) > limit:
            yield line.rstrip()
            line = ""
        line = (line + token).lstrip()
    yield line.rstrip()


def pieces(text: str, size: int, limit: int, face: str) -> Iterator[str]:
    """Cut a text where a line may end; cut a word wider than a line anywhere."""
    for token in TOKEN.findall(text):
        yield from token if width(token, face, size) > limit else [token]
