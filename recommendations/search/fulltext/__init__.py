"""Full text search with the same answers on SQLite and on PostgreSQL.

    text ──> analysis ──> query     what a reader typed -> clauses            (pure)
                     ├──> document  an entry -> lexemes with their places     (pure)
                     ├──> highlight which words of a text a query means       (pure)
                     └──> index     the table in either database

Both engines get only lexemes and places made here, so that neither decides what a word is.
"""

from .document import FIELDS, Document
from .highlight import Reason, mark, reasons, spans
from .index import create_index_table, drop_index_table, find, ranks, remove, write, write_names
from .query import MAX_TERMS, Clause, Query, parse

__all__ = [
    "FIELDS",
    "MAX_TERMS",
    "Clause",
    "Document",
    "Query",
    "Reason",
    "create_index_table",
    "drop_index_table",
    "find",
    "mark",
    "parse",
    "ranks",
    "reasons",
    "remove",
    "spans",
    "write",
    "write_names",
]
