"""A database on a PostgreSQL server, written by `pg_dump` and put back in one transaction from what
it wrote.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import batched, takewhile
from pathlib import Path

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper

from .errors import BackupError
from .fingerprint import NUMBER, Facts, facts, renew, single

COPY = re.compile(rb"COPY public\.(\w+) .*FROM stdin;\n")
ROWS = 1000  # sent at a time
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
FUNCTIONS = (  # without those of an extension, which stay where they are
    "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


class Postgresql:
    """The database that settings name, or another one."""

    ERRORS = (psycopg.Error,)

    def __init__(self, settings: dict):
        self.wrapper = DatabaseWrapper(settings, alias="backup")

    @property
    def has_data(self) -> bool:
        """Whether there is anything to lose."""
        with self.connect() as live:
            return bool(live.execute(TABLES).fetchall())

    def dump(self, to: Path) -> Facts:
        """Write the database as of one moment, and return what it held in that moment; nobody has
        to wait.
        """
        with self.connect() as live:
            live.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            snapshot = single(live.execute("SELECT pg_export_snapshot()"))
            found = facts(live.execute, tables(live))
            os.close(os.open(to, os.O_CREAT | os.O_EXCL, 0o600))
            options = [
                "--format=custom",
                "--compress=0",
                "--schema=public",
                f"--snapshot={snapshot}",
                f"--file={to}",
            ]
            self.call("pg_dump", *options)
        return found

    def prove(self, dump: Path, expected: Facts) -> None:
        """Read every row of a dump, and compare how many each table has; raises BackupError."""
        counts = {}
        with script(dump) as lines:
            for _statements, table, rows in parts(lines):
                if table:
                    counts[table] = sum(1 for _row in rows)
        if counts != expected.counts:
            raise BackupError(
                "The dump of the database is not sound: it does not hold what was counted."
            )

    def replace(self, dump: Path, expected: Facts, name: str) -> str:
        """Put a proved dump in the database's place, in one transaction, and return where the
        former one is now.

        Processes of the site wait meanwhile, and then read and write what is new: a name is looked
        up again after waiting for its lock.
        """
        schema = re.sub(r"\W", "_", name)
        with self.connect() as live:
            held = tables(live)
            if held:
                move_aside(live, held, schema)
            version = (
                single(live.execute(NUMBER)) if "recommendations_contentversion" in held else 0
            )
            live.execute("SET LOCAL search_path = public")
            load(live, dump)
            live.execute("SET LOCAL search_path = public")  # the dump empties it
            if facts(live.execute, tables(live)) != expected:
                raise BackupError("The restored database does not hold what was counted.")
            renew(live.execute, version)
            live.execute(f"ANALYZE {', '.join(tables(live))}")
        return f"the schema {schema} of the same database" if held else ""

    def connect(self) -> psycopg.Connection:
        """Connect as the site does; leaving the block commits and closes."""
        return psycopg.connect(
            **self.wrapper.get_connection_params() | {"cursor_factory": psycopg.Cursor}
        )

    def call(self, program: str, *options: str) -> None:
        """Run one of PostgreSQL's programs on this database; a password is in its
        environment only.
        """
        arguments, environment = self.wrapper.client.settings_to_cmd_args_env(
            self.wrapper.settings_dict, []
        )
        with running([program, "--no-password", *options, *arguments[1:]], environment) as process:
            process.stdout.read()


def move_aside(live: psycopg.Connection, held: list[str], schema: str) -> None:
    """Move all tables with what they own, and all functions, into a schema of their own, and look
    for names there.
    """
    live.execute("SET LOCAL lock_timeout = '20s'")
    live.execute(
        f"LOCK TABLE {', '.join(f'public."{table}"' for table in held)} IN ACCESS EXCLUSIVE MODE"
    )
    live.execute(f"CREATE SCHEMA {schema}")
    functions = [function for (function,) in live.execute(FUNCTIONS)]
    for table in held:
        live.execute(f'ALTER TABLE public."{table}" SET SCHEMA {schema}')
    for function in functions:
        live.execute(f"ALTER FUNCTION {function} SET SCHEMA {schema}")
    live.execute(f"SET LOCAL search_path = {schema}")


def load(live: psycopg.Connection, dump: Path) -> None:
    """Run what is in a dump."""
    with script(dump) as lines, live.cursor() as cursor:
        for statements, table, rows in parts(lines):
            *before, copy = statements if table else [*statements, b""]
            cursor.execute(b"".join(before) or b"SELECT 1")
            if table:
                with cursor.copy(copy) as target:
                    for some in batched(rows, ROWS):
                        target.write(b"".join(some))


@contextmanager
def script(dump: Path) -> Iterator[Iterable[bytes]]:
    """Give the lines of a dump as SQL; its owner is whoever runs it, and the schema is there
    already.
    """
    with running(
        ["pg_restore", "--no-owner", "--no-acl", "--schema=public", "--file=-", str(dump)]
    ) as process:
        yield process.stdout


def parts(lines: Iterable[bytes]) -> Iterator[tuple[list[bytes], str, Iterable[bytes]]]:
    """Split a dump at each COPY: the lines up to and with it, its table, and its rows, to be read
    before the next.
    """
    lines, statements = iter(lines), []
    for line in lines:
        if line.startswith(b"\\"):  # for psql: \\restrict
            continue
        statements.append(line)
        if found := COPY.fullmatch(line):
            yield statements, found[1].decode(), takewhile(b"\\.\n".__ne__, lines)
            statements = []
    yield statements, "", ()


@contextmanager
def running(command: list[str], environment: dict | None = None) -> Iterator[subprocess.Popen]:
    """Run a program and read what it writes; raises BackupError with what it says when it fails."""
    everything = os.environ | {"PGCONNECT_TIMEOUT": "5"} | (environment or {})
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=everything
        )
    except FileNotFoundError as error:
        raise BackupError(
            f"{command[0]} was not found: install PostgreSQL's client programs."
        ) from error
    with process:
        yield process
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise BackupError(
            said.partition("\n")[0] or f"{command[0]} ended with {process.returncode}."
        )


def tables(live: psycopg.Connection) -> list[str]:
    """Return the names of all tables."""
    return [name for (name,) in live.execute(TABLES)]
