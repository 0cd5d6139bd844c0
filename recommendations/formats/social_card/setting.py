"""A quote set in lines, as large as fits, shortened if even the smallest size is too large."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from .fonts import SERIF, drawable, width

SIZES = (60, 56, 52, 48, 44, 40, 37, 34)
LEADING = 1.42
AFTER = "” …"  # of a shortened quote: the ellipsis is ours, so it follows the quotation mark
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


def set_quote(text: str, room: tuple[int, int]) -> Block:
    """Set a text into a room of (width, height), in the largest size in which it fits."""
    for size in SIZES:
        count = room[1] // round(size * LEADING)
        found = list(
            islice(lines(text, size, room[0]), count + 1)
        )  # one more than fits tells that it does not
        if len(found) <= count:
            return Block(size, found)
    return Block(size, cut(found[:count], size, room[0]))


def lines(text: str, size: int, limit: int) -> Iterator[str]:
    """Break a text into lines no wider than a limit."""
    line = ""
    for token in pieces(text, size, limit):
        if line.strip() and width((line + token).rstrip(), SERIF, size) > limit:
            yield line.rstrip()
            line = ""
        line = (line + token).lstrip()
    yield line.rstrip()


def pieces(text: str, size: int, limit: int) -> Iterator[str]:
    """Cut a text where a line may end; cut a word wider than a line anywhere."""
    for token in TOKEN.findall(text):
        yield from token if width(token, SERIF, size) > limit else [token]


def cut(lines: list[str], size: int, limit: int) -> list[str]:
    """End the last line with an ellipsis, in place of its last words."""
    tokens = TOKEN.findall(lines[-1])
    while tokens and width("".join(tokens).rstrip() + AFTER, SERIF, size) > limit:
        tokens.pop()
    return [*lines[:-1], "".join(tokens).rstrip(" ,;:.…“”") + AFTER]
