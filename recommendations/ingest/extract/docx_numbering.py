"""Writes out the list numbers that Word computes on display (ECMA-376-1, 17.9)."""

import re
from dataclasses import dataclass, field

from lxml import etree

from .list_labels import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT, NUMBERING, STYLES = (f"word/{part}.xml" for part in ("document", "numbering", "styles"))
POINT = "bullet"
TYPES = {
    "lowerLetter": "a",
    "upperLetter": "A",
    "lowerRoman": "i",
    "upperRoman": "I",
}  # as of lists in HTML
DEEPEST = 9  # levels that a list has at most
PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class ListLevel:
    """How one level of a list counts: its start, its format, and its text as in "(%1)"."""

    start: int
    format: str
    text: str


@dataclass
class ListCounter:
    """The state of a list; lists of the same definition continue one another."""

    levels: dict[int, ListLevel]
    counts: dict[int, int] = field(default_factory=dict)

    def label(self, depth: int) -> str:
        """Count the next paragraph at a depth, and return what stands before it."""
        self.counts = {level: count for level, count in self.counts.items() if level <= depth}
        self.counts[depth] = self.counts.get(depth, self.levels[depth].start - 1) + 1
        return PLACE.sub(lambda found: self._numeral(int(found[1]) - 1), self.levels[depth].text)

    def _numeral(self, depth: int) -> str:
        level = self.levels.get(depth, ListLevel(1, "decimal", ""))
        return numeral(self.counts.get(depth, level.start), TYPES.get(level.format, "1"))


def numbered(members: dict[str, bytes]) -> dict[str, bytes]:
    """Return a document's files with numbers written out as words; bullets stay."""
    if NUMBERING not in members:
        return members
    document, numbering = _parsed(members[DOCUMENT]), _parsed(members[NUMBERING])
    counters, restarts = _counters(numbering)
    styles = _styles(_parsed(members.get(STYLES, b"<none/>")))
    for paragraph in document.iter(f"{W}p"):
        number, depth = _place(paragraph.find(f"{W}pPr"), styles)
        counter = counters.get(number)
        level = counter.levels.get(depth) if counter else None
        if counter and level and level.format != POINT and _is_there(paragraph):
            if (start := restarts.pop((number, depth), None)) is not None:
                counter.counts[depth] = start - 1
            _write(paragraph, counter.label(depth))
    for each in list(numbering.iter(f"{W}lvl")):
        if _value(each, "numFmt") != POINT:
            each.getparent().remove(each)
    return members | {DOCUMENT: etree.tostring(document), NUMBERING: etree.tostring(numbering)}


def _parsed(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _value(node: etree._Element | None, name: str, otherwise: str = "") -> str:
    """Return the value of a child element."""
    child = node.find(f"{W}{name}") if node is not None else None
    return child.get(f"{W}val", otherwise) if child is not None else otherwise


def _counters(
    numbering: etree._Element,
) -> tuple[dict[str, ListCounter], dict[tuple[str, int], int]]:
    """Return the list of each number that paragraphs name, and where these begin anew."""
    definitions = {
        each.get(f"{W}abstractNumId"): ListCounter(_levels(each))
        for each in numbering.iter(f"{W}abstractNum")
    }
    counters, restarts = {}, {}
    for each in numbering.iter(f"{W}num"):
        number = each.get(f"{W}numId")
        counters[number] = definitions.get(_value(each, "abstractNumId"), ListCounter({}))
        for override in each.iter(f"{W}lvlOverride"):
            if start := _value(override, "startOverride"):
                restarts[number, int(override.get(f"{W}ilvl"))] = int(start)
    return counters, restarts


def _levels(definition: etree._Element) -> dict[int, ListLevel]:
    return {
        int(each.get(f"{W}ilvl")): ListLevel(
            int(_value(each, "start", "1")),
            _value(each, "numFmt", "decimal"),
            _value(each, "lvlText"),
        )
        for each in list(definition.iter(f"{W}lvl"))[:DEEPEST]
    }


def _styles(styles: etree._Element) -> dict[str, tuple[etree._Element | None, str]]:
    """Return what each style says of its paragraphs, and the style that it builds on."""
    return {
        each.get(f"{W}styleId"): (each.find(f"{W}pPr"), _value(each, "basedOn"))
        for each in styles.iter(f"{W}style")
    }


def _place(said: etree._Element | None, styles: dict) -> tuple[str, int]:
    """Return a paragraph's list and depth, by itself or its style; ("", 0) if in none."""
    style, seen = _value(said, "pStyle"), set()
    while said is None or said.find(f"{W}numPr") is None:
        if style not in styles or style in seen:
            return "", 0
        seen.add(style)
        said, style = styles[style]
    place = said.find(f"{W}numPr")
    return _value(place, "numId"), int(_value(place, "ilvl", "0"))


def _is_there(paragraph: etree._Element) -> bool:
    """Tell whether a paragraph has words that were not deleted."""
    return any(words.text for words in paragraph.iter(f"{W}t"))


def _write(paragraph: etree._Element, label: str) -> None:
    """Write a label before the words of a paragraph."""
    run = etree.Element(f"{W}r")
    etree.SubElement(run, f"{W}t").text = f"{label} "
    paragraph.insert(int(paragraph.find(f"{W}pPr") is not None), run)
