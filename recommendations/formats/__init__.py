"""Every format besides HTML in one table: extension, media type and how to render.

A format is one entry below. Views look it up by the extension of an address, and `render` makes the
body of what it is given; only briefings, sitemaps and assistants' tools fetch by themselves.
"""

from . import atom, jsonfeed, markdown, plain_text, records, tables, word
from .problems import PROBLEM, problem
from .representation import OPEN, Representation, by_extension

__all__ = [
    "BRIEFING",
    "DECLARATION",
    "OPEN",
    "PROBLEM",
    "RECOMMENDATION",
    "RECOMMENDATIONS",
    "Representation",
    "is_data",
    "problem",
]

JSON = "application/json"
CSV = "text/csv; charset=utf-8; header=present"  # RFC 7111, RFC 4180
BIBTEX = "application/x-bibtex; charset=utf-8"
RIS = "application/x-research-info-systems"
CSL = "application/vnd.citationstyles.csl+json"
ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json"
PLAIN = "text/plain; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8; variant=CommonMark"  # RFC 7763, RFC 7764
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

RECOMMENDATION = by_extension(
    Representation("json", "JSON", JSON, records.one),
    Representation("bib", "BibTeX", BIBTEX, plain_text.bibtex_of_one, is_download=True),
    Representation("ris", "RIS", RIS, plain_text.ris_of_one, is_download=True),
    Representation("csl.json", "CSL-JSON", CSL, records.csl_of_one),
    Representation("txt", "Plain text", PLAIN, plain_text.one),
)

RECOMMENDATIONS = by_extension(
    Representation("json", "JSON", JSON, records.many, paging="after"),
    Representation("csv", "CSV", CSV, tables.csv_of_many, is_download=True),
    Representation("bib", "BibTeX", BIBTEX, plain_text.bibtex_of_many, is_download=True),
    Representation("ris", "RIS", RIS, plain_text.ris_of_many, is_download=True),
    Representation("atom", "Atom feed", ATOM, atom.feed, is_feed=True),
    Representation("jsonfeed", "JSON Feed", JSON_FEED, jsonfeed.feed, is_feed=True),
)

DECLARATION = by_extension(
    Representation("txt", "Plain text", PLAIN, plain_text.declaration),
    Representation("json", "JSON", JSON, records.declaration),
)

BRIEFING = by_extension(
    Representation("md", "Markdown", MARKDOWN, markdown.briefing, is_download=True),
    Representation("docx", "Word (DOCX)", WORD, word.briefing, is_download=True),
)

ENDINGS = tuple(
    f".{extension}" for extension in {*RECOMMENDATION, *RECOMMENDATIONS, *DECLARATION, *BRIEFING}
)


def is_data(path: str) -> bool:
    """Tell whether a path asks for a data format, whether or not anything is there."""
    return path.lower().endswith(ENDINGS)
