"""What a database holds, read without Django: its rows, its schema with every rule, and where its
numbers stand.
"""

import re
from collections import Counter
from collections.abc import Container
from contextlib import closing
from types import ModuleType

from recommendations.operations.backup import postgresql, sqlite

Rows = dict[str, list[str]]  # table -> its rows as text, sorted

# of no extension
OWN = "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = {}.oid AND d.deptype = 'e')"
SCHEMA = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master"],
    "postgresql": [
        "SELECT 'relation', relname, relkind::text, relpersistence::text FROM pg_class c"
        f" WHERE relnamespace = 'public'::regnamespace AND {OWN.format('c')}",
        "SELECT 'column', attrelid::regclass::text, attname, format_type(atttypid, atttypmod), "
        "attnotnull,"
        " attidentity::text, pg_get_expr(adbin, adrelid) FROM pg_attribute a JOIN pg_class c ON "
        "c.oid = attrelid"
        " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT "
        "attisdropped",
        "SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), "
        "convalidated"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT 'trigger', pg_get_triggerdef(t.oid), tgenabled::text FROM pg_trigger t JOIN "
        "pg_class c"
        " ON c.oid = tgrelid WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal",
        "SELECT 'function', pg_get_functiondef(p.oid) FROM pg_proc p"
        f" WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND {OWN.format('p')}",
        "SELECT 'sequence', sequencename, data_type::text, start_value, min_value, max_value, "
        "increment_by, cycle"
        " FROM pg_sequences WHERE schemaname = 'public'",
    ],
}
CASTS = re.compile(r"::(character varying|text)(\[\])?|[()]")
NUMBERS = {
    "sqlite": "SELECT name, seq FROM sqlite_sequence",
    "postgresql": "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE "
    "schemaname = 'public'",
}


def engine_of(settings: dict) -> ModuleType:
    """Return what backs up a database of this kind."""
    return sqlite if settings["ENGINE"].endswith("sqlite3") else postgresql


def direct(settings: dict):
    """Connect without Django."""
    return engine_of(settings).connect(settings)


def rows(settings: dict, without: Container[str] = (), schema: str = "") -> Rows:
    """Return every row of every table but some; on PostgreSQL of a schema other than the
    usual too.
    """
    tables = engine_of(settings).TABLES
    with closing(direct(settings)) as database:
        if schema:
            database.execute(f"SET search_path = {schema}")
            tables = tables.replace("'public'", f"'{schema}'")
        names = [name for (name,) in database.execute(tables)]
        kept = sorted(name for name in names if name not in without)
        return {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in kept
        }


def schema(settings: dict) -> list[str]:
    """Return all that makes the tables what they are: columns, indexes, constraints, triggers,
    functions, sequences.
    """
    with closing(direct(settings)) as database:
        return sorted(
            spelled(row)
            for each in SCHEMA[engine_of(settings).NAME]
            for row in database.execute(each)
        )


def spelled(row: tuple) -> str:
    """Write a fact about a schema without the casts and brackets that PostgreSQL puts elsewhere on
    a second reading.
    """
    return CASTS.sub("", repr(row)) if row[0] in ("constraint", "index") else repr(row)


def numbers(settings: dict) -> dict[str, int]:
    """Return the last number that each table gave a row, as far as the database counts
    them itself.
    """
    with closing(direct(settings)) as database:
        return dict(database.execute(NUMBERS[engine_of(settings).NAME]).fetchall())


def difference(before: Rows, after: Rows) -> dict[str, tuple[int, int]]:
    """Return how many rows of each table went and came, where any did."""
    found = {}
    for name in sorted(before.keys() | after.keys()):
        was, now = Counter(before.get(name, [])), Counter(after.get(name, []))
        if was != now:
            found[name] = (was - now).total(), (now - was).total()
    return found
