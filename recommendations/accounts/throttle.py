"""Limits on failed sign-ins, counted in the database so that all processes share them.

django-axes calls the handler around each attempt. Its own handlers know one limit for all cases,
and count a failure after checking it, so that simultaneous guesses pass.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from axes.handlers.base import AxesHandler
from axes.helpers import get_client_username
from axes.models import AccessFailureLog, AccessLog
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

log = logging.getLogger("security")

FAILURES_KEPT = timedelta(days=1)
ADDRESSES_KEPT = timedelta(days=90)
CLOCK_SKEW = timedelta(minutes=1)  # between machines; a later failure was written by a wrong clock


@dataclass(frozen=True)
class Limit:
    """So many failures within a window; then attempts wait until the oldest leaves it."""

    failures: int
    window: timedelta

    def wait(self, failures: QuerySet) -> float:
        """Return how many seconds these failures make the next attempt wait."""
        now = timezone.now()
        recent = failures.filter(attempt_time__range=(now - self.window, now + CLOCK_SKEW))
        times = recent.order_by("-attempt_time").values_list("attempt_time", flat=True)
        oldest = times[self.failures - 1 : self.failures]
        return max(((time + self.window - now).total_seconds() for time in oldest), default=0)


NAME_AT_ADDRESS = Limit(5, timedelta(minutes=15))
# For addresses where the account never signed in: strangers who reach it shut out other strangers,
# not the editor at a known address.
NAME_ELSEWHERE = Limit(20, timedelta(hours=1))
ADDRESS = Limit(50, timedelta(hours=1))


def seconds_to_wait(
    request: HttpRequest, credentials: dict | None, without: int | None = None
) -> int:
    """Return how long an attempt has to wait, not counting the failure with this primary key."""
    name, address = get_client_username(request, credentials), request.axes_ip_address
    failures = AccessFailureLog.objects.exclude(pk=without)
    here, of_name = failures.filter(ip_address=address), failures.filter(username=name)
    known = AccessLog.objects.filter(username=name).exclude(ip_address=None).values("ip_address")
    waits = [NAME_AT_ADDRESS.wait(here & of_name), ADDRESS.wait(here)]
    if not known.filter(ip_address=address).exists():
        waits.append(NAME_ELSEWHERE.wait(of_name.exclude(ip_address__in=known)))
    return ceil(max(waits))


class Throttle(AxesHandler):
    """Counts attempts by name and address, and stores nothing else that was typed."""

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        """Tell whether an attempt has to wait; if not, it counts as failed until it succeeds.

        It is stored before it is checked again, so that simultaneous attempts see each other.
        """
        if seconds_to_wait(request, credentials):
            return True
        attempt = AccessFailureLog.objects.create(**described(request, credentials))
        if seconds_to_wait(request, credentials, without=attempt.pk):
            attempt.delete()
            return True
        request.counted_attempt = attempt
        return False

    def user_login_failed(
        self, sender, credentials: dict, request: HttpRequest | None = None, **kwargs
    ) -> None:
        """Lock after the last failure allowed, and log that once.

        The log leaves out the name, because people type passwords there by mistake.
        """
        if request is None:
            return
        request.axes_credentials = credentials
        if not request.axes_locked_out and seconds_to_wait(request, credentials):
            request.axes_locked_out = True
            seen = {"event": "too many guesses", "address": request.axes_ip_address}
            log.warning("Too many failed sign-ins from %s.", request.axes_ip_address, extra=seen)

    def user_logged_in(self, sender, request: HttpRequest, user, **kwargs) -> None:
        """Remember the address, forget the failures there, and delete old records."""
        now, here = timezone.now(), described(request, {"username": user.get_username()})
        AccessFailureLog.objects.filter(attempt_time__lt=now - FAILURES_KEPT).delete()
        AccessLog.objects.filter(attempt_time__lt=now - ADDRESSES_KEPT).delete()
        failures = AccessFailureLog.objects.filter(username=here["username"])
        request.failures_before = failures.count()
        failures.filter(ip_address=here["ip_address"]).delete()
        AccessLog.objects.create(**here)


def described(request: HttpRequest, credentials: dict | None) -> dict:
    """Return what is stored about an attempt."""
    return {
        "username": get_client_username(request, credentials),
        "ip_address": request.axes_ip_address,
        "user_agent": request.axes_user_agent,
        "http_accept": "",
        "path_info": request.axes_path_info,
    }


def attempt_succeeded(request: HttpRequest) -> None:
    """Take back that an attempt counted as failed."""
    request.counted_attempt.delete()


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: dict | None
) -> HttpResponse:
    """Answer an attempt that has to wait (RFC 6585, section 4)."""
    seconds = max(1, seconds_to_wait(request, credentials))
    answer = render(request, "account/locked_out.html", {"minutes": ceil(seconds / 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
