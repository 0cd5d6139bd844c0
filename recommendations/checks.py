"""A system check that says how SQLite keeps its journal, because its version decides whether WAL is safe."""

import sqlite3

from django.core.checks import Info, register
from django.db import connection


@register("database")
def sqlite_journal(app_configs, databases=None, **kwargs) -> list[Info]:
    """Say which journal is in use, and why (sqlite.org/wal.html#walresetbug)."""
    if connection.vendor != "sqlite" or not databases:
        return []
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    hint = "WAL is used from SQLite 3.51.3; before, it can lose writes when two connections write at once."
    return [Info(f"SQLite {sqlite3.sqlite_version} keeps a journal of mode {mode}.", hint=hint, id="tech7kb.I001")]
