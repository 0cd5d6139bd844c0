"""Plain text: a quote with its citation, BibTeX, RIS, and a declaration's text as stored."""

from collections.abc import Iterable, Iterator
from itertools import batched

from . import citations
from .absolute_url import permalink
from .records import citation

ROWS = 100  # to a part of the answer


def one(entry) -> str:
    """Render a recommendation to paste into a letter: code, title, quotes, citation."""
    quotes = "\n\n".join(f"“{passage.words}”" for passage in entry.passages)
    return (
        "\n\n".join([f"{entry.code}: {entry.title}", quotes, citations.sentence(citation(entry))])
        + "\n"
    )


def declaration(source) -> bytes:
    """Render a declaration as stored: the SHA-256 of the answer is the one on its page."""
    return source.text.encode()


def bibtex_of_one(entry) -> str:
    """Render a recommendation as BibTeX."""
    return citations.bibtex(citation(entry))


def bibtex_of_many(selection) -> Iterator[str]:
    """Render a selection as BibTeX, an empty line between entries."""
    return _in_parts(f"{citations.bibtex(each)}\n" for each in _cited(selection))


def ris_of_one(entry) -> str:
    """Render a recommendation as RIS."""
    return citations.ris(citation(entry))


def ris_of_many(selection) -> Iterator[str]:
    """Render a selection as RIS, an empty line between records."""
    return _in_parts(f"{citations.ris(each)}\r\n" for each in _cited(selection))


def _cited(selection) -> Iterator[citations.Record]:
    """Yield the record of each entry of a selection."""
    return (citations.csl_of_row(row, permalink(f"/{row.code}")) for row in selection.rows())


def _in_parts(texts: Iterable[str]) -> Iterator[str]:
    """Join texts to parts of an answer, since sending each has its price."""
    return map("".join, batched(texts, ROWS))
