"""Reads a file in this process; `child` runs it in another for files from outside."""

from . import docx, filetype, markup, pdf, plain_text
from .normalize import finish
from .piece import Extract

READERS = {"pdf": pdf.read, "docx": docx.read}


def read(data: bytes, name: str) -> Extract:
    """Return the document in a file; raise Unreadable with the reason where there is none."""
    kind = filetype.kind(data, name)
    if kind in READERS:
        return finish(READERS[kind](data))
    text = filetype.decode(data, kind)
    return finish(markup.read(text) if kind == "html" else plain_text.read(text))
