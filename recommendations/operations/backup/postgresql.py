"""PostgreSQL: `pg_dump` writes an SQL script, and a restore runs it in one transaction."""

import os
import re
import subprocess
from itertools import takewhile
from pathlib import Path

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper

from .archive import BackupError
from .fingerprint import VERSION, fingerprint_of, renew, scalar

NAME, DatabaseError = "postgresql", psycopg.Error
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
MOVES = """
    SELECT format('ALTER TABLE public.%I SET SCHEMA ', tablename)
    FROM pg_tables WHERE schemaname = 'public'
    UNION ALL
    SELECT format('ALTER FUNCTION %s SET SCHEMA ', p.oid::regprocedure)
    FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""  # functions of extensions stay
COPY = re.compile(rb"COPY public\.(\w+) .*FROM stdin;\n")
END_OF_ROWS = b"\\.\n"
SKIPPED = (b"\\", b"CREATE SCHEMA public;", b"COMMENT ON SCHEMA public")  # for psql; already there


def connect(database: dict) -> psycopg.Connection:
    """Connect without Django; leaving a `with` block commits and closes."""
    parameters = DatabaseWrapper(database).get_connection_params()
    return psycopg.connect(**parameters | {"cursor_factory": psycopg.Cursor})


def dump(database: dict, to: Path) -> dict:
    """Write the database as of one moment, while others work; return its fingerprint."""
    client = DatabaseWrapper(database).client
    (_psql, *arguments), password = client.settings_to_cmd_args_env(database, [])
    with connect(database) as live:
        live.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = scalar(live, "SELECT pg_export_snapshot()")
        options = ("--no-password", "--no-owner", "--no-acl", "--schema=public")
        command = ["pg_dump", *options, f"--snapshot={snapshot}", f"--file={to}", *arguments]
        # Of several hosts pg_dump has to choose the same one: the snapshot is there alone.
        target = {"PGTARGETSESSIONATTRS": database["OPTIONS"].get("target_session_attrs", "any")}
        environment = os.environ | target | (password or {})
        done = subprocess.run(  # noqa: S603
            command, env=environment, stderr=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise BackupError(done.stderr.partition("\n")[0] or "pg_dump failed.")
        return fingerprint_of(live, TABLES)


def prove(dump: Path, expected: dict) -> None:
    """Count the rows of each table in a script; raises BackupError."""
    rows = {}
    with dump.open("rb") as script:
        for line in script:
            if found := COPY.fullmatch(line):
                rows[found[1].decode()] = sum(1 for _row in takewhile(END_OF_ROWS.__ne__, script))
    if rows != expected["rows"]:
        raise BackupError("The backup is not sound: make or use another.")


def replace(database: dict, dump: Path, expected: dict, former: str) -> str:
    """Run a proved script in the database's place; return where the former tables are, or "".

    They move to a schema of their own. Other connections wait, and then use the new tables.
    """
    with connect(database) as live:
        kept, version = "", 0
        if live.execute(TABLES).fetchone():
            kept, version = f"the schema {former} of this database", scalar(live, VERSION)
            live.execute(f"SET LOCAL lock_timeout = '20s'; CREATE SCHEMA {former}")
            for (statement,) in live.execute(MOVES).fetchall():
                live.execute(statement + former)
        load(live, dump)
        live.execute("SET LOCAL search_path = public")  # the script has emptied it
        if fingerprint_of(live, TABLES) != expected:
            raise BackupError("The backup is not sound: make or use another.")
        renew(live, version)
        live.execute("ANALYZE")
    return kept


def load(live: psycopg.Connection, dump: Path) -> None:
    """Run a script: its statements, and after each COPY the rows that follow."""
    statements = []
    with dump.open("rb") as script:
        for line in script:
            if COPY.fullmatch(line):
                live.execute(b"".join(statements))
                statements = []
                with live.cursor().copy(line) as copy:
                    for row in takewhile(END_OF_ROWS.__ne__, script):
                        copy.write(row)
            elif not line.startswith(SKIPPED):
                statements.append(line)
        live.execute(b"".join(statements))
