"""A backup is the whole database in one proved file; what is not whole is refused before anything
is touched.
"""

import hashlib
import json
import sqlite3
import stat
import subprocess
import zipfile
from contextlib import closing
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from factories import make_published, make_source

from recommendations.models import ContentVersion
from recommendations.operations.backup import BackupError, back_up, postgresql, restore, sqlite
from recommendations.operations.backup.archive import SEAL, digest_of
from recommendations.operations.backup.fingerprint import renew
from recommendations.search import facets
from tests.trials.parts.contents import direct, rows
from tests.trials.parts.restores import RENEWED, empty

pytestmark = pytest.mark.both_databases

NOTHING = "Nothing was changed."
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
    path, _facts = back_up(tmp_path_factory.mktemp("backup") / "sample.zip", site_database)
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
    facts, former = restore(backup, other_database)
    assert rows(other_database, RENEWED) == rows(site_database, RENEWED)
    assert (facts.counts["recommendations_recommendation"], former) == (10, "")


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
    whole = backup.read_bytes()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert hashlib.sha256(whole[:-SEAL]).hexdigest().encode() == whole[-SEAL:]
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.namelist() == ["manifest.json", "dump"]
        assert hashlib.sha256(archive.read("dump")).hexdigest() == manifest["dump_sha256"]
    assert (manifest["engine"], manifest["counts"]["recommendations_version"]) == (
        connection.vendor,
        10,
    )


def test_the_secret_key_is_not_in_a_backup(backup, settings):
    with zipfile.ZipFile(backup) as archive:
        assert settings.SECRET_KEY.encode() not in b"".join(map(archive.read, archive.namelist()))


def test_nothing_but_the_backup_is_left_in_its_folder(backup):
    assert [path.name for path in backup.parent.iterdir()] == ["sample.zip"]


def test_a_restore_over_data_has_to_be_meant(untouched, backup):
    with pytest.raises(BackupError, match=r"^The database has data: say --yes to replace it; "):
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
        f"{other_database['NAME']}.before-"
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
    _path, facts = back_up(tmp_path / "again.zip", other_database)
    assert facts.counts["recommendations_recommendation"] == 10
    restore(tmp_path / "again.zip", other_database, over_data=True)


@pytest.mark.parametrize("given_out", [1, 10**17])
def test_no_content_version_comes_a_second_time(other_database, backup, given_out):
    restore(backup, other_database)
    run(other_database, f"UPDATE recommendations_contentversion SET number = {given_out}")
    restore(backup, other_database, over_data=True)
    assert number_of(other_database) > max(given_out, 10**15)


def test_a_restore_signs_everybody_out(other_database, backup, tmp_path):
    restore(backup, other_database)
    run(other_database, SESSION)
    back_up(tmp_path / "signed-in.zip", other_database)
    restore(tmp_path / "signed-in.zip", other_database, over_data=True)
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


@pytest.mark.django_db
def test_a_process_that_goes_on_shows_nothing_of_the_replaced_site(client):
    def execute(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    before = transaction.savepoint_create()
    entry = make_published(make_source(), title="Take lost action")
    assert entry.pk in facets.current().everything
    lost = client.get("/recommendations/?sort=newest&q=lost").content.decode()
    given_out = ContentVersion.now()
    transaction.savepoint_rollback(before)
    renew(execute, given_out)
    assert ContentVersion.now() > given_out
    assert sorted(facets.current().everything) == sorted(facets.build.build(0).everything)
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
    "date in the archive": flipped(11),
    "middle": flipped(30000),
    "seal": flipped(-1),
    "text": lambda whole: b"Sample text.\n" * 100,
    "picture": lambda whole: b"\x89PNG\r\n\x1a\n" + whole[:500],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_is_touched(untouched, backup, tmp_path, damage):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(BackupError) as refused:
        restore(bad, untouched, over_data=True)
    assert (
        str(refused.value) == f"{bad} is damaged, cut short, or no backup of this site. {NOTHING}"
    )


def resealed(path, to, dump=None, **changes):
    """Write a backup with another manifest or dump, and a seal that fits."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(to, "w") as other:
        manifest = json.loads(archive.read("manifest.json")) | changes
        other.writestr("manifest.json", json.dumps(manifest))
        other.writestr("dump", archive.read("dump") if dump is None else dump)
        other.comment = b"0" * SEAL
    to.write_bytes(to.read_bytes()[:-SEAL] + digest_of(to, but_last=SEAL).encode())
    return to


FOREIGN = {
    "another program's": ({"kind": "sample"}, "{path} is no backup of this site."),
    "a later format": (
        {"format": 2},
        "{path} was made by a newer release of this site: install that one first.",
    ),
    "a newer release": (
        {"migrations": [["recommendations", "9999_sample"]]},
        "{path} was made by a newer release (it has recommendations.9999_sample): install that "
        "one first.",
    ),
    "another database's": (
        {"engine": "sample"},
        "{path} holds a database of the kind sample, and DATABASE_URL names {kind}.",
    ),
    "another dump": (
        {"dump_sha256": "0" * 64},
        "{path} is damaged: its dump is not the one that it was made with.",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), FOREIGN.values(), ids=FOREIGN)
def test_a_backup_that_is_not_for_this_site_is_refused_with_the_reason(
    untouched, backup, tmp_path, changes, sentence
):
    path = resealed(backup, tmp_path / "other.zip", **changes)
    with pytest.raises(BackupError) as refused:
        restore(path, untouched, over_data=True)
    assert str(refused.value) == f"{sentence.format(path=path, kind=connection.vendor)} {NOTHING}"


def test_a_dump_that_does_not_hold_what_was_counted_is_refused(untouched, backup, tmp_path):
    with zipfile.ZipFile(backup) as archive:
        counts = json.loads(archive.read("manifest.json"))["counts"]
    path = resealed(backup, tmp_path / "other.zip", counts=counts | {"recommendations_version": 11})
    with pytest.raises(BackupError, match="not sound: it does not hold what was counted"):
        restore(path, untouched, over_data=True)


def test_a_zip_archive_of_somebody_else_is_no_backup(untouched, tmp_path):
    path = tmp_path / "foreign.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sample.txt", "Sample text.")
        archive.comment = b"0" * SEAL
    path.write_bytes(path.read_bytes()[:-SEAL] + digest_of(path, but_last=SEAL).encode())
    with pytest.raises(
        BackupError, match=r"foreign\.zip is no backup of this site\. Nothing was changed\.$"
    ):
        restore(path, untouched)


def test_a_backup_that_is_not_there_is_one_sentence(untouched, tmp_path):
    with pytest.raises(
        BackupError, match=r"^Cannot read .*/none\.zip: No such file or directory\. Nothing"
    ):
        restore(tmp_path / "none.zip", untouched)


def test_a_backup_replaces_no_file(site_database, backup):
    with pytest.raises(BackupError, match=r"sample\.zip is there already\.$"):
        back_up(backup, site_database)


def test_a_folder_that_is_not_there_is_one_sentence(site_database, tmp_path):
    with pytest.raises(
        BackupError, match=r"^Cannot write .*/none/sample\.zip: No such file or directory\.$"
    ):
        back_up(tmp_path / "none" / "sample.zip", site_database)


def test_a_copy_ends_although_others_write_at_every_step(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "STEP", 1)
    monkeypatch.setattr(sqlite, "PAUSE", 0)
    path, to = tmp_path / "busy.sqlite3", tmp_path / "copy.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("CREATE TABLE sample AS SELECT randomblob(100000) AS x, 0 AS written")
    steps = []

    class Disturbing(sqlite3.Connection):
        def backup(self, target, *, pages=-1, progress=None, **rest):
            def disturb(*state):
                writer.execute("UPDATE sample SET written = written + 1")
                progress(*state)

            steps.append(pages)
            super().backup(target, pages=pages, progress=disturb if progress else None, **rest)

    with (
        closing(writer),
        closing(Disturbing(path)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        sqlite.copied(source, target)
        assert (
            target.execute("SELECT * FROM sample").fetchall()
            == writer.execute("SELECT * FROM sample").fetchall()
        )
    assert steps == [1, -1]


def test_a_password_stands_on_no_command_line(monkeypatch):
    seen = []

    def program(command, *, env, **rest):
        seen.append((command, env))
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "Popen", program)
    settings = {
        "NAME": "sample",
        "USER": "kb",
        "PASSWORD": "sample-word",
        "HOST": "db",
        "PORT": 1,
        "OPTIONS": {},
    }
    with pytest.raises(
        BackupError, match=r"^pg_dump was not found: install PostgreSQL's client programs\.$"
    ):
        postgresql.Postgresql(settings).call("pg_dump", "--schema=public")
    ((command, environment),) = seen
    assert command == [
        "pg_dump",
        "--no-password",
        "--schema=public",
        "-U",
        "kb",
        "-h",
        "db",
        "-p",
        "1",
        "sample",
    ]
    assert environment["PGPASSWORD"] == "sample-word"


def test_the_commands_say_what_they_did(site_database, tmp_path, settings):
    told = StringIO()
    call_command("backup", str(tmp_path / "told.zip"), stdout=told)
    assert told.getvalue() == f"{tmp_path / 'told.zip'}: 10 entries, 10 versions; proved.\n"
    assert (settings.VAR_DIR / "last-backup").exists()
    with pytest.raises(CommandError, match="The database has data"):
        call_command("restore", str(tmp_path / "told.zip"))
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(tmp_path / "told.zip"))
