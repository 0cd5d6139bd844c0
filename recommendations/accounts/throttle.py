"""How often somebody may guess. Failures are counted in the database, so every process counts the
same.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
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
SKEW = timedelta(
    minutes=1
)  # clocks of several machines differ; a failure further ahead was written by a wrong one


@dataclass(frozen=True)
class Limit:
    """So many failures within so long; the next guess waits until the oldest of them has left the
    window.
    """

    failures: int
    window: timedelta

    def free_at(self, failures: QuerySet, now: datetime) -> datetime:
        """Return when these failures allow the next guess: now, or later."""
        recent = failures.filter(attempt_time__range=(now - self.window, now + SKEW)).order_by(
            "-attempt_time"
        )
        moments = recent.values_list("attempt_time", flat=True)[self.failures - 1 : self.failures]
        return max((moment + self.window for moment in moments), default=now)


NAME_AT_ADDRESS = Limit(5, timedelta(minutes=15))
# Many addresses share this one. It does not hold where the account has signed in before, so a
# stranger who fills it shuts out other strangers, and not the editor at the usual desk.
NAME_ELSEWHERE = Limit(20, timedelta(hours=1))
ADDRESS = Limit(50, timedelta(hours=1))


def free_at(name: str, address: str | None, now: datetime, besides: int | None) -> datetime:
    """Return when this name may be tried from this address: now, or later. One row may be left out
    of the count.
    """
    failures = AccessFailureLog.objects.exclude(pk=besides)
    known = set(AccessLog.objects.filter(username=name).values_list("ip_address", flat=True)) - {
        None
    }
    moments = [
        NAME_AT_ADDRESS.free_at(failures.filter(username=name, ip_address=address), now),
        ADDRESS.free_at(failures.filter(ip_address=address), now),
    ]
    if address not in known:
        moments.append(
            NAME_ELSEWHERE.free_at(
                failures.filter(username=name).exclude(ip_address__in=known), now
            )
        )
    return max(moments)


class Throttle(AxesHandler):
    """What django-axes asks at each attempt; unlike its own handler, it stores only the name of
    what was typed.
    """

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        """Tell whether an attempt has to wait; if not, it counts as failed from now on, until it
        proves right.

        Each attempt is written down before it counts the others, so that many at once do not outrun
        the limit.
        """
        if seconds_to_wait(request, credentials):
            return True
        attempt = AccessFailureLog.objects.create(**facts(request, credentials))
        if seconds_to_wait(request, credentials, besides=attempt.pk):
            attempt.delete()
            return True
        request.counted_attempt = attempt
        return False

    def user_login_failed(
        self, sender, credentials: dict, request: HttpRequest | None = None, **kwargs
    ) -> None:
        """Shut the door after the last failure; a refused attempt is not counted, or a stranger
        could keep it shut.
        """
        if request is None:
            return
        request.axes_credentials = credentials
        if not request.axes_locked_out and seconds_to_wait(request, credentials):
            request.axes_locked_out = True
            # Said once. The name is left out: passwords are typed there by mistake.
            seen = {"event": "too many guesses", "address": request.axes_ip_address}
            log.warning("Too many failed sign-ins from %s.", request.axes_ip_address, extra=seen)

    def user_logged_in(self, sender, request: HttpRequest, user, **kwargs) -> None:
        """Remember the address, forgive the failures there, and forget what is old."""
        here = facts(request, {"username": user.get_username()})
        since = {"username": here["username"], "attempt_time__gt": timezone.now() - FAILURES_KEPT}
        request.failures_before = AccessFailureLog.objects.filter(**since).count()
        AccessFailureLog.objects.filter(
            username=here["username"], ip_address=here["ip_address"]
        ).delete()
        AccessLog.objects.create(**here)
        AccessFailureLog.objects.filter(attempt_time__lt=timezone.now() - FAILURES_KEPT).delete()
        AccessLog.objects.filter(attempt_time__lt=timezone.now() - ADDRESSES_KEPT).delete()

    def reset_attempts(self, *, ip_address=None, username=None, ip_or_username=False) -> int:
        """Forgive the failures of a name, of an address, or all; what `manage.py axes_reset…`
        calls.
        """
        wanted = {"ip_address": ip_address, "username": username}
        failures = AccessFailureLog.objects.filter(
            **{field: value for field, value in wanted.items() if value}
        )
        return failures.delete()[0]


def facts(request: HttpRequest, credentials: dict) -> dict:
    """Return what is stored of an attempt."""
    return {
        "username": get_client_username(request, credentials),
        "ip_address": request.axes_ip_address,
        "user_agent": request.axes_user_agent,
        "http_accept": "",
        "path_info": request.axes_path_info,
    }


def proved_right(request: HttpRequest) -> None:
    """Take back that an attempt counted as failed."""
    request.counted_attempt.delete()


def seconds_to_wait(
    request: HttpRequest, credentials: dict | None, besides: int | None = None
) -> int:
    """Return how long these credentials have to wait at this address; 0 if they need not."""
    now = timezone.now()
    name = get_client_username(request, credentials)
    return ceil((free_at(name, request.axes_ip_address, now, besides) - now).total_seconds())


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: dict | None
) -> HttpResponse:
    """Answer an attempt that has to wait (RFC 6585, section 4)."""
    seconds = max(1, seconds_to_wait(request, credentials))
    answer = render(request, "account/locked_out.html", {"minutes": ceil(seconds / 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
