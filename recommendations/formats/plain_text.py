"""Plain text: a quote with its citation, BibTeX, RIS, and a declaration's text as stored."""

from collections.abc import Iterator

from . import citations
from .records import citation


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
    return (f"{bibtex_of_one(entry)}\n" for entry in selection.entries())


def ris_of_one(entry) -> str:
    """Render a recommendation as RIS."""
    return citations.ris(citation(entry))


def ris_of_many(selection) -> Iterator[str]:
    """Render a selection as RIS, an empty line between records."""
    return (f"{ris_of_one(entry)}\r\n" for entry in selection.entries())
