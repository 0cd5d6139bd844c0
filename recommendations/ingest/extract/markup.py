"""Reads web pages: every visible block is a piece, in order; what stands outside the article is
marked.

The parser is lxml's, which fetches nothing. The article is the smallest element that holds most of
the running text.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml import etree, html

from . import dates
from .blocks import HtmlBlock, blocks
from .limits import MARKUP_DEPTH
from .piece import Piece, Unreadable
from .raw_document import RawDocument
from .words import is_prose, normalise, shape

MOST = 0.9  # of the running text stands in the article
ARTICLES = frozenset(("article", "main"))
OUTSIDE = "outside the article"
DATE_META = (
    "article:published_time datepublished date dc.date dcterms.date dc.date.issued dcterms.issued "
    "citation_publication_date publish-date pubdate"
)
LINES = frozenset(
    ["p", "ul", "ol", "li", "blockquote", "span", "dl", "tbody", "tr", "td"]
)  # their neighbours belong to the text too
XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def read(text: str, kind: str = "html") -> RawDocument:
    """Return the visible blocks of a page as pieces, and what its head says of it."""
    page = parse(text)
    found = list(blocks(page))
    article = _article(page, found)
    pieces = tuple(_without_links([_piece(block, article) for block in found], found))
    return RawDocument(
        kind,
        pieces,
        tuple(_titles(page, article)),
        _date(page),
        page.get("lang") or "",
        _address(page),
    )


def parse(text: str) -> html.HtmlElement:
    """Parse a page; raise Unreadable if it is empty or nested too deeply."""
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        page = html.document_fromstring(XML_DECLARATION.sub("", text).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(
            "The web page is empty or damaged. Save it again from the browser."
        ) from error
    if _depth(page) > MARKUP_DEPTH:
        raise Unreadable("The web page is nested too deeply to be read. Paste its text instead.")
    return page


def _depth(page: html.HtmlElement) -> int:
    """Return how many elements stand inside one another, at most one more than is allowed."""
    depth = deepest = 0
    for event, _ in etree.iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        if deepest > MARKUP_DEPTH:
            break
    return deepest


def _piece(block: HtmlBlock, article: html.HtmlElement) -> Piece:
    """Make the piece of a block, and say where it stands unless that is in the article."""
    piece = shape(block.text, block.markers, kind=block.kind, tight=block.tight)
    if piece.kind == "note":
        return replace(piece, kept=False, reason="footnote")
    reason = block.zone or ("" if block.is_in(article) else OUTSIDE)
    return replace(piece, kept=False, reason=reason) if reason else piece


def _article(page: html.HtmlElement, found: list[HtmlBlock]) -> html.HtmlElement:
    """Return the smallest element with most of the running text outside navigation."""
    weights: dict[html.HtmlElement, int] = {}
    for block in found:
        if not block.zone and is_prose(block.text):
            for element in block.path:
                weights[element] = weights.get(element, 0) + len(block.text)
    total = weights.get(page, 0)
    holding = [element for element, weight in weights.items() if weight >= MOST * total]
    if not holding:
        return page
    smallest = max(holding, key=lambda element: sum(1 for _ in element.iterancestors()))
    above = [smallest, *smallest.iterancestors()]
    named = (
        element for element in above if element.tag in ARTICLES or element.get("role") == "main"
    )
    return next(
        named, next(element for element in above if element.tag not in LINES or element is page)
    )


def _without_links(pieces: list[Piece], found: list[HtmlBlock]) -> Iterator[Piece]:
    """Strike out the lines above and below the running text that are nothing but links."""
    prose = [n for n, piece in enumerate(pieces) if piece.kept and is_prose(piece.text)]
    for n, piece in enumerate(pieces):
        body = not prose or prose[0] < n < prose[-1] or piece.kind == "heading"
        yield (
            replace(piece, kept=False, reason="link")
            if piece.kept and found[n].linked and not body
            else piece
        )


def _titles(page: html.HtmlElement, article: html.HtmlElement) -> Iterator[str]:
    """Name the page's title: the article's main heading, what it declares for sharing, its head."""
    headings = [
        *list(article.iter("h1"))[:1],
        *page.iterfind(".//h1"),
        *page.iterfind(".//head/title"),
    ]
    words = [normalise(node.text_content()) for node in headings[:5]]
    shared = [
        _meta(page, name) for name in ("og:title", "citation_title", "dc.title", "twitter:title")
    ]
    first = words[:1] if next(article.iter("h1"), None) is not None else []
    return filter(None, [*first, *shared, *words])


def _meta(page: html.HtmlElement, name: str) -> str:
    """Return the content of a `<meta>` by its name, property or itemprop, or ""."""
    for node in page.iter("meta"):
        keys = (node.get("property"), node.get("name"), node.get("itemprop"))
        if name in {key.lower() for key in keys if key}:
            return normalise(node.get("content") or "")
    return ""


def _date(page: html.HtmlElement) -> date | None:
    """Return the date that the page declares, in a `<meta>`, in JSON-LD or in its only `<time>`."""
    declared = (dates.find(_meta(page, name)) for name in DATE_META.split())
    linked = (
        dates.find(found[1])
        for node in page.iter("script")
        if node.get("type") == "application/ld+json"
        and (found := re.search(r'"datePublished"\s*:\s*"([^"]{8,40})"', node.text or ""))
    )
    times = {
        day
        for node in page.iter("time")
        if (day := dates.find(node.get("datetime") or node.text_content()))
    }
    alone = times if len(times) == 1 else ()
    return next((day for days in (declared, linked, alone) for day in days if day), None)


def _address(page: html.HtmlElement) -> str:
    """Return the canonical address if it is a whole one, or ""."""
    links = [
        node.get("href") or ""
        for node in page.iter("link")
        if "canonical" in (node.get("rel") or "").lower().split()
    ]
    found = next((each.strip() for each in [*links, _meta(page, "og:url")] if each.strip()), "")
    return found if re.fullmatch(r"https?://[^\s<>\"]{1,480}", found) else ""
