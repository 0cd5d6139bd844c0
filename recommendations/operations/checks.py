"""System checks: SQLite's journal mode, and the list of breached passwords."""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Info, register
from django.db import connection

from recommendations.accounts.pwned_passwords import problem_with_list


@register("database")
def sqlite_journal(app_configs, databases=None, **kwargs) -> list[Info]:
    """Report which journal is in use, and why (sqlite.org/wal.html#walresetbug)."""
    if connection.vendor != "sqlite" or not databases:
        return []
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    hint = (
        "WAL is used from SQLite 3.51.3 on; before, it can lose writes when two connections "
        "write at once."
    )
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version} uses the journal mode {mode}.",
            hint=hint,
            id="tech7kb.I001",
        )
    ]


@register("security")
def breached_passwords(app_configs, **kwargs) -> list[Error]:
    """Report a list of breached passwords that cannot be searched."""
    problem = settings.BREACHED_PASSWORDS and problem_with_list(Path(settings.BREACHED_PASSWORDS))
    if not problem:
        return []
    hint = "Use a file from Have I Been Pwned's downloader: one file, SHA-1, sorted by hash."
    return [Error(f"BREACHED_PASSWORDS: {problem}.", hint=hint, id="tech7kb.E001")]
