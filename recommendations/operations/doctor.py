"""What goes wrong in a site's life, each found by one check that says what to do.

The public address is asked as a reader would ask it. What the proxy in front lets through is told
by the site itself, to whoever can sign with its secret key.
"""

import json
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core import signing
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest

from recommendations.accounts.client_ip import client_address

OK, WARNING, PROBLEM = "ok", "warning", "problem"
PROBE = "X-Doctor"  # the header of a signed question, and the salt of its signature
PROBE_SECONDS = 60  # for which a question is answered
FORGED = ("192.0.2.66", "192.0.2.77", "192.0.2.88")  # TEST-NET-1 (RFC 5737): nobody's addresses
SECONDS = 10  # to wait for an answer
SKEW = 5.0  # seconds by which two clocks may differ
CERTIFICATE_DAYS = 14  # that a certificate should still be good for
BACKUP_HOURS = 36  # that the last backup may be old
LEAST_FREE = 2**30  # bytes of disk
BACKUP_ROOM = 3  # a backup needs free space of so many times the database


@dataclass(frozen=True)
class Finding:
    """What a check found: how bad, what, and what to do about it."""

    level: str
    what: str
    advice: str = ""


def check_settings() -> Iterator[Finding]:
    """Check what a public site should have set."""
    if settings.DEBUG:
        yield Finding(PROBLEM, "DEBUG is on.", "Unset DEBUG: error pages show code and settings.")
    if not settings.TLS:
        yield Finding(WARNING, "SITE_URL is not https.", "Set SITE_URL to the public address.")
    if not settings.CONTACT:
        yield Finding(WARNING, "CONTACT is not set.", "Say where to report a security problem.")


def check_database() -> Iterator[Finding]:
    """Check that the database answers, that it is migrated, and that its clock is right."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        said = str(error).partition("\n")[0]
        yield Finding(PROBLEM, f"The database does not answer: {said}", "Check DATABASE_URL.")
        return
    if plan:
        yield Finding(PROBLEM, f"{len(plan)} migrations wait.", "Run ./kb manage prepare.")
    if connection.vendor == "postgresql":
        yield from _check_postgresql()
    else:
        yield Finding(OK, f"SQLite {sqlite3.sqlite_version} answers.")


def _check_postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        yield from _compared("the database", float(cursor.fetchone()[0]) - time.time())
    yield pg_dump_finding(connection.pg_version // 10_000)


def pg_dump_finding(server: int) -> Finding:
    """Compare pg_dump with a server of a major version: an older one cannot back it up."""
    try:
        said = subprocess.run(
            ["pg_dump", "--version"],  # noqa: S607 - the one that backups use
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return Finding(PROBLEM, "There is no pg_dump.", "Install PostgreSQL's client programs.")
    found = re.search(r"\d+", said)
    client = int(found[0]) if found else 0
    if client < server:
        what = f"pg_dump {client} cannot back up PostgreSQL {server}."
        return Finding(PROBLEM, what, f"Install the client programs of version {server} or newer.")
    return Finding(OK, f"PostgreSQL {server} answers, pg_dump is of version {client}.")


def check_files() -> Iterator[Finding]:
    """Check that only their owner reads the secret key, the database and the backups."""
    folder = Path(settings.VAR_DIR)
    patterns = ("secret-key", "*.sqlite3*", "backups/*.backup")
    files = [path for pattern in patterns for path in folder.glob(pattern)]
    open_ = sorted(str(path) for path in files if path.stat().st_mode & 0o077)
    if open_:
        yield Finding(PROBLEM, f"Others may read {', '.join(open_)}.", "chmod 600 these files.")
    else:
        yield Finding(OK, f"Only their owner reads the files in {folder}.")


def check_disk() -> Iterator[Finding]:
    """Check that there is room for a backup and for what is to come."""
    folder = Path(settings.VAR_DIR)
    free = shutil.disk_usage(folder).free
    stored = sum(path.stat().st_size for path in folder.glob("*.sqlite3"))
    wanted = max(LEAST_FREE, BACKUP_ROOM * stored)
    level = OK if free >= wanted else PROBLEM
    advice = "" if level == OK else f"Make room: {wanted / 2**30:.1f} GB should be free."
    yield Finding(level, f"{free / 2**30:.1f} GB are free at {folder}.", advice)


def check_backup() -> Iterator[Finding]:
    """Check that the last backup is of last night."""
    backups = list((Path(settings.VAR_DIR) / "backups").glob("*.backup"))
    if not backups:
        advice = "Run ./kb manage backup, and enable tech7kb-backup.timer."
        yield Finding(WARNING, f"There is no backup in {settings.VAR_DIR}/backups.", advice)
        return
    hours = (time.time() - max(path.stat().st_mtime for path in backups)) / 3600
    level = OK if hours <= BACKUP_HOURS else PROBLEM
    advice = "" if level == OK else "Find out why: systemctl status tech7kb-backup."
    yield Finding(level, f"The last backup is {hours:.0f} hours old.", advice)


def check_public_address() -> Iterator[Finding]:
    """Check that readers get answers at SITE_URL, over a good certificate, at the right time."""
    address = settings.SITE_URL
    try:
        status, headers, _body = get(f"{address}/readyz")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        yield Finding(PROBLEM, f"{address} does not answer: {reason}", "Check DNS, proxy, service.")
        return
    if status != 200:
        yield Finding(PROBLEM, f"{address}/readyz answers {status}.", "Look at the log.")
        return
    yield Finding(OK, f"{address} answers.")
    if headers.get("Date"):
        skew = parsedate_to_datetime(headers["Date"]).timestamp() - time.time()
        yield from _compared(address, skew)
    if settings.TLS:
        yield _certificate_finding(address)
    yield from _proxy_findings(address)


def _compared(name: str, skew: float) -> Iterator[Finding]:
    if abs(skew) > SKEW:
        what = f"The clock of {name} differs by {skew:+.0f} s."
        yield Finding(PROBLEM, what, "Synchronise the clocks: codes of second steps need it.")


def _certificate_finding(address: str) -> Finding:
    """Look at the certificate of the public address."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 443
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        ends: Any = (secured.getpeercert() or {})["notAfter"]
    days = (ssl.cert_time_to_seconds(ends) - time.time()) / 86400
    level = OK if days >= CERTIFICATE_DAYS else WARNING
    return Finding(
        level, f"The certificate is good for {days:.0f} days.", "" if level == OK else "Renew it."
    )


def _proxy_findings(address: str) -> Iterator[Finding]:
    """Send every forged header that names a client, and ask the site what came through."""
    forged = {
        "Forwarded": f"for={FORGED[0]};proto=gopher",
        "X-Forwarded-For": FORGED[1],
        "X_Forwarded_For": FORGED[2],
        PROBE: signing.dumps("who am I", salt=PROBE),
    }
    status, _headers, body = get(f"{address}/livez", forged)
    try:
        seen = json.loads(body)
    except ValueError:
        advice = "Is SECRET_KEY the one that the site runs with?"
        yield Finding(WARNING, f"/livez answers {status} and not how it is asked.", advice)
        return
    told = f"The site sees the address {seen['address']} and the scheme {seen['scheme']}"
    if seen["address"] in FORGED or seen["scheme"] == "gopher":
        advice = "Let the proxy overwrite Forwarded, or set TRUSTED_PROXIES=0."
        yield Finding(PROBLEM, f"{told}, which this check made up.", advice)
    elif seen["scheme"] != urlsplit(address).scheme:
        advice = "Let the proxy write proto= into Forwarded, and set TRUSTED_PROXIES."
        yield Finding(PROBLEM, f"{told}.", advice)
    elif settings.TLS and not settings.TRUSTED_PROXIES:
        advice = "Behind a proxy set TRUSTED_PROXIES: else all visitors count as one."
        yield Finding(WARNING, f"{told}.", advice)
    else:
        yield Finding(OK, f"{told}; forged headers did not come through.")


def told_to_doctor(request: HttpRequest) -> dict | None:
    """Return how the site sees a request that asks so with a good signature, else None."""
    try:
        signing.loads(request.headers.get(PROBE, ""), salt=PROBE, max_age=PROBE_SECONDS)
    except signing.BadSignature:
        return None
    return {"address": client_address(request), "scheme": request.scheme}


class _Stay(HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_arguments):
        return None


def get(address: str, headers: dict[str, str] | None = None) -> tuple[int, Any, bytes]:
    """Ask an address of the site; raises OSError. Returns status, headers and body."""
    request = Request(address, headers={"User-Agent": "kb doctor"} | (headers or {}))  # noqa: S310
    try:
        with build_opener(_Stay).open(request, timeout=SECONDS) as answer:
            return answer.status, answer.headers, answer.read(10_000)
    except HTTPError as error:
        return error.code, error.headers, error.read(10_000)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_settings,
    check_database,
    check_files,
    check_disk,
    check_backup,
    check_public_address,
)
