"""A clock that jumps by hours shuts nobody out, and lets nobody in for longer than before."""

from datetime import timedelta

import pytest
from axes.models import AccessFailureLog
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from factories import republish

from recommendations.accounts import sessions
from recommendations.models import Recommendation
from recommendations.operations import circuit_breaker, page_cache, security_log

pytestmark = pytest.mark.django_db
PASSWORD = "sample-pass-phrase"
HOURS = timedelta(hours=5)


@pytest.fixture
def editor():
    return User.objects.create_superuser("sample-signer", password=PASSWORD)


def sign_in(client, password=PASSWORD):
    return client.post("/accounts/login/", {"login": "sample-signer", "password": password})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def clock(monkeypatch):
    """Set the clock of sessions by so many hours; the database's own moments are moved by the
    tests.
    """
    true = sessions.time.time

    def jump(hours):
        monkeypatch.setattr(sessions.time, "time", lambda: true() + hours * 3600)

    return jump


def test_failures_that_a_wrong_clock_wrote_into_the_future_shut_nobody_out(client, editor):
    for _ in range(5):
        sign_in(client, password="x")
    assert sign_in(client).status_code == 429
    AccessFailureLog.objects.update(
        attempt_time=timezone.now() + HOURS
    )  # the clock was set right since
    assert sign_in(client).status_code == 302


def test_failures_that_another_machine_wrote_a_moment_ahead_count(client, editor):
    for _ in range(5):
        sign_in(client, password="x")
    AccessFailureLog.objects.update(attempt_time=timezone.now() + timedelta(seconds=30))
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 915 <= int(answer["Retry-After"]) <= 930


def test_a_clock_set_back_makes_no_session_longer(client, editor, clock):
    clock(5)
    sign_in(client)
    clock(0)
    assert client.get("/admin/").status_code == 200
    assert client.session[sessions.BEGAN] <= sessions.time.time()
    assert client.session[sessions.SEEN] <= sessions.time.time()
    clock(2.1)
    client.get("/admin/")
    assert not is_signed_in(client)


def test_a_clock_set_forward_ends_a_session_and_the_next_one_works(client, editor, clock):
    sign_in(client)
    clock(5)
    client.get("/admin/")
    assert not is_signed_in(client)
    assert sign_in(Client()).status_code == 302


@pytest.mark.parametrize("hours", [-5, 5])
def test_versions_keep_their_order_by_number_whatever_the_clock_says(hours, monkeypatch):
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    now = timezone.now()
    monkeypatch.setattr(
        "recommendations.editorial.publish.timezone.now", lambda: now + timedelta(hours=hours)
    )
    before = entry.versions.order_by("-number").first()
    version = republish(entry, "Sample reason")
    assert (version.number, version.previous_hash) == (before.number + 1, before.hash)
    assert version.published_at >= before.published_at


@pytest.mark.parametrize("hours", [-5, 5])
def test_what_is_waited_for_is_measured_by_the_clock_that_nobody_sets(clock, hours, monkeypatch):
    monkeypatch.setattr(circuit_breaker, "_open_until", {})
    page_cache.seen.now()
    bounded = security_log.RateLimitFilter()
    bounded.count(("sample", "sample"))
    with pytest.raises(circuit_breaker.CircuitOpen):
        circuit_breaker.call("The sample", fail, (OSError,), 60.0)
    clock(hours)
    assert page_cache.seen.age < 60
    assert bounded.count(("sample", "sample")) <= 2
    with pytest.raises(circuit_breaker.CircuitOpen) as away:
        circuit_breaker.call("The sample", fail, (OSError,), 60.0)
    assert away.value.__cause__ is None  # it was not asked again


def fail():
    raise OSError("sample")
