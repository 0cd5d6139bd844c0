"""The numbers that a browser shows before the items of an ordered list."""

from lxml import html

NUMERALS = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    )
)
LARGEST = 3999  # beyond it Roman numerals have no letters, and no list counts in letters


def labels(page: html.HtmlElement) -> dict[html.HtmlElement, str]:
    """Return the number of every item of every ordered list (HTML, 4.4.5 The ol element)."""
    found = {}
    for items in page.iter("ol"):
        points = [node for node in items if node.tag == "li"]
        step = -1 if items.get("reversed") is not None else 1
        number = _integer(items.get("start"), len(points) if step < 0 else 1)
        for point in points:
            number = _integer(point.get("value"), number)
            found[point] = f"{numeral(number, items.get('type') or '1')}. "
            number += step
    return found


def _integer(value: str | None, otherwise: int) -> int:
    written = (value or "").strip()
    digits = written.lstrip("-")
    return int(written) if digits.isdecimal() and len(digits) < 7 else otherwise


def numeral(number: int, kind: str) -> str:
    """Write a number in the style of a list, or in digits where the style cannot write it."""
    if kind in ("a", "A") and 1 <= number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in ("i", "I") and 1 <= number <= LARGEST:
        written = ""
        for value, letters in NUMERALS:
            times, number = divmod(number, value)
            written += letters * times
        return written if kind == "i" else written.upper()
    return str(number)
