"""Proposes a document's title: the declared one, or the likeliest line above the body."""

import re

from . import boilerplate_match, dates
from .raw_document import RawDocument
from .words import count, normalise

LONGEST = 250  # code points, as a source's title
TELLING = re.compile(
    r"declaration|statement|recommendation|communiqu|joint|summit|tech7|g7|d[ée]claration"
    r"|recommandation|erklärung|empfehlung|dichiarazione|raccomandazion|宣言|声明|提言|共同",
    re.IGNORECASE,
)
SITE = re.compile(r"\s+[|–—·»«:-]{1,2}\s+")


def propose(draft: RawDocument, candidates: list[int], first: int) -> tuple[str, int]:
    """Return the title and its piece's number, or -1, for a body that begins at `first`."""
    head = [n for n in candidates if n < first and _could_be(draft.pieces[n].text)]
    for declared in filter(None, map(normalise, draft.titles)):
        for n in head:
            if same(draft.pieces[n].text, declared) or _begins(declared, draft.pieces[n].text):
                return draft.pieces[n].text[:LONGEST], n
    if draft.titles and (declared := normalise(draft.titles[0])):
        return _without_site(declared)[:LONGEST], -1
    if not head:
        return "", -1
    best = max(head, key=lambda n: (_looks(draft, n, first), -n))
    return draft.pieces[best].text[:LONGEST], best


def same(one: str, other: str) -> bool:
    """Tell whether two lines say the same, whatever their quotes, dashes and letter case."""
    return _letters(one) == _letters(other) != ""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _begins(declared: str, line: str) -> bool:
    """Tell whether a declared title is a line and the site's name."""
    return count(line) >= 3 and any(
        same(part, line) for part in (_without_site(declared), *SITE.split(declared))
    )


def _without_site(title: str) -> str:
    """Take the site's name off the end of a page's title."""
    parts = SITE.split(title)
    return (
        title
        if len(parts) == 1 or count(parts[0]) < 3
        else title[: len(title) - len(parts[-1])].rstrip(" |–—·»«:-")
    )


def _could_be(text: str) -> bool:
    """Tell whether a line above the body could be a title."""
    return (
        2 <= count(text) <= 40
        and not dates.is_line(text)
        and not boilerplate_match.at_edge(text)
        and not text.endswith(":")
    )


def _looks(draft: RawDocument, number: int, first: int) -> int:
    """Weigh how much a line looks like the title."""
    text = draft.pieces[number].text
    around = [draft.pieces[n].text for n in (number - 1, number + 1) if 0 <= n < len(draft.pieces)]
    return (
        2 * bool(TELLING.search(text))
        + 2 * (count(text) >= 4)
        + any(map(dates.is_line, around))
        + (draft.pieces[number].kind == "heading")
        + (number == first - 1)
    )
