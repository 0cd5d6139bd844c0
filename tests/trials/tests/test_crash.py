"""The trial of kill -9 while editors work runs, finds nothing, and would find what is torn, not on
record or stale.
"""

import random
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.db import connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

from recommendations.editorial.audit import note
from recommendations.models import Recommendation
from tests.trials import crash
from tests.trials.parts import consistency, torn
from tests.trials.parts.cycle import Cycle, Step
from tests.trials.parts.desk import Answer
from tests.trials.parts.server import Sqlite

DONE = Answer(302, {"location": "/"}, b"")


@pytest.fixture
def file(_no_loop, monkeypatch, tmp_path, django_db_setup, django_db_blocker):
    """A small database of its own in a file, which the trial takes for the site's."""
    own = connection.settings_dict | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "small.sqlite3"),
    }
    made = connections["small"] = DatabaseWrapper(
        own | {"OPTIONS": {}, "CONN_MAX_AGE": 0}, alias="small"
    )
    monkeypatch.setattr(torn, "connection", made)
    monkeypatch.setattr(torn, "connections", SimpleNamespace(close_all=made.close))
    with django_db_blocker.unblock():
        write(made, "CREATE TABLE source (id)", "CREATE TABLE intake (id)")
        yield made
    made.close()
    del connections["small"]


def write(database, *statements):
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def accept(database, block):
    """A step that writes two tables, inside a block."""

    def send():
        with block:
            write(database, "INSERT INTO source VALUES (1)", "INSERT INTO intake VALUES (1)")
        return DONE

    return Step("make a declaration", send, {})


@pytest.mark.parametrize(("is_full", "kills"), [(True, 2), (False, 0)])
def test_a_step_in_one_transaction_is_not_torn(file, tmp_path, is_full, kills):
    trial = torn.Torn(Sqlite(tmp_path), is_full, [])
    assert trial.do(accept(file, transaction.atomic(using="small"))) == DONE
    assert (trial.tried, trial.faults) == (kills, [])


@pytest.mark.parametrize(("is_full", "kills"), [(True, 2), (False, 1)])
def test_a_step_in_two_transactions_is_reported_as_torn(file, tmp_path, is_full, kills):
    trial = torn.Torn(Sqlite(tmp_path), is_full, [])
    trial.do(accept(file, nullcontext()))
    told = "“make a declaration”, killed before its write 2, left source and not intake"
    assert (trial.tried, trial.faults) == (kills, [told])
    assert consistency_of(file) == [(1,)]


def consistency_of(database):
    """Return what the step left in the end."""
    with database.cursor() as cursor:
        return cursor.execute("SELECT id FROM intake").fetchall()


@pytest.mark.django_db
def test_an_act_that_is_not_on_record_is_expected_there():
    entry, desk = (
        Recommendation.objects.get(code="PARIS-2025-1"),
        SimpleNamespace(name="publisher-one"),
    )
    facts = Cycle(1, None, None).noted(desk, "withdraw", recommendation=entry.code)
    [(read, expected)] = facts.values()
    assert expected == [("withdraw", "publisher-one")]
    before = read()
    note("publisher-one", "withdraw", entry, None, None)
    assert read() == [*before, *expected]


def test_a_setting_that_loses_what_was_acknowledged_is_reported(monkeypatch):
    monkeypatch.setattr(torn, "limit_waiting", lambda: None)
    lax = {"PRAGMA synchronous": 0, "PRAGMA journal_mode": "memory", "PRAGMA foreign_keys": 1}
    monkeypatch.setattr(consistency, "rows", lambda question: [(lax.get(question, "off"),)])
    found = [fault.partition(",")[0] for fault in torn.settled()]
    assert (
        found
        == {
            "sqlite": ["PRAGMA synchronous tells 0", "PRAGMA journal_mode tells memory"],
            "postgresql": ["SHOW synchronous_commit tells off"],
        }[connection.vendor]
    )


@pytest.mark.django_db
def test_an_old_page_that_is_said_to_hold_is_reported(monkeypatch):
    class Reader:
        def __init__(self, port):
            self.port = port

        def get(self, path, **headers):
            listed = b"code\n" + b"x\n" * Recommendation.objects.count()
            return Answer(304 if headers else 200, {"etag": "the same"}, listed)

    monkeypatch.setattr(crash, "Desk", Reader)
    trial = crash.Trial(SimpleNamespace(port=1), random.Random(1))
    assert [*trial.read(), *trial.read()] == []
    monkeypatch.setattr(crash, "content_version", lambda: 10**9)
    found = list(trial.read())
    assert (len(found), found[0].startswith("/ of version "), found[0][-22:]) == (
        3,
        True,
        " in version 1000000000",
    )
