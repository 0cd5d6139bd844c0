"""When the database or the disk fails, readers get what is kept or 503, editors are told; a fault
of ours stays 500.
"""

import errno
import sqlite3
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import (
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from factories import make_published, make_source, republish

from recommendations.models import ContentVersion, Recommendation
from recommendations.operations import circuit_breaker, database_outages, page_cache
from recommendations.operations.database_outages import is_outage

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AWAY = OperationalError("sample: connection refused")


@pytest.fixture(autouse=True)
def _nothing_left_out(monkeypatch):
    """Let no test hear of the databases that fail in another."""
    monkeypatch.setattr(circuit_breaker, "_open_until", {})


@pytest.fixture
def reader():
    """Read as from a server: what no view answers becomes an answer, not an exception in
    the test.
    """
    return Client(raise_request_exception=False)


@pytest.fixture
def editor(reader):
    reader.force_login(User.objects.create_superuser("sample-admin", password="sample-pass-phrase"))
    return reader


def failing(error: Exception):
    """Make something that raises whatever it is asked."""

    def fail(*args, **kwargs):
        raise error

    return fail


def caused(error: Error, cause: Exception) -> Error:
    """Return an error as Django makes it of a driver's."""
    error.__cause__ = cause
    return error


def of_sqlite(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("sample")
    cause.sqlite_errorcode = code
    return caused(OperationalError("sample"), cause)


OUTAGES = {
    "away": AWAY,
    "locked": of_sqlite(sqlite3.SQLITE_BUSY),
    "read-only": of_sqlite(sqlite3.SQLITE_READONLY),
    "moved": of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED),
    "full": of_sqlite(sqlite3.SQLITE_FULL),
    "read-only PostgreSQL": caused(
        InternalError("sample"), psycopg.errors.ReadOnlySqlTransaction()
    ),
    "a closed connection": InterfaceError("sample: connection already closed"),
    "no space": OSError(errno.ENOSPC, "sample"),
}
OURS = {
    "a wrong statement on SQLite": of_sqlite(sqlite3.SQLITE_ERROR),
    "a wrong statement": ProgrammingError("sample"),
    "a rule": IntegrityError("sample"),
    "a value": DataError("sample"),
    "another internal error": caused(InternalError("sample"), psycopg.errors.InternalError_()),
    "another error of files": OSError(errno.ENOENT, "sample"),
    "another error": ValueError("sample"),
}


@pytest.mark.parametrize("error", OUTAGES.values(), ids=OUTAGES)
def test_an_outage_is_answered_503(reader, monkeypatch, error):
    monkeypatch.setattr(ContentVersion, "now", failing(error))
    answer = reader.get("/recommendations/")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (
        503,
        "5",
        "no-store",
    )
    assert "The site is back in a moment" in answer.content.decode()


@pytest.mark.parametrize("error", OURS.values(), ids=OURS)
def test_a_fault_of_this_program_stays_500(reader, monkeypatch, error):
    monkeypatch.setattr(ContentVersion, "now", failing(error))
    answer = reader.get("/recommendations/")
    assert (answer.status_code, "Something broke on our side" in answer.content.decode()) == (
        500,
        True,
    )


@pytest.mark.parametrize(
    ("path", "media_type", "says"),
    [
        (
            "/recommendations.json",
            "application/problem+json",
            '"detail": "The site cannot answer at the moment. Try',
        ),
        ("/PARIS-2025.txt", "application/problem+json", '"status": 503'),
        (
            "/sitemap.xml",
            "text/plain; charset=utf-8",
            "The site cannot answer at the moment. Try again in 5 seconds.\n",
        ),
        (
            "/PARIS-2025-4",
            "text/html; charset=utf-8",
            '<a href="/PARIS-2025-4">Load this page again</a>',
        ),
    ],
)
def test_an_outage_is_told_in_the_language_of_who_asks(reader, monkeypatch, path, media_type, says):
    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", failing(AWAY))
    answer = reader.get(path)
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (
        503,
        media_type,
        "5",
    )
    assert says in answer.content.decode()


def test_a_kept_page_is_answered_while_the_database_is_away(reader, monkeypatch):
    kept = reader.get("/PARIS-2025-4")
    monkeypatch.setattr(ContentVersion, "now", failing(AWAY))
    monkeypatch.setattr(page_cache.seen, "moment", page_cache.seen.moment - 90)
    answer = reader.get("/PARIS-2025-4")
    assert (answer.status_code, answer.content, answer["ETag"]) == (200, kept.content, kept["ETag"])
    assert (answer["Age"], "Age" in kept) == ("90", False)
    assert reader.get("/PARIS-2025-5").status_code == 503


def test_what_another_appearance_keeps_is_not_answered(reader, monkeypatch):
    reader.get("/PARIS-2025-4")
    monkeypatch.setattr(ContentVersion, "now", failing(AWAY))
    reader.cookies["appearance"] = "dark"
    assert reader.get("/PARIS-2025-4").status_code == 503


def test_readers_do_not_wait_again_for_a_database_that_failed_just_now(reader, monkeypatch):
    asked = []
    monkeypatch.setattr(ContentVersion, "now", lambda: asked.append(1) or failing(AWAY)())
    assert [reader.get("/about/").status_code for _ in range(5)] == [503] * 5
    assert len(asked) == 1


def test_a_page_made_while_the_database_failed_is_neither_answered_nor_kept(reader, monkeypatch):
    def swallowing(request, *args, **kwargs):
        try:
            Recommendation.objects.raw("SELECT sample FROM nowhere")[0]
        except Error:
            return HttpResponse("No recommendations")

    middleware = page_cache.page_cache_middleware(swallowing)
    request = RequestFactory().get("/recommendations/")
    with pytest.raises(OperationalError, match="while the page was made"):
        middleware(request)


def test_an_editor_is_told_that_nothing_was_saved_and_can_send_it_again(editor, monkeypatch):
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", failing(AWAY))
    said = {"label": 'Sample "label"', "definition": "Sample\r\n<b>text</b>", "themes": ["a", "b"]}
    answer = editor.post("/admin/recommendations/theme/add/?_popup=1", said)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Nothing was saved" in page
    assert (
        '<form class="flow" action="/admin/recommendations/theme/add/?_popup=1" method="post">'
        in page
    )
    assert '<input type="hidden" name="label" value="Sample &quot;label&quot;">' in page
    assert 'value="Sample\r\n&lt;b&gt;text&lt;/b&gt;"' in page
    assert page.count('name="themes"') == 2


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/accounts/login/", {"login": "sample-admin", "password": "sample-pass-phrase"}),
        (
            "/admin/recommendations/intake/add/",
            {"file": SimpleUploadedFile("sample.txt", b"Sample")},
        ),
        ("/admin/", {f"field{number}": "x" for number in range(1500)}),
    ],
    ids=["signing in", "a file", "more fields than are read"],
)
def test_what_cannot_be_sent_again_is_not_offered(editor, monkeypatch, path, said):
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", failing(AWAY))
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.exists", failing(AWAY))
    answer = editor.post(path, said)
    page = answer.content.decode()
    assert (answer.status_code, "Nothing was saved" in page, "<form" in page) == (503, True, False)
    assert "sample-pass-phrase" not in page


def test_a_session_that_cannot_be_stored_is_an_outage_and_no_bad_request(editor, monkeypatch):
    assert editor.get("/admin/").status_code == 200
    session = editor.session
    session["desk.seen"] -= 400
    session.save()
    monkeypatch.setattr("django.contrib.sessions.models.Session.save", failing(AWAY))
    assert editor.get("/admin/").status_code == 503


def test_the_processes_health_is_told_while_the_database_is_away(reader, monkeypatch):
    monkeypatch.setattr(
        "recommendations.views.site.MigrationExecutor", failing(InterfaceError("sample"))
    )
    assert (reader.get("/livez").status_code, reader.get("/readyz").content) == (
        200,
        b"database unreachable\n",
    )


# --- Limits and clocks -----------------------------------------------------


def limited(monkeypatch, engine: str, **options) -> dict:
    database = {
        "ENGINE": f"django.db.backends.{engine}",
        "NAME": "/sample folder/site.sqlite3",
        "OPTIONS": options,
    }
    monkeypatch.setattr(database_outages.connections, "settings", {"default": database})
    monkeypatch.setattr(
        database_outages.connection_created, "connect", lambda *args, **kwargs: None
    )
    database_outages.limit_waiting()
    return database


def test_a_process_that_serves_limits_statements_and_locks_on_postgresql(monkeypatch):
    database = limited(monkeypatch, "postgresql", options="-c lock_timeout=5s")
    assert database["OPTIONS"]["options"] == (
        "-c statement_timeout=15s -c idle_in_transaction_session_timeout=30s -c lock_timeout=5s"
    )


def test_a_process_that_serves_waits_little_for_sqlite_and_makes_no_empty_database(monkeypatch):
    database = limited(monkeypatch, "sqlite3", timeout=20)
    assert database["NAME"] == "file:///sample%20folder/site.sqlite3?mode=rw"
    assert database["OPTIONS"]["timeout"] == 5


def test_each_wait_for_postgresql_is_bounded_and_the_question_of_every_reader_more_so():
    class Connection:
        vendor = "postgresql"
        connection = type("Made", (), {"wait": staticmethod(lambda steps, timeout: timeout)})()

    database_outages.give_up_silent(Connection)
    wait = Connection.connection.wait
    with database_outages.short_timeout():
        assert wait("steps") == 3
    assert (wait("steps"), wait("steps", timeout=1)) == (20, 1)


def test_a_migration_that_would_make_readers_wait_gives_up_and_says_so(monkeypatch):
    busy = caused(
        OperationalError("canceling statement due to lock timeout"),
        psycopg.errors.LockNotAvailable(),
    )
    monkeypatch.setattr("recommendations.management.commands.prepare.call_command", failing(busy))
    with pytest.raises(
        CommandError, match="too busy to be migrated, and is as it was: try again in a minute"
    ):
        call_command("prepare")


@pytest.mark.parametrize(
    "jump", [timedelta(days=-400), timedelta(days=400)], ids=["back", "forward"]
)
def test_a_clock_that_jumps_stops_neither_readers_nor_publishing(reader, monkeypatch, jump):
    reader.get("/PARIS-2025-4")
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + jump)
    entry = make_published(make_source(), title="Take timely sample action")
    republish(Recommendation.objects.get(pk=entry.pk), "Sample correction.")
    assert [version.number for version in entry.versions.order_by("number")] == [1, 2]
    assert reader.get(f"/{entry.code}").status_code == 200
    assert reader.get("/recommendations.json").status_code == 200
    assert reader.get("/recommendations.atom").status_code == 200
    assert datetime.now(UTC) - now < timedelta(hours=1)


def test_no_error_is_no_outage():
    assert is_outage(None) is False
