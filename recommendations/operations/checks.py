"""System checks: how SQLite keeps its journal, as its version decides whether WAL is safe, and the
operator's files.
"""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Info, register
from django.db import connection

from recommendations.accounts.pwned_passwords import fault_of_list


@register("database")
def sqlite_journal(app_configs, databases=None, **kwargs) -> list[Info]:
    """Say which journal is in use, and why (sqlite.org/wal.html#walresetbug)."""
    if connection.vendor != "sqlite" or not databases:
        return []
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    hint = (
        "WAL is used from SQLite 3.51.3; before, it can lose writes when two connections write "
        "at once."
    )
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version} keeps a journal of mode {mode}.",
            hint=hint,
            id="tech7kb.I001",
        )
    ]


@register("security")
def breached_passwords(app_configs, **kwargs) -> list[Error]:
    """Say what is wrong with the operator's list of breached passwords, before somebody chooses a
    password.
    """
    fault = settings.BREACHED_PASSWORDS and fault_of_list(Path(settings.BREACHED_PASSWORDS))
    if not fault:
        return []
    hint = (
        "Name a file as Have I Been Pwned's downloader writes it: one file, SHA-1, sorted by hash."
    )
    return [Error(f"BREACHED_PASSWORDS: {fault}.", hint=hint, id="tech7kb.E001")]
