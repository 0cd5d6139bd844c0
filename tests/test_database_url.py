"""DATABASE_URL may name a primary and its standby, as libpq reads several hosts."""

import runpy

import psycopg
import pytest
from django.conf import settings

from recommendations.models import ContentVersion
from recommendations.search import facets


def database(monkeypatch, url):
    """Return what the settings make of an address."""
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    monkeypatch.setenv("DATABASE_URL", url)
    return runpy.run_path(str(settings.BASE_DIR / "tech7kb" / "settings.py"))["DATABASES"][
        "default"
    ]


@pytest.mark.parametrize(
    ("url", "hosts", "ports"),
    [
        ("postgresql://kb:hunter2@one,two/kb?target_session_attrs=read-write", "one,two", ""),
        (
            "postgresql://kb:hunter2@/kb?host=one,two&port=5432,5433"
            "&target_session_attrs=read-write",
            "one,two",
            "5432,5433",
        ),
    ],
)
def test_several_hosts_are_passed_through_to_libpq(monkeypatch, url, hosts, ports):
    made = database(monkeypatch, url)
    assert (made["HOST"], made["PORT"], made["PASSWORD"]) == (hosts, ports, "hunter2")
    assert made["OPTIONS"] == {
        "connect_timeout": 5,
        "options": "-c lock_timeout=5s",
        "target_session_attrs": "read-write",
    }
    assert psycopg.conninfo.make_conninfo(**made["OPTIONS"])  # libpq knows every option


def test_the_time_to_connect_may_be_set_in_the_address(monkeypatch):
    made = database(monkeypatch, "postgresql://kb@one,two/kb?connect_timeout=2")
    assert made["OPTIONS"]["connect_timeout"] == 2


@pytest.mark.django_db
def test_a_standby_behind_what_was_seen_shows_and_keeps_nothing_of_a_later_version(monkeypatch):
    number = facets.current().number
    monkeypatch.setattr(ContentVersion, "now", lambda: number - 1)
    assert facets.current().number == number - 1
    monkeypatch.undo()
    assert facets.current().number == number
