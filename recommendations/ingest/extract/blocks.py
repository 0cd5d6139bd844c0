"""Cuts a web page into its visible blocks, each with its note markers and its zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from .elements import is_cell, is_hidden, is_note, is_row, is_sign, prose_in, zone_of
from .list_labels import labels
from .words import assemble

BREAKING = re.compile(
    r"html|body|address|article|aside|blockquote|center|details|dialog|dd|div|dl|dt|fieldset"
    r"|figcaption"
    r"|figure|footer|form|h1|h2|h3|h4|h5|h6|header|hr|legend|li|main|menu|nav|ol|p|pre|search"
    r"|section"
    r"|summary|table|tbody|tfoot|thead|tr|td|th|ul|caption|button|label"
)
HEADINGS = re.compile(r"h1|h2|h3|h4|h5|h6")
ONE_LINE = re.compile(
    rf"{HEADINGS.pattern}|li|dt|caption|button"
)  # a line break inside is only a space
BACKLINKS = re.compile(r"[\s\[(]*[↑↩⤴^][\ufe0e\ufe0f]?[\s\])]*\Z")


@dataclass
class Block:
    """A visible line: `path` holds its elements from the root, `zone` why it is boilerplate."""

    text: str
    signs: tuple[tuple[int, int], ...]
    kind: str
    zone: str
    tight: bool
    linked: bool
    path: tuple[html.HtmlElement, ...]

    def is_in(self, element: html.HtmlElement) -> bool:
        """Tell whether the block stands in an element."""
        return element in self.path


@dataclass
class Level:
    """An open element, and what the words in it are."""

    node: html.HtmlElement
    kind: str
    zone: str
    is_sign: bool
    is_link: bool


@dataclass
class Walk:
    """Where the walk stands: the open elements, and the words of the line begun."""

    levels: list[Level]
    labels: dict[html.HtmlElement, str]
    prose: int
    runs: list[tuple[str, bool]] = field(default_factory=list)
    linked: bool = True
    lead: str = ""
    breaks: int = 0

    @property
    def top(self) -> Level:
        return self.levels[-1]

    def add(self, words: str, level: Level) -> None:
        """Add words to the line begun."""
        if words:
            self.runs.append((words, level.is_sign))
            self.linked = self.linked and (level.is_link or not words.strip())

    def has_words(self) -> bool:
        return any(words.strip() for words, _ in self.runs)

    def take(self) -> Iterator[Block]:
        """End the line begun, if it has words."""
        if self.has_words():
            kind = "paragraph" if self.top.kind == "row" else self.top.kind
            text, signs = assemble([(self.lead, False), *self.runs])
            text = BACKLINKS.sub("", text) if kind == "note" else text
            if text:
                path = tuple(level.node for level in self.levels[1:])
                yield Block(text, signs, kind, self.top.zone, self.breaks == 1, self.linked, path)
            self.lead = ""
            self._end_point()
        self.runs, self.linked, self.breaks = [], True, 0

    def _end_point(self) -> None:
        """Let further lines of the same list item be paragraphs."""
        for level in reversed(self.levels):
            if level.kind in ("bullet", "numbered"):
                level.kind = "paragraph"
            if level.node.tag == "li":
                return


def blocks(page: html.HtmlElement) -> Iterator[Block]:
    """Return the visible blocks of a page in order."""
    walk = Walk([Level(page, "paragraph", "", False, False)], labels(page), prose_in(page))
    walker = etree.iterwalk(page, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            yield from _leave(walk, node)
        elif is_hidden(node):
            walker.skip_subtree()
            walk.levels.append(walk.top)
        else:
            yield from _enter(walk, node)
    yield from walk.take()


def _enter(walk: Walk, node: html.HtmlElement) -> Iterator[Block]:
    """Open an element."""
    if BREAKING.fullmatch(node.tag) and walk.top.kind != "row":
        yield from walk.take()
    elif BREAKING.fullmatch(node.tag):
        walk.runs.append((" | " if is_cell(node) and walk.has_words() else " ", False))
    elif node.tag == "br":
        yield from _line_break(walk)
    above = walk.top
    in_sign = above.is_sign or is_sign(node, walk.runs)
    found = above.zone or zone_of(node, walk.prose)
    walk.levels.append(
        Level(node, _kind(node, walk), found, in_sign, above.is_link or node.tag == "a")
    )
    if node.tag == "li":
        walk.lead = walk.labels.get(node, "")
    walk.add(node.text or "", walk.top)


def _leave(walk: Walk, node: html.HtmlElement) -> Iterator[Block]:
    """Close an element, and go on with the words after it."""
    if BREAKING.fullmatch(node.tag) and (walk.top.kind != "row" or node.tag == "tr"):
        yield from walk.take()
    if node.tag == "li":
        walk.lead = ""
    if len(walk.levels) > 1:
        walk.levels.pop()
    walk.add(node.tail or "", walk.top)


def _line_break(walk: Walk) -> Iterator[Block]:
    """Let a line break end a line of a paragraph; two of them end the paragraph."""
    if walk.top.kind != "paragraph" or any(
        ONE_LINE.fullmatch(level.node.tag) for level in walk.levels
    ):
        walk.runs.append((" ", False))
        return
    breaks = 0 if walk.has_words() else walk.breaks
    yield from walk.take()
    walk.breaks = breaks + 1


def _kind(node: html.HtmlElement, walk: Walk) -> str:
    """Return the kind of piece that the words of an element make."""
    above = walk.top.kind
    if above in ("note", "row"):
        return above
    if is_note(node):
        return "note"
    if HEADINGS.fullmatch(node.tag) or node.get("role") == "heading":
        return "heading"
    if node.tag == "li":
        return "numbered" if node in walk.labels else "bullet"
    return "row" if node.tag == "tr" and is_row(node) else above
