"""Reads a file in this process; `child` runs it in another for files from outside."""

from . import markup, pdf, plain, sniff, word
from .finishing import finish
from .piece import Extract

READERS = {"pdf": pdf.read, "docx": word.read}


def read(data: bytes, name: str) -> Extract:
    """Return the document in a file; raise Unreadable with the reason where there is none."""
    kind = sniff.kind(data, name)
    if kind in READERS:
        return finish(READERS[kind](data))
    text = sniff.decode(data, kind)
    return finish(markup.read(text) if kind == "html" else plain.read(text))
