"""Cuts a web page into its visible blocks, each with its note markers and its zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from .elements import is_cell, is_hidden, is_note, is_note_marker, is_row, prose_in, zone_of
from .list_labels import labels
from .words import assemble

BREAKING = re.compile(
    r"html|body|address|article|aside|blockquote|center|details|dialog|dd|div|dl|dt|fieldset"
    r"|figcaption|figure|footer|form|h1|h2|h3|h4|h5|h6|header|hr|legend|li|main|menu|nav|ol|p|pre"
    r"|search|section|summary|table|tbody|tfoot|thead|tr|td|th|ul|caption|button|label"
)
HEADINGS = re.compile(r"h1|h2|h3|h4|h5|h6")
ONE_LINE = re.compile(
    rf"{HEADINGS.pattern}|li|dt|caption|button"
)  # a line break inside is only a space
BACKLINKS = re.compile(r"[\s\[(]*[↑↩⤴^][\ufe0e\ufe0f]?[\s\])]*\Z")


@dataclass
class HtmlBlock:
    """A visible line: `path` holds its elements from the root, `zone` why it is boilerplate."""

    text: str
    markers: tuple[tuple[int, int], ...]
    kind: str
    zone: str
    tight: bool
    linked: bool
    path: tuple[html.HtmlElement, ...]

    def is_in(self, element: html.HtmlElement) -> bool:
        """Tell whether the block stands in an element."""
        return element in self.path


@dataclass
class OpenElement:
    """An open element, and what the words in it are."""

    node: html.HtmlElement
    kind: str
    zone: str
    is_note_marker: bool
    is_link: bool


@dataclass
class Walk:
    """Where the walk stands: the open elements, and the words of the line begun."""

    open_elements: list[OpenElement]
    labels: dict[html.HtmlElement, str]
    prose: int
    runs: list[tuple[str, bool]] = field(default_factory=list)
    linked: bool = True
    lead: str = ""
    breaks: int = 0

    @property
    def top(self) -> OpenElement:
        return self.open_elements[-1]

    def add(self, words: str, element: OpenElement) -> None:
        """Add words to the line begun."""
        if words:
            self.runs.append((words, element.is_note_marker))
            self.linked = self.linked and (element.is_link or not words.strip())

    def has_words(self) -> bool:
        return any(words.strip() for words, _ in self.runs)

    def take(self) -> Iterator[HtmlBlock]:
        """End the line begun, if it has words."""
        if self.has_words():
            kind = "paragraph" if self.top.kind == "row" else self.top.kind
            text, markers = assemble([(self.lead, False), *self.runs])
            text = BACKLINKS.sub("", text) if kind == "note" else text
            if text:
                path = tuple(element.node for element in self.open_elements[1:])
                yield HtmlBlock(
                    text, markers, kind, self.top.zone, self.breaks == 1, self.linked, path
                )
            self.lead = ""
            self._end_point()
        self.runs, self.linked, self.breaks = [], True, 0

    def _end_point(self) -> None:
        """Let further lines of the same list item be paragraphs."""
        for element in reversed(self.open_elements):
            if element.kind in ("bullet", "numbered"):
                element.kind = "paragraph"
            if element.node.tag == "li":
                return


def blocks(page: html.HtmlElement) -> Iterator[HtmlBlock]:
    """Return the visible blocks of a page in order."""
    walk = Walk([OpenElement(page, "paragraph", "", False, False)], labels(page), prose_in(page))
    walker = etree.iterwalk(page, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            yield from _leave(walk, node)
        elif is_hidden(node):
            walker.skip_subtree()
            walk.open_elements.append(walk.top)
        else:
            yield from _enter(walk, node)
    yield from walk.take()


def _enter(walk: Walk, node: html.HtmlElement) -> Iterator[HtmlBlock]:
    """Open an element."""
    if BREAKING.fullmatch(node.tag) and walk.top.kind != "row":
        yield from walk.take()
    elif BREAKING.fullmatch(node.tag):
        walk.runs.append((" | " if is_cell(node) and walk.has_words() else " ", False))
    elif node.tag == "br":
        yield from _line_break(walk)
    above = walk.top
    in_note_marker = above.is_note_marker or is_note_marker(node, walk.runs)
    found = above.zone or zone_of(node, walk.prose)
    walk.open_elements.append(
        OpenElement(
            node, _kind(node, walk), found, in_note_marker, above.is_link or node.tag == "a"
        )
    )
    if node.tag == "li":
        walk.lead = walk.labels.get(node, "")
    walk.add(node.text or "", walk.top)


def _leave(walk: Walk, node: html.HtmlElement) -> Iterator[HtmlBlock]:
    """Close an element, and go on with the words after it."""
    if BREAKING.fullmatch(node.tag) and (walk.top.kind != "row" or node.tag == "tr"):
        yield from walk.take()
    if node.tag == "li":
        walk.lead = ""
    if len(walk.open_elements) > 1:
        walk.open_elements.pop()
    walk.add(node.tail or "", walk.top)


def _line_break(walk: Walk) -> Iterator[HtmlBlock]:
    """Let a line break end a line of a paragraph; two of them end the paragraph."""
    if walk.top.kind != "paragraph" or any(
        ONE_LINE.fullmatch(element.node.tag) for element in walk.open_elements
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
