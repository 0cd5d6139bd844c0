"""What an element of a web page is: hidden, a footnote, its marker, a row of data, boilerplate."""

import re

from lxml import html

from .boilerplate_rules import ROLES, TAGS, ZONES

UNSEEN = re.compile(
    r"script|style|template|noscript|head|svg|canvas|iframe|object|embed|video|audio|select"
    r"|datalist|map|textarea|input"
)
HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
HIDDEN_CLASS = re.compile(
    r"\b(?:sr-only|visually-?hidden|screen-reader(?:-text)?|is-hidden|d-none|hidden-print)\b"
)
NOTE_ID = re.compile(
    r"(?:_?ftn|_?edn|fn|footnote|endnote|cite_note|sdfootnote|note)[-_:]?\d+(?:sym)?", re.IGNORECASE
)
NOTE_CLASS = re.compile(r"\b(?:footnotes?|endnotes?)\b", re.IGNORECASE)
MARKER = re.compile(r"\s*(?:[\[(]?(?:\d{1,3}|[ivx]{1,5}|[a-z]|[*†‡§#]{1,3})[\])]?[\s,]*)+")
SURE_MARKER = re.compile(r"\s*(?:\[?\d{1,3}\]?[\s,]*|[*†‡§]{1,3}\s*)+")
POWER = re.compile(
    r"(?:(?<!\w)\d{1,3}|\b(?:[kcm]?m|in|ft|CO|R))\Z"
)  # what a raised number after it is a part of: 10², km²
ZONE_WORDS = {reason: re.compile(rf"(?:{words})", re.IGNORECASE) for reason, words in ZONES.items()}
ZONE_OF_TAG, ZONE_OF_ROLE = (
    {word: reason for reason, words in zones.items() for word in words.split()}
    for zones in (TAGS, ROLES)
)
CLASS_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")


def is_cell(node: html.HtmlElement) -> bool:
    return node.tag in ("td", "th")


def is_row(node: html.HtmlElement) -> bool:
    """Tell whether a table row is data: several cells, and none lays out blocks of its own."""
    cells = [cell for cell in node if is_cell(cell)]
    return len(cells) > 1 and not any(
        len(list(cell.iter("p", "div", "li", "table", "h1", "h2", "h3"))) > 1 for cell in cells
    )


def is_hidden(node: html.HtmlElement) -> bool:
    """Tell whether a reader of the page does not see an element."""
    return (
        UNSEEN.fullmatch(node.tag) is not None
        or node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or bool(HIDDEN_STYLE.search(node.get("style") or ""))
        or bool(HIDDEN_CLASS.search(node.get("class") or ""))
    )


def is_note(node: html.HtmlElement) -> bool:
    """Tell whether an element holds the text of a footnote."""
    if node.tag not in ("li", "p", "div", "aside", "section", "ol"):
        return False
    named = NOTE_ID.fullmatch(node.get("id") or "") or NOTE_CLASS.search(node.get("class") or "")
    return bool(named) or node.get("role") in ("doc-footnote", "doc-endnote", "doc-endnotes")


def is_note_marker(node: html.HtmlElement, runs: list[tuple[str, bool]]) -> bool:
    """Tell whether an element is a note marker: raised or a link to a note, and no power."""
    if not (raised := node.tag == "sup" or _raised(node)) and node.tag != "a":
        return False
    words = node.text_content()
    before = "".join(text for text, _ in runs[-8:])
    linked = any(
        NOTE_ID.fullmatch((link.get("href") or "").rpartition("#")[2]) for link in node.iter("a")
    )
    if not words.strip() or not before.strip():
        return False
    if linked:
        return bool(MARKER.fullmatch(words))
    return raised and bool(SURE_MARKER.fullmatch(words)) and not POWER.search(before.rstrip("\n"))


def _raised(node: html.HtmlElement) -> bool:
    return "vertical-align:super" in (node.get("style") or "").replace(" ", "").lower()


def zone_of(node: html.HtmlElement, prose: int) -> str:
    """Return why an element is boilerplate, or ""; one with most of the page is not."""
    if node.tag in ("html", "body", "main", "article"):
        return ""
    by_tag = ZONE_OF_TAG.get(node.tag) or ZONE_OF_ROLE.get((node.get("role") or "").lower())
    if (
        node.tag == "header"
        and not _has_heading(node)
        and not any(True for _ in node.iterancestors("article", "main"))
    ):
        by_tag = "page header"
    zone = by_tag or _zone_by_name(f"{node.get('class') or ''} {node.get('id') or ''}")
    return zone if zone and prose_in(node) <= prose / 2 else ""


def prose_in(node: html.HtmlElement) -> int:
    """Count the characters in the paragraphs and list items of an element, without links."""
    inner = (each for line in node.iter("p", "li") for each in line.iter() if each.tag != "a")
    return sum(
        len((each.text or "").strip()) + sum(len((child.tail or "").strip()) for child in each)
        for each in inner
    )


def _has_heading(node: html.HtmlElement) -> bool:
    return next(node.iter("h1"), None) is not None


def _zone_by_name(names: str) -> str:
    """Return the zone that a class or an id names."""
    for name in CLASS_WORD.findall(names.replace("_", "-")[:500]):
        for reason, words in ZONE_WORDS.items():
            if words.fullmatch(name):
                return reason
    return ""
