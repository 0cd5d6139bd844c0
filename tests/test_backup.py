"""A backup is the whole database in one proved file; what is not whole is refused before anything
is touched.
"""

import gzip
import hashlib
import json
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from factories import make_published, make_source

from recommendations.models import ContentVersion
from recommendations.operations.backup import BackupError, create, restore
from recommendations.operations.backup.archive import SEAL_LENGTH
from recommendations.operations.backup.fingerprint import renew
from recommendations.search import facets
from tests.trials.parts.contents import direct, rows
from tests.trials.parts.restores import RENEWED, empty

pytestmark = pytest.mark.both_databases

SESSION = (
    "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('sample', '', "
    "'2030-01-01')"
)


@pytest.fixture(scope="module")
def site_database(django_db_setup):
    """The database of the tests, as committed at their start."""
    return connection.settings_dict


@pytest.fixture
def other_database(site_database, tmp_path):
    """An empty database."""
    with empty(site_database, tmp_path, "other") as database:
        yield database


@pytest.fixture(scope="module")
def backup(site_database, tmp_path_factory):
    """A backup of the declaration of Paris."""
    path, _fingerprint = create(tmp_path_factory.mktemp("backup") / "sample.backup", site_database)
    return path


@pytest.fixture(scope="module")
def untouched(site_database, backup, tmp_path_factory):
    """A database with data, which must not change while backups are refused."""
    with empty(site_database, tmp_path_factory.mktemp("untouched"), "untouched") as database:
        restore(backup, database)
        before = everything(database)
        yield database
        assert everything(database) == before


def run(database, *statements):
    """Run statements, and return what the last one gives."""
    with closing(direct(database)) as connected:
        for statement in statements:
            found = connected.execute(statement)
        rows = found.fetchall() if found.description else []
        connected.commit()
    return rows


def everything(database):
    return rows(database, RENEWED), number_of(database)


def number_of(database):
    return run(database, "SELECT number FROM recommendations_contentversion")[0][0]


def test_a_restored_database_holds_every_row_of_the_one_backed_up(
    site_database, other_database, backup
):
    fingerprint, former = restore(backup, other_database)
    assert rows(other_database, RENEWED) == rows(site_database, RENEWED)
    assert (fingerprint["rows"]["recommendations_recommendation"], former) == (10, "")


def test_the_rules_of_the_database_hold_after_a_restore(other_database, backup):
    restore(backup, other_database)
    with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match="a version never changes"):
        run(other_database, "UPDATE recommendations_version SET reason = 'Sample.'")
    before = number_of(other_database)
    run(
        other_database,
        "UPDATE recommendations_source SET title = 'Sample' WHERE code = 'PARIS-2025'",
    )
    assert number_of(other_database) == before + 1


def test_only_its_owner_reads_a_backup_and_any_machine_can_check_it(backup):
    seal, manifest, packed = backup.read_bytes().split(b"\n", 2)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert hashlib.sha256(manifest + b"\n" + packed).hexdigest().encode() == seal
    assert json.loads(manifest)["fingerprint"]["rows"]["recommendations_version"] == 10
    beginning = {"sqlite": b"SQLite format 3\0", "postgresql": b"--\n-- PostgreSQL database"}
    assert gzip.decompress(packed).startswith(beginning[connection.vendor])


def test_the_secret_key_is_not_in_a_backup(backup, settings):
    packed = backup.read_bytes().split(b"\n", 2)[2]
    assert settings.SECRET_KEY.encode() not in gzip.decompress(packed)


def test_nothing_but_the_backup_is_left_in_its_folder(backup):
    assert [path.name for path in backup.parent.iterdir()] == ["sample.backup"]


def test_a_restore_over_data_has_to_be_meant(untouched, backup):
    with pytest.raises(BackupError, match=r"^The database has data: add --yes to replace it\.$"):
        restore(backup, untouched)


def test_the_former_database_is_kept_as_it_was(other_database, backup):
    restore(backup, other_database)
    run(
        other_database,
        "UPDATE recommendations_source SET title = 'Sample title' WHERE code = 'PARIS-2025'",
    )
    before = rows(other_database, RENEWED)
    _facts, former = restore(backup, other_database, over_data=True)
    assert former.startswith(
        f"{other_database['NAME']}.before_"
        if connection.vendor == "sqlite"
        else "the schema before_"
    )
    if connection.vendor == "sqlite":
        assert rows(other_database | {"NAME": former}, RENEWED) == before
        assert stat.S_IMODE((backup.parent / former).stat().st_mode) == 0o600
    else:
        schema = former.split()[2]
        title = f"SELECT title FROM {schema}.recommendations_source WHERE code = 'PARIS-2025'"
        assert run(other_database, title) == [("Sample title",)]
    assert rows(other_database, RENEWED) != before


def test_a_backup_after_a_restore_is_of_the_site_alone(other_database, backup, tmp_path):
    restore(backup, other_database)
    restore(backup, other_database, over_data=True)
    _path, fingerprint = create(tmp_path / "again.backup", other_database)
    assert fingerprint["rows"]["recommendations_recommendation"] == 10
    restore(tmp_path / "again.backup", other_database, over_data=True)


@pytest.mark.parametrize("given_out", [1, 10**17])
def test_no_content_version_comes_a_second_time(other_database, backup, given_out):
    restore(backup, other_database)
    run(other_database, f"UPDATE recommendations_contentversion SET number = {given_out}")
    restore(backup, other_database, over_data=True)
    assert number_of(other_database) > max(given_out, 10**15)


def test_a_restore_signs_everybody_out(other_database, backup, tmp_path):
    restore(backup, other_database)
    run(other_database, SESSION)
    create(tmp_path / "signed-in.backup", other_database)
    restore(tmp_path / "signed-in.backup", other_database, over_data=True)
    assert run(other_database, "SELECT count(*) FROM django_session") == [(0,)]


def test_a_connection_from_before_reads_what_was_restored(other_database, backup):
    restore(backup, other_database)
    with closing(direct(other_database)) as process:
        if connection.vendor == "postgresql":
            process.autocommit = True
        process.execute("UPDATE recommendations_source SET title = 'Sample title'")
        restore(backup, other_database, over_data=True)
        ((title,),) = process.execute(
            "SELECT title FROM recommendations_source WHERE code = 'PARIS-2025'"
        ).fetchall()
    assert title != "Sample title"


class Executing:
    """A cursor of Django that gives rows as a driver's connection does."""

    def __init__(self, cursor):
        self.cursor = cursor

    def execute(self, statement):
        self.cursor.execute(statement)
        return self.cursor.fetchall() if self.cursor.description else []


@pytest.mark.django_db
def test_a_process_that_goes_on_shows_nothing_of_the_replaced_site(client):
    before = transaction.savepoint_create()
    entry = make_published(make_source(), title="Take lost action")
    assert entry.pk in facets.current().published
    lost = client.get("/recommendations/?sort=newest&q=lost").content.decode()
    given_out = ContentVersion.now()
    transaction.savepoint_rollback(before)
    with connection.cursor() as cursor:
        renew(Executing(cursor), given_out)
    assert ContentVersion.now() > given_out
    assert sorted(facets.current().published) == sorted(facets.build.build(0).published)
    assert "Take <mark>lost</mark> action" in lost
    assert (
        "Take <mark>lost</mark> action"
        not in client.get("/recommendations/?sort=newest&q=lost").content.decode()
    )


def truncated(whole):
    return whole[: len(whole) * 2 // 3]


def flipped(place):
    """Return what changes one bit at a place."""

    def flip(whole):
        changed = bytearray(whole)
        changed[place] ^= 1
        return bytes(changed)

    return flip


DAMAGES = {
    "empty": lambda whole: b"",
    "cut short": truncated,
    "without its last byte": lambda whole: whole[:-1],
    "longer": lambda whole: whole + b"\n",
    "first byte": flipped(0),
    "end of the seal": flipped(SEAL_LENGTH - 1),
    "manifest": flipped(SEAL_LENGTH),
    "middle": flipped(30000),
    "last byte": flipped(-1),
    "text": lambda whole: b"Sample text.\n" * 100,
    "picture": lambda whole: b"\x89PNG\r\n\x1a\n" + whole[:500],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_is_touched(untouched, backup, tmp_path, damage):
    bad = tmp_path / "bad.backup"
    bad.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(BackupError) as refused:
        restore(bad, untouched, over_data=True)
    sentence = f"{bad} is damaged, incomplete or not a backup: use another file."
    assert str(refused.value) == sentence


def resealed(path, to, change):
    """Write a backup with another manifest, and a seal that fits."""
    _seal, manifest, packed = path.read_bytes().split(b"\n", 2)
    known = json.loads(manifest)
    change(known)
    sealed = json.dumps(known).encode() + b"\n" + packed
    to.write_bytes(hashlib.sha256(sealed).hexdigest().encode() + b"\n" + sealed)
    return to


def test_a_backup_for_another_kind_of_database_is_refused_with_the_reason(
    untouched, backup, tmp_path
):
    kind = "backup of TECH7 Recommendations, format 2, "
    path = resealed(
        backup, tmp_path / "other.backup", lambda known: known.update(kind=f"{kind}sample")
    )
    with pytest.raises(BackupError) as refused:
        restore(path, untouched, over_data=True)
    sentence = f"{path} is a {kind}sample: this site needs a {kind}{connection.vendor}."
    assert str(refused.value) == sentence


def test_a_backup_with_other_migrations_is_refused_with_what_to_do(untouched, backup, tmp_path):
    path = resealed(
        backup,
        tmp_path / "other.backup",
        lambda known: known["fingerprint"]["migrations"].append("recommendations.9999_sample"),
    )
    with pytest.raises(BackupError) as refused:
        restore(path, untouched, over_data=True)
    assert str(refused.value) == (
        f"{path} has the migration recommendations.9999_sample, which this release does not: "
        "restore it with the release that made it."
    )


@pytest.mark.parametrize(
    "change",
    [{"rows": {"recommendations_version": 11}}, {"sha256": "0" * 64}],
    ids=lambda change: next(iter(change)),
)
def test_a_dump_that_does_not_match_its_fingerprint_is_refused(untouched, backup, tmp_path, change):
    path = resealed(
        backup, tmp_path / "other.backup", lambda known: known["fingerprint"].update(change)
    )
    with pytest.raises(BackupError, match=r"^The backup is not sound: make or use another\.$"):
        restore(path, untouched, over_data=True)


def test_a_backup_that_is_not_there_is_one_sentence(untouched, tmp_path):
    with pytest.raises(BackupError, match=r"^Cannot restore .*/none\.backup: .* No such file"):
        restore(tmp_path / "none.backup", untouched)


def test_a_backup_replaces_no_file(site_database, backup):
    with pytest.raises(BackupError, match=r"sample\.backup already exists: choose another name\.$"):
        create(backup, site_database)


def test_a_folder_that_is_not_there_is_one_sentence(site_database, tmp_path):
    with pytest.raises(BackupError, match=r"^Cannot back up to .*: .* No such file"):
        create(tmp_path / "none" / "sample.backup", site_database)


def test_a_password_stands_on_no_command_line(other_database, backup, tmp_path, monkeypatch):
    if connection.vendor == "sqlite":  # which has no password
        return
    restore(backup, other_database)
    seen = []

    def program(command, *, env, **rest):
        seen.append((command, env["PGPASSWORD"]))
        raise FileNotFoundError(2, "No such file or directory", command[0])

    monkeypatch.setattr(subprocess, "run", program)
    settings = other_database | {"PASSWORD": other_database["PASSWORD"] or "sample-word"}
    with pytest.raises(BackupError, match=r"^Cannot back up to .*: .*'pg_dump'$"):
        create(tmp_path / "none.backup", settings)
    ((command, password),) = seen
    assert (command[0], password) == ("pg_dump", settings["PASSWORD"])
    assert password not in " ".join(command)


def test_of_several_hosts_a_dump_comes_from_the_one_that_accepts_writes(
    other_database, backup, tmp_path, monkeypatch
):
    if connection.vendor == "sqlite":  # which has no hosts
        return
    restore(backup, other_database)
    seen = []

    def program(command, *, env, **rest):
        seen.append(env["PGTARGETSESSIONATTRS"])
        raise FileNotFoundError(2, "No such file or directory", command[0])

    monkeypatch.setattr(subprocess, "run", program)
    options = other_database["OPTIONS"] | {"target_session_attrs": "read-write"}
    with pytest.raises(BackupError, match="pg_dump"):
        create(tmp_path / "none.backup", other_database | {"OPTIONS": options})
    assert seen == ["read-write"]


def test_the_commands_say_what_they_did(site_database, tmp_path):
    told, path = StringIO(), tmp_path / "told.backup"
    call_command("backup", str(path), stdout=told)
    assert told.getvalue() == f"Backed up 10 entries and 10 versions to {path}.\n"
    with pytest.raises(CommandError, match=r"^The database has data: .* Nothing was changed\.$"):
        call_command("restore", str(path))
    with pytest.raises(CommandError, match="already exists"):
        call_command("backup", str(path))


def test_a_failed_backup_ends_with_an_exit_code_and_a_message(tmp_path):
    place = tmp_path / "none" / "sample.backup"
    command = [sys.executable, "manage.py", "backup", str(place)]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"CommandError: Cannot back up to {place}: ")
    assert done.stderr.count("\n") == 1
