"""`./kb doctor` finds what goes wrong in a site's life, and says what to do."""

import os
import re
import subprocess
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import OperationalError

from recommendations.operations import doctor
from recommendations.operations.doctor import OK, PROBE, PROBLEM, WARNING
from tests.environment_example import example
from tests.test_secret_files import anew

__all__ = ["anew"]
ROOT = Path(__file__).parent.parent


def levels(findings) -> list[str]:
    return [finding.level for finding in findings]


@pytest.fixture
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / "secret-key").touch(0o600)
    (tmp_path / "backups").mkdir()
    return tmp_path


def test_a_site_for_the_public_says_where_to_report_and_speaks_tls(settings):
    settings.DEBUG, settings.TLS, settings.CONTACT = True, False, ""
    assert levels(doctor.check_settings()) == [PROBLEM, WARNING, WARNING]
    settings.DEBUG, settings.TLS, settings.CONTACT = False, True, "security@kb.example"
    assert levels(doctor.check_settings()) == []


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_migrated_database_answers():
    assert levels(doctor.check_database()) == [OK]


@pytest.mark.django_db
def test_a_database_that_is_away_is_one_line(monkeypatch):
    def away(*_arguments):
        raise OperationalError("no answer\nfor details see elsewhere")

    monkeypatch.setattr(doctor, "MigrationExecutor", away)
    (finding,) = doctor.check_database()
    assert finding.level == PROBLEM
    assert finding.what == "The database does not answer: no answer"


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("pg_dump (PostgreSQL) 14.9", PROBLEM),
        ("pg_dump (PostgreSQL) 17.2 (Debian)", OK),
        (None, PROBLEM),
    ],
)
def test_a_pg_dump_older_than_the_server_is_found_before_the_first_backup(
    monkeypatch, tmp_path, said, level
):
    if said:
        program = tmp_path / "pg_dump"
        program.write_text(f"#!/bin/sh\necho '{said}'\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    assert doctor.pg_dump_finding(15).level == level


def test_a_file_that_others_may_read_is_named(folder):
    assert levels(doctor.check_files()) == [OK]
    journal = folder / "tech7kb.sqlite3-journal"
    journal.touch()
    journal.chmod(0o644)  # whatever the umask is
    (finding,) = doctor.check_files()
    assert finding.level == PROBLEM
    assert "tech7kb.sqlite3-journal" in finding.what


def test_a_disk_without_room_for_a_backup_is_told(folder, monkeypatch):
    usage = type("Usage", (), {"free": 2**32})
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage)
    assert levels(doctor.check_disk()) == [OK]
    usage.free = 2**20
    assert levels(doctor.check_disk()) == [PROBLEM]


def test_a_backup_that_is_missing_or_old_is_told(folder):
    assert levels(doctor.check_backup()) == [WARNING]
    backup = folder / "backups" / "tech7kb-20261130T023000Z.backup"
    backup.touch()
    assert levels(doctor.check_backup()) == [OK]
    before = time.time() - 37 * 3600
    os.utime(backup, (before, before))
    assert levels(doctor.check_backup()) == [PROBLEM]


@pytest.mark.django_db
def test_forged_headers_that_come_through_are_told(client, settings, monkeypatch):
    def get(address, headers=None):
        answer = client.get(address.removeprefix(settings.SITE_URL), headers=headers or {})
        return answer.status_code, {}, answer.content

    monkeypatch.setattr(doctor, "get", get)
    assert levels(doctor.check_public_address()) == [OK, OK]
    settings.TRUSTED_PROXIES = 1  # and none is there
    answers, forged = doctor.check_public_address()
    assert (answers.level, forged.level) == (OK, PROBLEM)
    assert "192.0.2.66 and the scheme gopher, which this check made up" in forged.what


def test_an_address_that_does_not_answer_is_told(settings):
    settings.SITE_URL = "http://127.0.0.1:9"
    assert levels(doctor.check_public_address()) == [PROBLEM]


def test_only_who_knows_the_secret_key_is_told_how_the_site_is_asked(client):
    for given in ("", "forged", signing.dumps("who am I", salt="another")):
        assert client.get("/livez", headers={PROBE: given}).content == b"ok\n"
    asked = {PROBE: signing.dumps("who am I", salt=PROBE)}
    assert client.get("/livez", headers=asked).json() == {"address": "127.0.0.1", "scheme": "http"}


@pytest.mark.django_db
def test_the_command_ends_with_an_error_where_there_is_a_problem(settings, folder):
    settings.SITE_URL, settings.DEBUG = "http://127.0.0.1:9", True
    said = StringIO()
    with pytest.raises(CommandError, match="2 problems to solve"):
        call_command("doctor", stdout=said)
    assert "problem  DEBUG is on. Unset DEBUG" in said.getvalue()


def test_the_example_environment_is_that_of_the_configuration_page():
    assert (ROOT / ".env.example").read_text() == example()


def test_the_environment_of_the_runbook_is_read_by_a_shell_as_it_is_meant(anew, tmp_path):
    (written,) = re.findall(
        r"```sh\n( +SITE_URL=.*?)```", (ROOT / "docs/operating.md").read_text(), re.S
    )
    (tmp_path / "environment").write_text(re.sub("^ +", "", written, flags=re.M))
    done = subprocess.run(
        ["/bin/sh", "-c", "set -a; . ./environment; env -0"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    read = dict(pair.split("=", 1) for pair in done.stdout.split("\0") if pair)
    lines = dict(line.strip().split("=", 1) for line in written.splitlines() if line.strip())
    assert {name: f"'{read[name]}'" for name in lines} == lines  # as systemd reads single quotes
    made = anew(**{name: read[name] for name in lines})
    assert made.SCANNER == ["clamdscan", "--no-summary", "-"]
    assert made.DATABASES["default"]["PASSWORD"] == "a@b:c/d$e&f"


def test_the_units_keep_what_is_written_to_its_owner_and_run_commands_that_exist():
    for name in ("tech7kb@.service", "tech7kb-backup.service"):
        unit = (ROOT / "docs" / "systemd" / name).read_text()
        assert "UMask=0077" in unit
        (command,) = re.findall(r"^ExecStart=\S+/kb (\w+)", unit, re.M)
        assert command in ("serve", "manage")


def test_the_container_runs_as_nobody_on_a_read_only_file_system():
    text = (ROOT / "compose.yaml").read_text()
    assert len(text.splitlines()) <= 40
    assert "    read_only: true\n    cap_drop: [ALL]\n" in text
    image = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER tech7kb$", image, re.M)
    for copied in re.findall(r"^COPY (\w+) \w+$", image, re.M):
        assert (ROOT / copied).is_dir()
