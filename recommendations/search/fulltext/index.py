"""The search table: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL."""

import json
from array import array
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import batched

import numpy as np
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pyroaring import BitMap

from .document import EVERY, FIELDS, NAMES, Document
from .query import Clause, Query

_BATCH = 500
_GAP = "__"  # a token nobody can ask for, between two strings of a column
_WEIGHTS = {"title": "A", "quotes": "B", "tags": "C", "themes": "C"}  # and D for the rest
_CREATE = {
    # The ASCII tokenizer does nothing to [a-z0-9_] separated by spaces, which is all it gets.
    "sqlite": [
        f"CREATE VIRTUAL TABLE recommendations_search USING fts5({', '.join(FIELDS)},"
        " tokenize=\"ascii tokenchars '_'\")"
    ],
    "postgresql": [
        "CREATE TABLE recommendations_search (rowid bigint PRIMARY KEY, vector tsvector NOT NULL)",
        "CREATE INDEX recommendations_search_vector ON recommendations_search USING gin (vector)",
    ],
}
_WRITE = {
    "sqlite": "INSERT OR REPLACE INTO recommendations_search"
    " (rowid, title, quotes, tags, themes, summary, addressees, works, source)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
    "postgresql": "INSERT INTO recommendations_search (rowid, vector) VALUES (%s, %s::tsvector)"
    " ON CONFLICT (rowid) DO UPDATE SET vector = excluded.vector",
}

# Tags and themes alone, which share a weight: the other fields keep their words.
_WRITE_NAMES = {
    "sqlite": "UPDATE recommendations_search"
    " SET tags = json_extract(row.value, '$[1]'), themes = json_extract(row.value, '$[2]')"
    " FROM json_each(%s) AS row"
    " WHERE recommendations_search.rowid = json_extract(row.value, '$[0]')",
    "postgresql": "UPDATE recommendations_search SET vector = ts_filter(vector, '{a,b,d}')"
    " || (row ->> 1)::tsvector || (row ->> 2)::tsvector FROM json_array_elements(%s::json) AS row"
    " WHERE recommendations_search.rowid = (row ->> 0)::bigint",
}

# All keys as one text, which is several times faster than row by row.
_FIND = {
    "sqlite": "SELECT group_concat(rowid, ' ') FROM recommendations_search WHERE "
    "recommendations_search MATCH %s",
    "postgresql": "SELECT string_agg(rowid::text, ' ') FROM recommendations_search WHERE vector "
    "@@ %s::tsquery",
}
_RANKS = {
    # The plus makes FTS5 walk what it finds once; without it, it would count every word's entries
    # anew for each key.
    "sqlite": "SELECT rowid, -bm25(recommendations_search, 8.0, 4.0, 3.0, 3.0, 1.0, 1.0, 1.0, 1.0)"
    " FROM recommendations_search"
    " WHERE recommendations_search MATCH %s AND +rowid IN (SELECT value FROM json_each(%s))",
    "postgresql": "SELECT rowid, ts_rank('{0.125, 0.375, 0.5, 1.0}', vector, asked, 1)::float8"
    " FROM recommendations_search, (SELECT %s::tsquery AS asked) AS query WHERE vector @@ asked "
    "AND rowid = ANY(%s)",
}
_KEYS: dict[str, Callable[[list[int]], str | list[int]]] = {
    "sqlite": json.dumps,
    "postgresql": list,
}


def create_index_table(schema_editor) -> None:
    """Create the table, for a migration; without a foreign key, only remove() deletes entries."""
    for statement in _CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index_table(schema_editor) -> None:
    """Undo create_index_table(), for a migration."""
    schema_editor.execute("DROP TABLE recommendations_search")


def write(documents: Iterable[Document], using: str = DEFAULT_DB_ALIAS) -> None:
    """Put documents into the index, each in place of what stood there for its pk; all or none."""
    vendor = connections[using].vendor
    row: Callable[[Document], list[str]] = {"sqlite": _columns, "postgresql": _vector}[vendor]
    with transaction.atomic(using), connections[using].cursor() as cursor:
        for batch in batched(documents, _BATCH):
            cursor.executemany(
                _WRITE[vendor], [(document.pk, *row(document)) for document in batch]
            )


def write_names(documents: Iterable[Document], using: str = DEFAULT_DB_ALIAS) -> None:
    """Put the tags and themes of documents in place of those that entries in the index have."""
    vendor = connections[using].vendor
    with transaction.atomic(using), connections[using].cursor() as cursor:
        for batch in batched(documents, _BATCH):
            rows = [[document.pk, *_names(vendor, document)] for document in batch]
            cursor.execute(_WRITE_NAMES[vendor], [json.dumps(rows)])


def _names(vendor: str, document: Document) -> list[str]:
    return [_column(vendor, field, document.strings(field)) for field in NAMES]


@lru_cache(maxsize=4096)
def _column(vendor: str, field: str, names: tuple[str, ...]) -> str:
    """Return what a row holds of the names in one field, which many entries have."""
    document = Document(pk=0, **{field: names})
    if vendor == "postgresql":
        return _vector(document)[0]
    return _columns(document)[FIELDS.index(field)]


def remove(pks: Iterable[int], using: str = DEFAULT_DB_ALIAS) -> None:
    """Take entries out of the index; one that is not in it is no error."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        for batch in batched(pks, _BATCH):
            cursor.executemany(
                "DELETE FROM recommendations_search WHERE rowid = %s", [(pk,) for pk in batch]
            )


def find(query: Query) -> BitMap:
    """Return the keys of all entries that match; of an empty query none."""
    if not query:
        return BitMap()
    connection = _reading()
    with connection.cursor() as cursor:
        cursor.execute(_FIND[connection.vendor], [_TEXT[connection.vendor](query)])
        keys = np.fromstring(cursor.fetchone()[0] or "", np.uint32, sep=" ")
    return BitMap(array("I", keys.tobytes()))  # much faster than from an array of NumPy's


def ranks(query: Query, among: Iterable[int]) -> dict[int, float]:
    """Return how well each of some entries matches, without those that do not; higher is better.

    The scale differs between engines and between queries, but not with what else is ranked.
    """
    if not query:
        return {}
    connection = _reading()
    vendor = connection.vendor
    with connection.cursor() as cursor:
        cursor.execute(_RANKS[vendor], [_TEXT[vendor](query), _KEYS[vendor](list(among))])
        return dict(cursor.fetchall())


def _reading() -> BaseDatabaseWrapper:
    """Return the connection to where entries are read."""
    return connections[router.db_for_read(apps.get_model("recommendations", "Recommendation"))]


def fts5_text(query: Query) -> str:
    """Write a query in FTS5's syntax."""

    def clause(clause: Clause) -> str:
        written = f'"{" ".join(_lexemes(clause))}"{" *" if clause.prefix else ""}'
        return f'({written} OR "_{clause.beginning}" *)' if clause.beginning else written

    return _expression(query, clause, " AND ", " NOT ", " OR ")


def tsquery_text(query: Query) -> str:
    """Write a query as a tsquery literal, which PostgreSQL takes as it stands."""

    def clause(clause: Clause) -> str:
        phrase = " <-> ".join(f"'{lexeme}'" for lexeme in _lexemes(clause))
        begun = f" | '_{clause.beginning}':*" if clause.beginning else ""
        return f"({phrase}{':*' if clause.prefix else ''}{begun})"

    return _expression(query, clause, " & ", " & !", " | ")


_TEXT = {"sqlite": fts5_text, "postgresql": tsquery_text}


def _expression(query: Query, write_clause, both: str, without: str, either: str) -> str:
    """Join clauses with an engine's operators; only exclusions mean all entries but those."""
    written = []
    for group in query.groups:
        wanted = [write_clause(clause) for clause in group if not clause.negative]
        unwanted = [write_clause(clause) for clause in group if clause.negative]
        text = f"({both.join(wanted or [write_clause(Clause((EVERY,)))])})"
        written.append(f"({text}{without}({either.join(unwanted)}))" if unwanted else text)
    return either.join(written)


def _lexemes(clause: Clause) -> list[str]:
    return [f"_{term}" if clause.prefix else term for term in clause.terms]


def _columns(document: Document) -> list[str]:
    """Return a row for FTS5: for each field its stems, then its forms, with gaps."""
    columns = {field: ([EVERY], [_GAP]) if field == "title" else ([], [_GAP]) for field in FIELDS}
    last: dict[tuple[str, bool], int] = {}
    for field, place, lexeme in document.lexemes():
        is_form = lexeme.startswith("_")
        if last.get((field, is_form)) != place - 1:
            columns[field][is_form].append(_GAP)
        columns[field][is_form].append(lexeme)
        last[field, is_form] = place
    return [" ".join(stems + forms) for stems, forms in columns.values()]


def _vector(document: Document) -> list[str]:
    """Return a row for PostgreSQL: a tsvector literal with places and weights."""
    places: dict[str, list[str]] = {}
    for field, place, lexeme in document.lexemes():
        places.setdefault(lexeme, []).append(f"{place}{_WEIGHTS.get(field, 'D')}")
    written = [f"'{lexeme}':{','.join(at)}" for lexeme, at in places.items()]
    return [" ".join([f"'{EVERY}'", *written])]
