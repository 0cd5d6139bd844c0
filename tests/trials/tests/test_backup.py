"""The trial of backups at its smallest, and that it tells a backup that lost something from one
that did not.
"""

import random
import shutil

import pytest
from django.db import connection

from recommendations.operations.backup import create
from recommendations.operations.backup import restore as put_back
from tests.trials import backup
from tests.trials.parts import contents
from tests.trials.parts import restores as trial


@pytest.fixture(scope="module")
def made(django_db_setup, tmp_path_factory):
    """A backup and what it says of itself."""
    return create(tmp_path_factory.mktemp("made") / "sample.backup", connection.settings_dict)


@pytest.fixture
def restored(made, tmp_path):
    """The database that comes of it."""
    with trial.empty(connection.settings_dict, tmp_path, "trial") as database:
        trial.restore(made[0], database)
        yield database


def test_a_sound_restore_has_no_differences(made, restored):
    assert trial.differences(made[1], restored) == []


def test_a_row_that_was_lost_is_reported(made, restored):
    trial.change(
        restored,
        "DELETE FROM recommendations_themelabel WHERE id = (SELECT min(id) FROM "
        "recommendations_themelabel)",
    )
    labels = made[1]["rows"]["recommendations_themelabel"]
    assert trial.differences(made[1], restored) == [
        f"recommendations_themelabel has {labels - 1} rows, not {labels}"
    ]


def test_a_version_that_differs_is_reported(made, restored):
    differs = made[1] | {"sha256": "0" * 64}
    assert trial.differences(differs, restored) == ["sha256 of the restored database differs"]


def test_a_content_version_that_was_not_raised_is_reported(made, restored):
    number = made[1]["content_version"]
    trial.change(restored, f"UPDATE recommendations_contentversion SET number = {number}")
    assert trial.differences(made[1], restored) == ["the content version was not raised"]


def test_sessions_that_go_on_are_reported(made, restored):
    trial.change(restored, "INSERT INTO django_session VALUES ('key', 'data', '2099-01-01')")
    assert trial.differences(made[1], restored) == ["sessions of the copy go on"]


def test_a_sound_restore_is_like_the_site(restored):
    assert trial.unlike(connection.settings_dict, restored) == []


def test_a_rule_that_was_lost_is_reported(restored):
    table = " ON recommendations_citation" if connection.vendor == "postgresql" else ""
    trial.change(restored, f"DROP TRIGGER quote_stands_in_text_update{table}")
    [found] = trial.unlike(connection.settings_dict, restored)
    assert found.startswith("the restored database lacks ('trigger', ")


def test_numbers_that_come_a_second_time_are_reported(restored):
    begin = {
        "sqlite": "UPDATE sqlite_sequence SET seq = 0 WHERE name = 'recommendations_citation'",
        "postgresql": "SELECT setval('recommendations_citation_id_seq', 1, false)",
    }
    trial.change(restored, begin[connection.vendor])
    [found] = trial.unlike(connection.settings_dict, restored)
    assert (
        found.startswith("recommendations_citation"),
        found.endswith(" would count on from 0"),
    ) == (True, True)


def test_a_former_database_that_is_not_kept_or_not_the_same_is_reported(restored, tmp_path):
    before = contents.rows(restored)
    told = f"{backup.KEPT}{tmp_path / 'gone'}."
    assert backup.former("Restored.", restored, before) == [
        "the restore does not say where the former database is: Restored."
    ]
    assert backup.former(told, restored, before) == [
        f"there is no former database {tmp_path / 'gone'}"
    ]
    place = (
        restored["NAME"] if connection.vendor == "sqlite" else "the schema public of this database"
    )
    assert backup.former(f"{backup.KEPT}{place}.", restored, before) == []
    trial.change(restored)
    assert backup.former(f"{backup.KEPT}{place}.", restored, before) == [
        "auth_permission of the former database has other rows"
    ]


def test_a_restore_that_is_killed_between_two_transactions_is_reported(made, restored, monkeypatch):
    def torn(path, database, *, over_data):
        trial.change(database, "DELETE FROM recommendations_themelabel")
        put_back(path, database, over_data=over_data)

    monkeypatch.setattr(trial, "restore", torn)
    killed, found = trial.half_restored(made[0], restored, random.Random(1), 1)
    assert killed == 2
    assert "a restore killed halfway: recommendations_themelabel has rows of neither" in found


def test_a_backup_that_lacks_a_commit_is_reported(made, restored, tmp_path, monkeypatch):
    monkeypatch.setattr(trial, "create", lambda path, database: shutil.copyfile(made[0], path))
    assert trial.busy(tmp_path, restored) == [
        "of a commit a moment ago: auth_permission has other rows"
    ]


def test_an_acknowledged_write_that_is_not_there_is_reported():
    told = {"theme a": (lambda: 0, 0), "theme b": (lambda: 2, 0), "theme c": (lambda: 1, 1)}
    asked = {"theme a": [1], "theme b": [1, 2], "theme c": [1, 2]}
    assert backup.lost(told, asked) == [
        "theme a is 0, and was acknowledged as 1",
        "theme c is 1, and was acknowledged as 2",
    ]


def test_what_takes_damaged_backups_is_reported(made, restored, monkeypatch):
    assert trial.taken(made[0], restored, random.Random(1)) == (12, [])
    monkeypatch.setattr(trial, "restore", lambda *_path, **_options: None)
    _tried, found = trial.taken(made[0], restored, random.Random(1))
    assert "a damaged backup was taken: the seal flipped at" in " ".join(found)


def test_a_refusal_that_changes_something_is_reported(made, restored, monkeypatch):
    refuse = trial.restore

    def sloppy(path, database, *, over_data):
        trial.change(database, "UPDATE recommendations_source SET title = title || ' '")
        refuse(path, database, over_data=over_data)

    monkeypatch.setattr(trial, "restore", sloppy)
    _tried, found = trial.taken(made[0], restored, random.Random(1))
    assert (
        len([each for each in found if each.startswith("a damaged backup changed the database: ")])
        == 12
    )
