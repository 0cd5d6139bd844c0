"""The trial of backups at its smallest, and that it tells a backup that lost something from one that did not."""

import random
from dataclasses import asdict

import pytest
from django.db import connection
from smallest import finds_nothing

from recommendations.backing_up import back_up, envelope
from tests.trials import backup as trial


@pytest.fixture(scope="module")
def made(django_db_setup, tmp_path_factory):
    """A backup and what it says of itself."""
    path, facts = back_up(tmp_path_factory.mktemp("made") / "sample.zip", connection.settings_dict)
    return path, asdict(facts)


@pytest.fixture
def restored(made, tmp_path):
    """The database that comes of it."""
    with trial.empty(connection.settings_dict, tmp_path, "trial") as database:
        trial.restore(made[0], database)
        yield database


def change(database, statement):
    """Plant a defect."""
    connected = trial.direct(database)
    connected.execute(statement)
    connected.commit()
    connected.close()


def test_the_trial_finds_nothing_at_its_smallest():
    finds_nothing("backup", "--backups", "1")


def test_a_sound_restore_has_no_differences(made, restored):
    assert trial.differences(made[1], restored) == []


def test_a_row_that_was_lost_is_reported(made, restored):
    change(
        restored, "DELETE FROM recommendations_themelabel WHERE id = (SELECT min(id) FROM recommendations_themelabel)"
    )
    labels = made[1]["counts"]["recommendations_themelabel"]
    assert trial.differences(made[1], restored) == [f"recommendations_themelabel has {labels - 1} rows, not {labels}"]


def test_a_version_that_differs_is_reported(made, restored):
    differs = made[1] | {"digest": "0" * 64}
    assert trial.differences(differs, restored) == ["digest of the restored database differs"]


def test_a_content_version_that_was_not_raised_is_reported(made, restored):
    number = made[1]["content_version"]
    change(restored, f"UPDATE recommendations_contentversion SET number = {number}")
    assert trial.differences(made[1], restored) == ["the content version was not raised"]


def test_an_acknowledged_write_that_is_not_there_is_reported():
    told = {"theme a": (lambda: 0, 0), "theme b": (lambda: 2, 0), "theme c": (lambda: 1, 1)}
    asked = {"theme a": [1], "theme b": [1, 2], "theme c": [1, 2]}
    assert trial.lost(told, asked) == [
        "theme a is 0, and was acknowledged as 1",
        "theme c is 1, and was acknowledged as 2",
    ]


def test_what_takes_damaged_backups_is_reported(made, restored, monkeypatch):
    assert trial.taken(made[0], restored, random.Random(1)) == (12, [])
    monkeypatch.setattr(envelope, "last_bytes", lambda path: envelope.digest_of(path, but_last=envelope.SEAL).encode())
    _tried, found = trial.taken(made[0], restored, random.Random(1))
    assert "a damaged backup was taken: the seal flipped at" in " ".join(found)
    assert "a damaged backup changed the database" not in " ".join(found)


def test_a_refusal_that_changes_something_is_reported(made, restored, monkeypatch):
    refuse = trial.restore

    def sloppy(path, database, *, over_data):
        change(database, "UPDATE recommendations_source SET title = title || ' '")
        refuse(path, database, over_data=over_data)

    monkeypatch.setattr(trial, "restore", sloppy)
    _tried, found = trial.taken(made[0], restored, random.Random(1))
    assert len([each for each in found if each.startswith("a damaged backup changed the database: ")]) == 12
