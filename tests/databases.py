"""One migrated database is made in each run of the tests, and every process gets a copy of it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases

TEMPLATE = "test_template"


@contextmanager
def copy_of_template(folder: Path, process: str) -> Iterator[None]:
    """Let this process use a copy of the template, which the first that asks for one makes.

    All processes of a run name the same folder. The last of them drops the template.
    """
    template = str(folder / f"{TEMPLATE}.sqlite3") if connection.vendor == "sqlite" else TEMPLATE
    with _locked(folder):
        if not list(folder.glob("*.user")):
            _make_template(template)
        (folder / f"{process}.user").touch()
        connection.settings_dict["NAME"] = template
        connection.creation.clone_test_db(process, verbosity=0)
    connection.settings_dict.update(connection.creation.get_test_db_clone_settings(process))
    yield
    _end_other_connections()
    with _locked(folder):
        connection.creation.destroy_test_db(old_database_name=template, verbosity=0)
        (folder / f"{process}.user").unlink()
        if not list(folder.glob("*.user")):
            connection.creation.destroy_test_db(verbosity=0)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep the other processes of this run out."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_template(name: str) -> None:
    """Migrate a new database, load the Paris declaration, and leave no connection open."""
    connection.settings_dict["TEST"]["NAME"] = name
    setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    fixture = settings.BASE_DIR / "fixtures" / "paris-2025"
    call_command("loaddeclaration", str(fixture), verbosity=0)
    connection.close()


def _end_other_connections() -> None:
    """End what server threads may hold open, because PostgreSQL drops no database in use."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
